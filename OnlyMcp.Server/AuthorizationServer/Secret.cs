using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;

namespace OnlyMcp.Server.AuthorizationServers;

/// <summary>Texts that nobody can guess, and what is kept of them.</summary>
internal static class Secret
{
    /// <summary>A new one: 43 characters out of 256 random bits.</summary>
    public static string New() => Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(32));

    /// <summary>What stands in the store instead of it: whoever reads the store cannot use it.</summary>
    public static string HashOf(string text) => Base64Url.EncodeToString(SHA256.HashData(Encoding.UTF8.GetBytes(text)));

    /// <summary>Whether two texts are the same; takes as long for those that are not.</summary>
    public static bool AreSame(string one, string other) =>
        CryptographicOperations.FixedTimeEquals(Encoding.UTF8.GetBytes(one), Encoding.UTF8.GetBytes(other));
}
