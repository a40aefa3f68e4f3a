using OnlyMcp.Protocol.Authorization;

namespace OnlyMcp.Server.AuthorizationServers;

/// <summary>A program that may ask for tokens.</summary>
public sealed record RegisteredClient
{
    /// <summary>Its id, as it names itself.</summary>
    public required string ClientId { get; init; }

    /// <summary>What it says about itself.</summary>
    public required ClientMetadata Metadata { get; init; }

    /// <summary>The SHA-256 of its secret, in base64url; null if it has none.</summary>
    public string? SecretHash { get; init; }

    /// <summary>When its registration is over; null for never.</summary>
    public DateTimeOffset? ExpiresAt { get; init; }

    /// <summary>Whether the server's own operator vouches for what it says about itself.</summary>
    public bool IsVouchedFor { get; init; }
}
