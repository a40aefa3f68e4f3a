namespace OnlyMcp.Protocol.Schema;

// Spec: 2026-07-28 basic/versioning §Protocol Version Negotiation
/// <summary>What an error says when a request speaks a protocol version that the server does not. Since 2026-07-28.</summary>
public sealed record UnsupportedProtocolVersionErrorData
{
    /// <summary>The versions that the server speaks: the client may choose one of them and ask again.</summary>
    public required IReadOnlyList<string> Supported { get; init; }

    /// <summary>The version that the request named.</summary>
    public required string Requested { get; init; }
}
