using System.Diagnostics.CodeAnalysis;
using System.Security.Cryptography;
using System.Text;

namespace OnlyMcp.Server.Modern;

/// <summary>Authenticated encryption of what leaves the server and comes back: AES-256 in Galois/Counter Mode.</summary>
/// <remarks>
/// Layout: version, length of the key's name, name, salt (16), nonce (12), content, tag (16). Each seal has a key of its own, derived from
/// the secret and the salt, so that no number of seals wears a secret out. Version, name and audience are authenticated with the content.
/// Spec: 2026-07-28 basic/patterns/mrtr §Security Considerations
/// </remarks>
internal static class Seal
{
    private const byte Version = 1;
    private const int SaltBytes = 16;
    private const int NonceBytes = 12;
    private const int TagBytes = 16;
    private const int KeyBytes = 32;

    /// <param name="content">What nobody else is to read or change.</param>
    /// <param name="key">Seals it.</param>
    /// <param name="audience">Who alone can open it, of all who have the key.</param>
    public static byte[] Close(ReadOnlySpan<byte> content, RequestStateKey key, string audience)
    {
        byte[] head = [Version, (byte)key.Id.Length, .. Encoding.ASCII.GetBytes(key.Id)];
        var whole = new byte[head.Length + SaltBytes + NonceBytes + content.Length + TagBytes];
        head.CopyTo(whole, 0);
        var rest = whole.AsSpan(head.Length);
        RandomNumberGenerator.Fill(rest[..(SaltBytes + NonceBytes)]);
        using var cipher = CipherOf(key, rest[..SaltBytes]);
        cipher.Encrypt(
            rest[SaltBytes..][..NonceBytes], content, rest[(SaltBytes + NonceBytes)..^TagBytes], rest[^TagBytes..], Bound(head, audience));
        return whole;
    }

    /// <summary>Opens what <see cref="Close"/> has sealed; else says why not, for a log.</summary>
    public static bool TryOpen(
        ReadOnlySpan<byte> whole,
        IRequestStateKeys keys,
        string audience,
        [NotNullWhen(true)] out byte[]? content,
        [NotNullWhen(false)] out string? reason)
    {
        content = null;
        var headLength = whole.Length > 2 ? 2 + whole[1] : 2;
        if (whole.Length < headLength + SaltBytes + NonceBytes + TagBytes || whole[0] != Version)
        {
            reason = "it is not of our making, or was cut off";
            return false;
        }

        var head = whole[..headLength].ToArray();
        var rest = whole[headLength..];
        if (keys.Find(Encoding.Latin1.GetString(head.AsSpan(2))) is not { } key)
        {
            reason = "its key is unknown";
            return false;
        }

        try
        {
            var hidden = rest[(SaltBytes + NonceBytes)..^TagBytes];
            content = new byte[hidden.Length];
            using var cipher = CipherOf(key, rest[..SaltBytes]);
            cipher.Decrypt(rest[SaltBytes..][..NonceBytes], hidden, rest[^TagBytes..], content, Bound(head, audience));
            reason = null;
            return true;
        }
        catch (AuthenticationTagMismatchException)
        {
            (content, reason) = (null, "it was changed, or sealed by or for somebody else");
            return false;
        }
    }

    private static AesGcm CipherOf(RequestStateKey key, ReadOnlySpan<byte> salt)
    {
        Span<byte> derived = stackalloc byte[KeyBytes];
        HKDF.DeriveKey(HashAlgorithmName.SHA256, key.Secret.Span, derived, salt, "OnlyMcp request state"u8);
        return new AesGcm(derived, TagBytes);
    }

    private static byte[] Bound(byte[] head, string audience) => [.. head, .. Encoding.UTF8.GetBytes(audience)];
}
