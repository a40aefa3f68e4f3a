namespace OnlyMcp.Protocol.Authorization;

/// <summary>The name of an MCP server among those that tokens are issued for: its address, written in one way.</summary>
/// <remarks>Spec: 2026-07-28 basic/authorization §Canonical Server URI</remarks>
public static class ResourceUri
{
    /// <summary>
    /// The canonical form: scheme and host in lower case, no port that is the scheme's own, no fragment, and no slash at the end where
    /// it stands for nothing.
    /// </summary>
    /// <exception cref="ArgumentException">It is no absolute address, or carries a fragment or user information.</exception>
    public static string Canonical(Uri uri)
    {
        ArgumentNullException.ThrowIfNull(uri);
        if (!uri.IsAbsoluteUri || uri.Fragment.Length > 0 || uri.UserInfo.Length > 0)
        {
            // Not the address itself: user information is a password.
            throw new ArgumentException("That names no resource: give an absolute address without user information and fragment.", nameof(uri));
        }


        var path = uri.AbsolutePath == "/" ? "" : uri.AbsolutePath;
        return WellKnown.Origin(uri) + path + uri.Query;
    }

    /// <summary>MUST: whether two spellings name the same resource; scheme and host in any case, and a lone slash, make no difference.</summary>
    public static bool AreSame(string one, string other) =>
        one == other || (Find(one) is { } first && first == Find(other));

    private static string? Find(string text) =>
        Uri.TryCreate(text, UriKind.Absolute, out var uri) && uri.Fragment.Length == 0 && uri.UserInfo.Length == 0 ? Canonical(uri) : null;
}
