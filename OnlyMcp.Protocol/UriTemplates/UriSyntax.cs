using System.Buffers;

namespace OnlyMcp.Protocol.UriTemplates;

/// <summary>Which characters an address is made of (RFC 3986).</summary>
/// <remarks>
/// <para><see cref="Uri"/> is more lenient, and changes what it reads; resources are compared letter by letter.</para>
/// Spec: 2026-07-28 server/resources §Security Considerations
/// </remarks>
public static class UriSyntax
{
    private const string Alphanumeric = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";

    private static readonly SearchValues<char> Unreserved = SearchValues.Create(Alphanumeric + "-._~");
    private static readonly SearchValues<char> Reserved = SearchValues.Create(":/?#[]@!$&'()*+,;=");
    private static readonly SearchValues<char> Path = SearchValues.Create(Alphanumeric + "-._~%!$&'()*+,;=:@");
    private static readonly SearchValues<char> Scheme = SearchValues.Create(Alphanumeric + "+-.");
    private static readonly SearchValues<char> Any = SearchValues.Create(Alphanumeric + "-._~%:/?#[]@!$&'()*+,;=");

    /// <summary>Whether the text is an absolute address: a scheme, a colon, and nothing that would have to be encoded.</summary>
    public static bool IsAbsolute(string uri)
    {
        ArgumentNullException.ThrowIfNull(uri);
        var colon = uri.AsSpan().IndexOf(':');
        if (colon < 1 || !char.IsAsciiLetter(uri[0]) || uri.AsSpan(0, colon).ContainsAnyExcept(Scheme))
            return false;
        if (uri.AsSpan().ContainsAnyExcept(Any) || !AreTriplets(uri))
            return false;

        var fragment = uri.AsSpan().IndexOf('#');
        return (fragment < 0 || !uri.AsSpan(fragment + 1).Contains('#')) && BracketsStandInHost(uri.AsSpan(colon + 1));
    }

    internal static bool IsUnreserved(char character) => Unreserved.Contains(character);

    internal static bool IsReserved(char character) => Reserved.Contains(character);

    internal static bool IsPathCharacter(char character) => Path.Contains(character);

    internal static bool IsAllowed(char character) => Any.Contains(character);

    private static bool AreTriplets(string uri)
    {
        for (var i = uri.IndexOf('%', StringComparison.Ordinal); i >= 0; i = uri.IndexOf('%', i + 1))
        {
            if (!PercentCoding.IsTripletAt(uri, i))
                return false;
        }

        return true;
    }

    // Only an address of the sixth version of the internet protocol has them: //[::1]:80/
    private static bool BracketsStandInHost(ReadOnlySpan<char> rest)
    {
        if (!rest.ContainsAny('[', ']'))
            return true;
        if (!rest.StartsWith("//"))
            return false;

        var end = rest[2..].IndexOfAny('/', '?', '#');
        var authority = end < 0 ? rest[2..] : rest.Slice(2, end);
        return !rest[(2 + authority.Length)..].ContainsAny('[', ']')
            && authority.Count('[') == 1 && authority.Count(']') == 1 && authority.IndexOf('[') < authority.IndexOf(']');
    }
}
