using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;

namespace OnlyMcp.Protocol.Authorization;

/// <summary>Proof key for code exchange: who asks for the token shows that it was he who asked for the code.</summary>
/// <remarks>
/// RFC 7636.
/// Spec: 2026-07-28 basic/authorization/security-considerations §Authorization Code Protection
/// </remarks>
public static class Pkce
{
    /// <summary>The one method that is spoken here.</summary>
    public const string Method = "S256";

    /// <summary>A secret that is used once: 43 characters out of 256 random bits.</summary>
    public static string NewVerifier() => Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(32));

    /// <summary>What is shown of it beforehand.</summary>
    public static string ChallengeOf(string verifier)
    {
        ArgumentNullException.ThrowIfNull(verifier);
        return Base64Url.EncodeToString(SHA256.HashData(Encoding.ASCII.GetBytes(verifier)));
    }

    /// <summary>Whether a text can be a verifier: 43 to 128 unreserved characters.</summary>
    public static bool IsVerifier(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        return text.Length is >= 43 and <= 128 && text.All(letter => char.IsAsciiLetterOrDigit(letter) || letter is '-' or '.' or '_' or '~');
    }

    /// <summary>Whether a verifier is the one that a challenge was made of; takes as long for a wrong one as for a right one.</summary>
    public static bool Fits(string verifier, string challenge)
    {
        ArgumentNullException.ThrowIfNull(challenge);
        return IsVerifier(verifier)
            && CryptographicOperations.FixedTimeEquals(Encoding.UTF8.GetBytes(ChallengeOf(verifier)), Encoding.UTF8.GetBytes(challenge));
    }
}
