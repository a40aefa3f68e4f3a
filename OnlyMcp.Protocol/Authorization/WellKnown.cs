namespace OnlyMcp.Protocol.Authorization;

/// <summary>Where the documents about servers are found that nobody was told the address of.</summary>
/// <remarks>
/// Spec: 2026-07-28 basic/authorization/authorization-server-discovery §Protected Resource Metadata Discovery Requirements
/// Spec: 2026-07-28 basic/authorization/authorization-server-discovery §Authorization Server Metadata Discovery
/// </remarks>
public static class WellKnown
{
    /// <summary>The path below which an MCP server's document stands.</summary>
    public const string ProtectedResourcePath = "/.well-known/oauth-protected-resource";

    /// <summary>The path below which an authorization server's document stands.</summary>
    public const string AuthorizationServerPath = "/.well-known/oauth-authorization-server";

    /// <summary>The path of the same document in OpenID Connect.</summary>
    public const string OpenIdPath = "/.well-known/openid-configuration";

    /// <summary>The document of the resource at an address, path included: <c>https://host/.well-known/oauth-protected-resource/mcp</c>.</summary>
    public static Uri ProtectedResource(Uri resource)
    {
        ArgumentNullException.ThrowIfNull(resource);
        return new Uri(Origin(resource) + ProtectedResourcePath + PathOf(resource) + resource.Query);
    }

    /// <summary>The document of a whole host: <c>https://host/.well-known/oauth-protected-resource</c>.</summary>
    public static Uri ProtectedResourceRoot(Uri resource)
    {
        ArgumentNullException.ThrowIfNull(resource);
        return new Uri(Origin(resource) + ProtectedResourcePath);
    }

    /// <summary>MUST: where the document of an authorization server may be, in the order in which to look.</summary>
    public static IReadOnlyList<Uri> AuthorizationServerCandidates(Uri issuer)
    {
        ArgumentNullException.ThrowIfNull(issuer);
        var origin = Origin(issuer);
        var path = PathOf(issuer);
        return path.Length == 0
            ? [new(origin + AuthorizationServerPath), new(origin + OpenIdPath)]
            : [new(origin + AuthorizationServerPath + path), new(origin + OpenIdPath + path), new(origin + path + OpenIdPath)];
    }

    /// <summary>Scheme, host and port: <c>https://example.com</c>.</summary>
    public static string Origin(Uri uri)
    {
        ArgumentNullException.ThrowIfNull(uri);
        return uri.GetComponents(UriComponents.SchemeAndServer, UriFormat.UriEscaped);
    }

    /// <summary>The path without the slash at its end, which stands for nothing.</summary>
    private static string PathOf(Uri uri) => uri.AbsolutePath.TrimEnd('/');
}
