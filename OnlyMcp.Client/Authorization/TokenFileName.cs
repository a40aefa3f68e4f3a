using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace OnlyMcp.Client.Authorization;

/// <summary>The names of files of tokens: digests, which are safe as names and tell nobody whose they are or where they are for.</summary>
internal static class TokenFileName
{
    /// <summary>What the name of every file of tokens begins with.</summary>
    public const string Tokens = "tokens-";

    /// <summary>What the name of every registration begins with.</summary>
    public const string Registrations = "client-";

    /// <summary>What all end with.</summary>
    public const string Extension = ".json";

    /// <summary>The file of those tokens.</summary>
    public static string Of(TokenKey key) =>
        $"{PrefixOf(key.Resource, key.Profile)}{Digest(key.Issuer, key.ClientId, key.Resource, key.Profile)}{Extension}";

    /// <summary>What the names of all tokens for a resource and profile begin with, whoever issued them.</summary>
    public static string PrefixOf(string resource, string profile) => $"{Tokens}{Digest(resource, profile)[..16]}-";

    /// <summary>The file of that registration.</summary>
    public static string OfRegistration(string issuer, string profile) => $"{Registrations}{Digest(issuer, profile)}{Extension}";

    /// <summary>Whether it is the name of a registration.</summary>
    public static bool IsRegistration(string name) => name.StartsWith(Registrations, StringComparison.Ordinal);

    private static string Digest(params string[] parts)
    {
        // With their lengths, so that no two lists of parts read alike.
        var text = string.Concat(parts.Select(part => string.Create(CultureInfo.InvariantCulture, $"{part.Length}:{part}")));
        return Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)));
    }
}
