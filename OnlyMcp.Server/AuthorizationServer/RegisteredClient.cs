using OnlyMcp.Protocol.Authorization;

namespace OnlyMcp.Server.AuthorizationServers;

/// <summary>A program that may ask for tokens.</summary>
public sealed record RegisteredClient
{
    /// <summary>Its id, as it names itself.</summary>
    public required string ClientId { get; init; }

    /// <summary>What it says about itself.</summary>
    public required ClientMetadata Metadata { get; init; }

    /// <summary>What <see cref="HashOf"/> makes of its secret; null if it has none.</summary>
    public string? SecretHash { get; init; }

    /// <summary>When its registration is over; null for never.</summary>
    public DateTimeOffset? ExpiresAt { get; init; }

    /// <summary>Whether the server's own operator vouches for what it says about itself.</summary>
    public bool IsVouchedFor { get; init; }

    /// <summary>
    /// The SHA-256 of a secret, in base64url. It is no shield for a word that can be guessed: make secrets by chance, 32 letters or more.
    /// </summary>
    public static string HashOf(string secret)
    {
        ArgumentException.ThrowIfNullOrEmpty(secret);
        return Secret.HashOf(secret);
    }
}
