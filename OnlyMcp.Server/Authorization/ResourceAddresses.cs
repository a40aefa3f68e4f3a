using System.Collections.Frozen;
using OnlyMcp.Protocol.Authorization;
using OnlyMcp.Server.Http;

namespace OnlyMcp.Server.Authorization;

/// <summary>The addresses of one handler's endpoints: the MCP endpoint's, and that of HTTP+SSE where it is served.</summary>
internal sealed class ResourceAddresses
{
    private readonly McpHttpOptions paths;
    private readonly ResourceAddress mcp;
    private readonly ResourceAddress? sse;
    private readonly FrozenDictionary<string, ResourceAddress> documents;
    private readonly string[] audiences;

    /// <exception cref="ArgumentException">The public address is none that tokens may be sent to; the message says why.</exception>
    public ResourceAddresses(Uri publicBase, McpHttpOptions paths, bool servesHttpSse, AuthorizationOptions options, string name)
    {
        Check(publicBase, options);
        this.paths = paths;
        options.AuthorizationServer?.ListensAt(publicBase.AbsoluteUri.TrimEnd('/'));
        mcp = new ResourceAddress(publicBase, paths.Path, options, name);
        sse = servesHttpSse ? new ResourceAddress(publicBase, paths.SsePath, options, name) : null;
        var byPath = new Dictionary<string, ResourceAddress> { [WellKnown.ProtectedResourcePath] = mcp };
        foreach (var address in new[] { mcp, sse }.OfType<ResourceAddress>())
        {
            foreach (var path in address.DocumentPaths)
                byPath[path] = address;
        }

        documents = byPath.ToFrozenDictionary(StringComparer.Ordinal);

        // Choice: a token for either endpoint serves at both, which are one server.
        Resources = sse is null ? [mcp.Resource] : [mcp.Resource, sse.Resource];
        audiences = [.. Resources, .. options.Audiences];
    }

    /// <summary>The endpoints' addresses, in their canonical form; first the MCP endpoint's.</summary>
    public IReadOnlyList<string> Resources { get; }

    /// <summary>The endpoint that a request's path belongs to.</summary>
    public ResourceAddress Of(string path) => sse is not null && (path == paths.SsePath || path == paths.MessagePath) ? sse : mcp;

    /// <summary>The document that is asked for at a path; null if none is.</summary>
    public byte[]? DocumentAt(string path) => documents.TryGetValue(path, out var address) ? address.Document : null;

    /// <summary>MUST: whether a token was issued for this server.</summary>
    public bool IsAudience(IReadOnlyList<string> named)
    {
        for (var i = 0; i < named.Count; i++)
        {
            foreach (var audience in audiences)
            {
                if (ResourceUri.AreSame(named[i], audience))
                    return true;
            }
        }

        return false;
    }

    private static void Check(Uri publicBase, AuthorizationOptions options)
    {
        if ((publicBase.Scheme != Uri.UriSchemeHttps && publicBase.Scheme != Uri.UriSchemeHttp)
            || publicBase.Query.Length > 0 || publicBase.Fragment.Length > 0 || publicBase.UserInfo.Length > 0)
        {
            throw new ArgumentException(
                $"'{publicBase}' is no public address: it begins with https://, and has no query, fragment or user in it.");
        }

        if (publicBase.Scheme == Uri.UriSchemeHttp && !publicBase.IsLoopback && !options.AllowsPlainHttp)
        {
            throw new ArgumentException(
                $"Tokens sent to '{publicBase}' could be read on the way: give an https address, or set "
                + $"{nameof(AuthorizationOptions)}.{nameof(options.AllowsPlainHttp)}.");
        }
    }
}
