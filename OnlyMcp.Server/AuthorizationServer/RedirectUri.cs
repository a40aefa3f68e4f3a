using OnlyMcp.Protocol.Authorization;

namespace OnlyMcp.Server.AuthorizationServers;

/// <summary>Where the answer of the authorization endpoint may go.</summary>
/// <remarks>
/// Spec: 2026-07-28 basic/authorization/security-considerations §Communication Security
/// Spec: 2026-07-28 basic/authorization/security-considerations §Open Redirection
/// </remarks>
internal static class RedirectUri
{
    private const int MostLetters = 2000;

    /// <summary>MUST: https, or a program of the person's own machine. Without a fragment, user information and what browsers read in their own way.</summary>
    public static bool IsAllowed(string text) =>
        text.Length <= MostLetters
        && !text.AsSpan().ContainsAnyExceptInRange('!', '~')
        && !text.AsSpan().ContainsAny("\\#*")
        && Uri.TryCreate(text, UriKind.Absolute, out var uri)
        && uri.UserInfo.Length == 0 && uri.Host.Length > 0
        && (uri.Scheme == Uri.UriSchemeHttps || (uri.Scheme == Uri.UriSchemeHttp && IsLoopback(uri)));

    /// <summary>
    /// MUST: whether an address is one that was registered, letter by letter. A program of the person's own machine cannot know its port
    /// beforehand (RFC 8252 §7.3): that may differ. Choice: for <c>localhost</c> too, which is how many of them register.
    /// </summary>
    public static bool IsRegistered(string asked, IReadOnlyList<string>? registered) =>
        IsAllowed(asked) && registered?.Any(known => known == asked || DifferInPortAlone(known, asked)) == true;

    /// <summary>Whether the answer goes to a program of the person's own machine.</summary>
    public static bool IsLoopback(Uri uri) => uri.Host is "localhost" or "127.0.0.1" or "[::1]";

    private static bool DifferInPortAlone(string known, string asked) =>
        WithoutPort(known) is { } address && address == WithoutPort(asked);

    /// <summary>The address of a program of this machine without its port; null for any other.</summary>
    private static string? WithoutPort(string text)
    {
        if (!Uri.TryCreate(text, UriKind.Absolute, out var uri) || uri.Scheme != Uri.UriSchemeHttp || !IsLoopback(uri))
            return null;

        // What comes after the authority is compared as it was written, and not as Uri would tidy it up.
        var start = text.IndexOf("://", StringComparison.Ordinal) + 3;
        var end = text.AsSpan(start).IndexOfAny('/', '?') is var at and >= 0 ? start + at : text.Length;
        return uri.Host + text[end..];
    }
}
