using OnlyMcp.Protocol.Authorization;

namespace OnlyMcp.Client.Authorization;

/// <summary>The two addresses of a sign-in: where the person is sent, and where the browser comes back to.</summary>
/// <remarks>Spec: 2026-07-28 basic/authorization/security-considerations §Communication Security</remarks>
internal static class SignInAddress
{
    /// <summary>Browsers and the programs that open them cut off what is much longer.</summary>
    private const int MaxLength = 16 * 1024;

    /// <summary>MUST: nothing but https, or http on this machine, is opened or shown, whatever a metadata document names.</summary>
    /// <exception cref="AuthorizationException">It is something else; the message says what.</exception>
    public static void CheckOpened(Uri authorizationUrl)
    {
        ArgumentNullException.ThrowIfNull(authorizationUrl);
        var wrong = FetchPolicy.WhatIsWrongWith(authorizationUrl, allowsLoopback: true)
            ?? (authorizationUrl.AbsoluteUri.Length > MaxLength ? $"it is longer than {MaxLength} characters" : null);
        if (wrong is not null)
        {
            throw new AuthorizationException(
                AuthorizationStep.SignIn,
                $"The authorization server's sign-in address is not opened: {AuthorizationException.Cite(wrong)}.");
        }
    }

    /// <summary>MUST: the browser comes back to https, or to this machine.</summary>
    /// <exception cref="ArgumentException">It would come back elsewhere.</exception>
    public static Uri Redirect(Uri redirectUri)
    {
        ArgumentNullException.ThrowIfNull(redirectUri);
        return RedirectUri.WhatIsWrongWith(redirectUri) is { } wrong
            ? throw new ArgumentException($"'{redirectUri}' is no address that a browser may come back to: {wrong}.", nameof(redirectUri))
            : redirectUri;
    }

    /// <summary>Whether an address is the one that the browser was to come back to, whatever its query.</summary>
    public static bool IsAt(Uri callback, Uri redirectUri) =>
        callback.IsAbsoluteUri && callback.GetLeftPart(UriPartial.Path) == redirectUri.GetLeftPart(UriPartial.Path);
}
