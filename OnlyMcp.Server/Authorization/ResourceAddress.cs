using System.Text.Json;
using OnlyMcp.Protocol.Authorization;

namespace OnlyMcp.Server.Authorization;

/// <summary>An endpoint as the world knows it: what tokens name as their audience, and where the document about it stands.</summary>
/// <remarks>
/// Spec: 2026-07-28 basic/authorization §Canonical Server URI
/// Spec: 2026-07-28 basic/authorization/authorization-server-discovery §Authorization Server Location
/// </remarks>
internal sealed class ResourceAddress
{
    private readonly Uri publicBase;
    private readonly string path;

    /// <param name="publicBase">Under which address clients reach the handler's paths.</param>
    /// <param name="path">The endpoint's path in the handler.</param>
    /// <param name="options">What the document says.</param>
    /// <param name="name">What the server is called.</param>
    public ResourceAddress(Uri publicBase, string path, AuthorizationOptions options, string name)
    {
        (this.publicBase, this.path) = (publicBase, path);
        var below = publicBase.AbsoluteUri.TrimEnd('/');
        Resource = ResourceUri.Canonical(UriOf(path));

        // Choice: below the public address, which leads to us, though without a path of its own that is the well-known place. A proxy
        // that passes /tools/ on need not pass on what stands at the root of its host.
        Metadata = below + WellKnown.ProtectedResourcePath + path.TrimEnd('/');
        Document = JsonSerializer.SerializeToUtf8Bytes(MetadataOf(options, name), OAuthJson.Wire.ProtectedResourceMetadata);
        Unauthorized = Challenges.Of(Credentials.Bearer, this, options.Scopes);
    }

    /// <summary>The endpoint's address, in its canonical form.</summary>
    public string Resource { get; }

    /// <summary>Where the document is that says which authorization servers there are.</summary>
    public string Metadata { get; }

    /// <summary>The document.</summary>
    public byte[] Document { get; }

    /// <summary>The challenge to whoever comes without a token.</summary>
    public string Unauthorized { get; }

    /// <summary>The paths that the document is asked for at: below ours, and where a proxy passes on the whole of its host's.</summary>
    public IEnumerable<string> DocumentPaths =>
        new[] { path, publicBase.AbsolutePath.TrimEnd('/') + path }
            .Select(each => WellKnown.ProtectedResourcePath + each.TrimEnd('/'))
            .Distinct();

    /// <summary>Where clients reach one of the handler's paths.</summary>
    public Uri UriOf(string ownPath) => new(publicBase.AbsoluteUri.TrimEnd('/') + ownPath);

    // MUST: at least one authorization server.
    private ProtectedResourceMetadata MetadataOf(AuthorizationOptions options, string name) => new()
    {
        Resource = Resource,
        AuthorizationServers = [.. options.Issuers],
        ScopesSupported = (options.ScopesSupported ?? options.Scopes) is { Count: > 0 } scopes ? scopes : null,
        BearerMethodsSupported = ["header"],
        ResourceName = options.ResourceName ?? name,
        ResourceDocumentation = options.ResourceDocumentation?.AbsoluteUri,
        DpopSigningAlgValuesSupported = ProofsOfPossession.Algorithms.Split(' '),
    };
}
