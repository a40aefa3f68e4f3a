using OnlyMcp.Protocol.Authorization;

namespace OnlyMcp.Client.Authorization;

/// <summary>Who a client is to one authorization server, and how it proves that. Never logged.</summary>
/// <remarks>Spec: 2026-07-28 basic/authorization/client-registration §Authorization Server Binding</remarks>
public sealed record ClientCredentials
{
    /// <summary>
    /// The authorization server that knows the client. MUST NOT: they are never shown to another. Null where the id is an address that
    /// every authorization server may read, and for credentials of yours that go to whichever server is found.
    /// </summary>
    public string? Issuer { get; init; }

    /// <summary>The client's id.</summary>
    public required string ClientId { get; init; }

    /// <summary>The client's secret; null if it has none.</summary>
    public string? ClientSecret { get; init; }

    /// <summary>The private key that it signs assertions with, in PEM (PKCS #8, EC or RSA); null if it has none.</summary>
    public string? PrivateKeyPem { get; init; }

    /// <summary>The name of that key among the client's published ones, if they have names.</summary>
    public string? PrivateKeyId { get; init; }

    /// <summary>The algorithm to sign with, such as <c>ES256</c>; null takes what suits the key.</summary>
    public string? SigningAlgorithm { get; init; }

    /// <summary>How it proves who it is, a <see cref="ClientAuthMethod"/>; null takes the best that both sides can.</summary>
    public string? AuthMethod { get; init; }

    /// <summary>When the secret expires; null for never.</summary>
    public DateTimeOffset? SecretExpiresAt { get; init; }

    /// <summary>Where answers may go, as far as the authorization server was told; empty if that is not known.</summary>
    public IReadOnlyList<string> RedirectUris { get; init; } = [];

    /// <summary>The scopes that it was registered with, where that was by itself; empty for whichever.</summary>
    public IReadOnlyList<string> Scopes { get; init; } = [];

    /// <summary>Without the secret and the key: it may stand in a log.</summary>
    public override string ToString() => $"client {ClientId} of {Issuer ?? "any authorization server"}";
}
