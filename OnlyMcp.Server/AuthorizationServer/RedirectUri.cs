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

    // What browsers and systems have a meaning of their own for.
    private static readonly string[] NotOfPrograms =
    [
        "http", "https", "javascript", "data", "vbscript", "file", "blob", "about", "ftp", "ws", "wss", "mailto", "tel",
        "view-source", "filesystem",
    ];

    /// <summary>
    /// MUST: https, or a program of the person's own machine. Without a fragment, user information and what browsers read in their own way.
    /// </summary>
    public static bool IsAllowed(string text) => WhatIsWrongWith(text, []) is null;

    /// <summary>Why an answer may not go there, in words; null if it may. Some schemes of programs may be allowed beside https.</summary>
    public static string? WhatIsWrongWith(string? text, IReadOnlyCollection<string> schemes)
    {
        if (text is null)
            return "it is no text";
        if (text.Length > MostLetters)
            return $"it has more than {MostLetters} letters";
        if (text.AsSpan().ContainsAnyExceptInRange('!', '~') || text.Contains('\\', StringComparison.Ordinal))
            return "it holds letters that an address has in percent-encoding alone";
        if (text.Contains('#', StringComparison.Ordinal))
            return "it has a fragment";
        if (text.Contains('*', StringComparison.Ordinal))
            return "it has a wildcard, and addresses are compared letter by letter";
        if (text.StartsWith('/') || !Uri.TryCreate(text, UriKind.Absolute, out var uri))
            return "it is no absolute address";
        if (uri.UserInfo.Length > 0)
            return "it carries user information";
        if (schemes.Contains(uri.Scheme))
            return null;
        if (uri.Scheme == Uri.UriSchemeHttp && !IsLoopback(uri))
            return "plain http is for the person's own machine alone: localhost, 127.0.0.1 and [::1]";
        return uri.Scheme == Uri.UriSchemeHttps || uri.Scheme == Uri.UriSchemeHttp
            ? null
            : $"its scheme is {uri.Scheme}; answers go to https, and to http on the person's own machine";
    }

    /// <summary>Whether a scheme may belong to a program, so that an operator can allow it.</summary>
    public static bool IsSchemeOfAProgram(string scheme) =>
        scheme.Length > 1 && char.IsAsciiLetterLower(scheme[0])
        && scheme.All(letter => char.IsAsciiLetterLower(letter) || char.IsAsciiDigit(letter) || letter is '.' or '+' or '-')
        && !NotOfPrograms.Contains(scheme);

    /// <summary>
    /// MUST: whether an address is one that was registered, letter by letter. A program of the person's own machine cannot know its port
    /// beforehand (RFC 8252 §7.3): that may differ. Choice: for <c>localhost</c> too, which is how many of them register.
    /// </summary>
    public static bool IsRegistered(string asked, IReadOnlyList<string>? registered) =>
        registered?.Any(known => known == asked || (IsAllowed(asked) && DifferInPortAlone(known, asked))) == true;

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
