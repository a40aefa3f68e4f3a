using OnlyMcp.Protocol.Authorization;

namespace OnlyMcp.Client.Authorization;

/// <summary>
/// An enterprise decides which MCP servers its people use: what they signed in to the program with is exchanged at the enterprise's
/// identity provider for an assertion, and that at the MCP server's authorization server for a token. No person is asked.
/// </summary>
/// <remarks>
/// Spec: ext-auth enterprise-managed-authorization §Token Exchange
/// Spec: ext-auth enterprise-managed-authorization §Access Token Request
/// </remarks>
public sealed class EnterpriseGrant : AuthorizationGrant
{
    private const string AssertionType = "urn:ietf:params:oauth:token-type:id-jag";

    /// <summary>The token endpoint of the identity provider.</summary>
    public required Uri IdentityProviderTokenEndpoint { get; init; }

    /// <summary>The identity provider's own name, its issuer.</summary>
    public required string IdentityProvider { get; init; }

    /// <summary>Who the program is to the identity provider; the same as when the person signed in.</summary>
    public required ClientCredentials IdentityProviderClient { get; init; }

    /// <summary>
    /// What the person signed in to the program with: an ID token of OpenID Connect, or a SAML assertion, see
    /// <see cref="IdentityTokenType"/>. Asked each time that a token is needed. MUST: only of the person on whose behalf the program acts.
    /// </summary>
    public required Func<CancellationToken, ValueTask<string>> IdentityToken { get; init; }

    /// <summary>What <see cref="IdentityToken"/> is; an ID token by default, <c>urn:ietf:params:oauth:token-type:saml2</c> for SAML.</summary>
    public string IdentityTokenType { get; init; } = "urn:ietf:params:oauth:token-type:id_token";

    internal override string Extension => "io.modelcontextprotocol/enterprise-managed-authorization";

    internal override async ValueTask<IReadOnlyList<KeyValuePair<string, string>>> PresentAsync(
        GrantContext context, CancellationToken cancellationToken)
    {
        // MUST: names what is wanted, who is to accept it, and for which MCP server.
        List<KeyValuePair<string, string>> exchange =
        [
            new("grant_type", GrantType.TokenExchange),
            new("requested_token_type", AssertionType),
            new("audience", context.Server.Issuer),
            new("resource", context.Resource),
            new("subject_token", await IdentityToken(cancellationToken).ConfigureAwait(false)),
            new("subject_token_type", IdentityTokenType),
        ];
        if (context.Scopes.Count > 0)
            exchange.Add(new("scope", ScopeSet.Format(context.Scopes)));

        var provider = new AuthorizationServerMetadata
        {
            Issuer = IdentityProvider,
            TokenEndpoint = IdentityProviderTokenEndpoint.OriginalString,
        };
        var answer = await context.Endpoint!
            .AskAsync(provider, IdentityProviderClient, exchange, proof: null, cancellationToken).ConfigureAwait(false);

        // MUST: anything else that came is no grant, and above all no access token to be sent anywhere.
        if (answer.IssuedTokenType != AssertionType || !"N_A".Equals(answer.TokenType, StringComparison.OrdinalIgnoreCase))
        {
            throw new AuthorizationException(
                AuthorizationStep.Token,
                $"{AuthorizationException.Cite(IdentityProvider)} gave '{AuthorizationException.Cite(answer.IssuedTokenType)}' of type "
                + $"'{AuthorizationException.Cite(answer.TokenType)}' in exchange, and not an '{AssertionType}' of type 'N_A'. "
                + "It was not used; the identity provider may not know the exchange.");
        }

        return [new("grant_type", GrantType.JwtBearer), new("assertion", answer.AccessToken)];
    }
}
