using OnlyMcp.Protocol.Authorization;

namespace OnlyMcp.Client.Authorization;

/// <summary>Where the browser comes back to after a sign-in.</summary>
/// <remarks>Spec: 2026-07-28 basic/authorization/security-considerations §Communication Security</remarks>
internal static class RedirectUri
{
    /// <summary>The text that is registered, sent and compared: letter by letter the same.</summary>
    public static string Text(Uri uri) => uri.OriginalString;

    /// <summary>MUST: it is on this machine, or https. Why it cannot be one, in words; null if nothing speaks against it.</summary>
    public static string? WhatIsWrongWith(Uri uri) =>
        FetchPolicy.WhatIsWrongWith(uri, allowsLoopback: true) ?? (uri.Fragment.Length > 0 ? "it carries a fragment" : null);

    /// <exception cref="AuthorizationException">It cannot be one.</exception>
    public static void Check(Uri uri)
    {
        if (WhatIsWrongWith(uri) is { } wrong)
        {
            throw new AuthorizationException(
                AuthorizationStep.Registration,
                $"{AuthorizationException.Cite(uri.OriginalString)} cannot be where a sign-in comes back to: {wrong}.");
        }
    }

    /// <summary>Whether it is among those that an authorization server knows; also if nobody said which these are.</summary>
    public static bool IsAmong(Uri uri, IReadOnlyList<string> known) =>
        known.Count == 0 || known.Contains(Text(uri)) || (FetchPolicy.IsLoopback(uri) && known.Any(one => IsSameButPort(uri, one)));

    /// <summary>RFC 8252 §7.3: programs on a person's machine cannot choose their port beforehand.</summary>
    private static bool IsSameButPort(Uri uri, string known) =>
        Uri.TryCreate(known, UriKind.Absolute, out var other)
        && (uri.Scheme, uri.Host, uri.PathAndQuery) == (other.Scheme, other.Host, other.PathAndQuery);
}
