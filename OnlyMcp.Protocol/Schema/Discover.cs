namespace OnlyMcp.Protocol.Schema;

// Spec: 2026-07-28 server/discover §Request
/// <summary>The question what a server is and offers (<c>server/discover</c>). Since 2026-07-28.</summary>
public sealed record DiscoverRequestParams : RequestParams;

// Spec: 2026-07-28 server/discover §DiscoverResult
/// <summary>
/// What a server is and offers. Its name and version are in <see cref="Result.Meta"/> under <see cref="MetaKeys.ServerInfo"/>.
/// Since 2026-07-28.
/// </summary>
public sealed record DiscoverResult : CacheableResult
{
    /// <summary>The protocol versions that the server speaks, for the client to choose from.</summary>
    public required IReadOnlyList<string> SupportedVersions { get; init; }

    /// <summary>What the server offers.</summary>
    public required ServerCapabilities Capabilities { get; init; }

    /// <summary>How to use the server, in words for a language model.</summary>
    public string? Instructions { get; init; }
}
