using OnlyMcp.Protocol.Authorization;
using OnlyMcp.Protocol.Authorization.Jose;

namespace OnlyMcp.Server.AuthorizationServers;

/// <summary>Clients that show who they are by a token that they signed themselves: <c>private_key_jwt</c>.</summary>
/// <remarks>
/// RFC 7523 §2.2 and §3.
/// Spec: ext-auth oauth-client-credentials §Client Authentication Methods
/// </remarks>
internal sealed class ClientAssertions(AuthorizationServer server)
{
    private const string Type = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer";
    private static readonly TimeSpan Longest = TimeSpan.FromHours(1);

    private readonly AssertionTimes times = new(server, "client-assertion", Longest);

    /// <summary>The client that signed an assertion.</summary>
    /// <exception cref="OAuthException">It does not show what it should (401).</exception>
    public async ValueTask<RegisteredClient> CheckAsync(string assertion, OAuthParameters request, CancellationToken cancellationToken)
    {
        if (request["client_assertion_type"] != Type)
            throw new OAuthException(OAuthErrorCode.InvalidRequest, $"client_assertion_type is {Type}.");

        try
        {
            var token = JsonWebToken.Parse(assertion);
            var client = await SignerAsync(token, request["client_id"], cancellationToken).ConfigureAwait(false);
            CheckAudience(token);
            await times.UseOnceAsync(token, client.ClientId, cancellationToken).ConfigureAwait(false);
            return client;
        }
        catch (FormatException fault)
        {
            throw Wrong(fault.Message);
        }
    }

    private static OAuthException Wrong(string words) => new(OAuthErrorCode.InvalidClient, $"client_assertion: {words}", 401);

    private async ValueTask<RegisteredClient> SignerAsync(JsonWebToken token, string? named, CancellationToken cancellationToken)
    {
        // MUST: the client speaks for itself.
        if (token.Issuer is not { Length: > 0 } id || token.Subject != id || (named is not null && named != id))
            throw new FormatException("iss and sub are both the client's id, and so is client_id if it is sent.");

        var client = await server.Clients.FindAsync(id, cancellationToken).ConfigureAwait(false);
        var isSigned = client is { Metadata: { TokenEndpointAuthMethod: ClientAuthMethod.PrivateKeyJwt, Jwks: { } jwks } metadata }
            && (metadata.TokenEndpointAuthSigningAlg ?? token.Algorithm) == token.Algorithm
            && JsonWebKeySet.Parse(jwks).Keys.Any(token.IsSignedBy);
        return isSigned ? client! : throw new FormatException("no key that its client is known to have has signed it.");
    }

    /// <summary>
    /// MUST: it was made for this server. What names others beside it could be shown to them too, or come from them.
    /// </summary>
    private void CheckAudience(JsonWebToken token)
    {
        if (token.Audiences.Count == 0 || !token.Audiences.All(IsThisServer))
            throw new FormatException($"aud is {server.Issuer}, or the address of the token endpoint, and nothing else.");
    }

    private bool IsThisServer(string audience) =>
        audience == server.Issuer || audience == server.Issuer + "/"
        || AuthorizationServerOptions.Both(server.Options.TokenPath, AuthorizationServerOptions.Defaults.Token)
            .Any(path => audience == server.Self.Below(path));
}
