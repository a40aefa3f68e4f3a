namespace OnlyMcp.Protocol.Authorization;

/// <summary>What an authorization server tells about itself: where its endpoints are, and what they understand.</summary>
/// <remarks>
/// RFC 8414 §2, and the same members of OpenID Connect Discovery.
/// Spec: 2026-07-28 basic/authorization/authorization-server-discovery §Authorization Server Metadata Discovery
/// </remarks>
public sealed record AuthorizationServerMetadata
{
    /// <summary>The server's name, an https URL without query; the document is found under it, and its tokens and answers carry it.</summary>
    public required string Issuer { get; init; }

    /// <summary>Where a person is sent to sign in and agree.</summary>
    public string? AuthorizationEndpoint { get; init; }

    /// <summary>Where tokens are asked for.</summary>
    public string? TokenEndpoint { get; init; }

    /// <summary>Where clients register themselves (RFC 7591); null if they cannot.</summary>
    public string? RegistrationEndpoint { get; init; }

    /// <summary>Where tokens are taken back (RFC 7009).</summary>
    public string? RevocationEndpoint { get; init; }

    /// <summary>Where tokens are asked about (RFC 7662).</summary>
    public string? IntrospectionEndpoint { get; init; }

    /// <summary>Where the public keys are that its signatures are checked with.</summary>
    public string? JwksUri { get; init; }

    /// <summary>The scopes that it knows, as far as it tells.</summary>
    public IReadOnlyList<string>? ScopesSupported { get; init; }

    /// <summary>The kinds of answers of the authorization endpoint; <c>code</c>.</summary>
    public IReadOnlyList<string>? ResponseTypesSupported { get; init; }

    /// <summary>What tokens are given for; <see cref="GrantType"/>.</summary>
    public IReadOnlyList<string>? GrantTypesSupported { get; init; }

    /// <summary>How clients may prove who they are at the token endpoint; <see cref="ClientAuthMethod"/>. Basic where nothing is said.</summary>
    public IReadOnlyList<string>? TokenEndpointAuthMethodsSupported { get; init; }

    /// <summary>The algorithms with which a client may sign such a proof.</summary>
    public IReadOnlyList<string>? TokenEndpointAuthSigningAlgValuesSupported { get; init; }

    /// <summary>The methods of PKCE; without <c>S256</c> no client of ours signs in.</summary>
    public IReadOnlyList<string>? CodeChallengeMethodsSupported { get; init; }

    /// <summary>Whether its answers to the browser name their issuer (RFC 9207).</summary>
    public bool? AuthorizationResponseIssParameterSupported { get; init; }

    /// <summary>Whether a client may be named by the address of a document about it.</summary>
    public bool? ClientIdMetadataDocumentSupported { get; init; }

    /// <summary>The algorithms of proofs of possession (RFC 9449) that it takes.</summary>
    public IReadOnlyList<string>? DpopSigningAlgValuesSupported { get; init; }

    /// <summary>A page for developers.</summary>
    public string? ServiceDocumentation { get; init; }
}
