using System.Buffers;
using OnlyMcp.Server.Http;

namespace OnlyMcp.Server.Authorization;

/// <summary>The token that a request carries in its header, and the scheme it is sent with. No record: it would print the token.</summary>
/// <remarks>Spec: 2026-07-28 basic/authorization §Token Requirements</remarks>
internal readonly struct Credentials
{
    public const string Bearer = "Bearer";
    public const string Dpop = "DPoP";

    private const int MaxLength = 16 * 1024;

    private static readonly SearchValues<char> Letters =
        SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~+/");

    private Credentials(string scheme, string token)
    {
        Scheme = scheme;
        Token = token;
    }

    public string Scheme { get; }

    public string Token { get; }

    /// <summary>The request's credentials; null if it has none of a scheme that is taken here.</summary>
    /// <exception cref="FormatException">They are malformed; the words hold nothing of them.</exception>
    public static Credentials? Of(HttpExchange http)
    {
        // Two headers of this name reach us as one with a comma, which no token holds.
        // Gap: HttpListener keeps the last of several and hides the others, so that on McpHttpHost it is the one that counts.
        var found = http.Header("Authorization") is { } header ? Parse(header.Trim()) : null;

        // MUST NOT: a token in the query is none. Next to one in the header, somebody may have meant the other.
        if (found is not null && IsInQuery(http))
            throw new FormatException("The request carries a token in its query too, where none belongs.");
        return found;
    }

    /// <summary>Whether the query holds a token.</summary>
    public static bool IsInQuery(HttpExchange http)
    {
        foreach (var pair in http.Query.AsSpan().Split('&'))
        {
            var name = http.Query.AsSpan(pair);
            if (name.IndexOf('=') is >= 0 and var end)
                name = name[..end];
            if (name.SequenceEqual("access_token") || (name.Contains('%') && Uri.UnescapeDataString(name) == "access_token"))
                return true;
        }

        return false;
    }

    private static Credentials? Parse(string header)
    {
        var end = header.IndexOf(' ', StringComparison.Ordinal);
        var scheme = SchemeOf(end < 0 ? header : header.AsSpan(0, end));
        if (scheme is null)
            return null;

        var token = end < 0 ? "" : header[end..].Trim();
        return IsToken(token)
            ? new Credentials(scheme, token)
            : throw new FormatException($"The header Authorization holds '{scheme}' and one token, of at most {MaxLength} characters.");
    }

    private static string? SchemeOf(ReadOnlySpan<char> word) =>
        word.Equals(Bearer, StringComparison.OrdinalIgnoreCase) ? Bearer
        : word.Equals(Dpop, StringComparison.OrdinalIgnoreCase) ? Dpop
        : null;

    // RFC 6750 §2.1.
    private static bool IsToken(string token) =>
        token.Length is > 0 and <= MaxLength && token[0] != '=' && !token.AsSpan().TrimEnd('=').ContainsAnyExcept(Letters);
}
