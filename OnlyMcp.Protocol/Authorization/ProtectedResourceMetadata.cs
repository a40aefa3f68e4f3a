namespace OnlyMcp.Protocol.Authorization;

/// <summary>What a guarded server tells about itself to whoever wants in: above all, where its tokens come from.</summary>
/// <remarks>
/// RFC 9728 §2.
/// Spec: 2026-07-28 basic/authorization/authorization-server-discovery §Authorization Server Location
/// </remarks>
public sealed record ProtectedResourceMetadata
{
    /// <summary>The server's canonical URI: what tokens for it name as their audience.</summary>
    public required string Resource { get; init; }

    /// <summary>The issuers of the authorization servers whose tokens it takes; at least one.</summary>
    public IReadOnlyList<string>? AuthorizationServers { get; init; }

    /// <summary>The scopes that basic use needs.</summary>
    public IReadOnlyList<string>? ScopesSupported { get; init; }

    /// <summary>How a token may be sent; here always <c>header</c>.</summary>
    public IReadOnlyList<string>? BearerMethodsSupported { get; init; }

    /// <summary>Where the server's own keys are, if it has any.</summary>
    public string? JwksUri { get; init; }

    /// <summary>A name for people.</summary>
    public string? ResourceName { get; init; }

    /// <summary>A page for developers.</summary>
    public string? ResourceDocumentation { get; init; }

    /// <summary>A page on how data may be used.</summary>
    public string? ResourcePolicyUri { get; init; }

    /// <summary>The terms of service.</summary>
    public string? ResourceTosUri { get; init; }

    /// <summary>The algorithms of proofs of possession (RFC 9449) that the server takes.</summary>
    public IReadOnlyList<string>? DpopSigningAlgValuesSupported { get; init; }

    /// <summary>Whether tokens without such a proof are refused.</summary>
    public bool? DpopBoundAccessTokensRequired { get; init; }
}
