using OnlyMcp.Protocol.Authorization;

namespace OnlyMcp.Server.AuthorizationServers;

/// <summary>Tokens for a client that acts for itself, without a person.</summary>
/// <remarks>
/// OAuth 2.1 §4.2.
/// Spec: ext-auth oauth-client-credentials §Client Credentials Flow
/// Spec: 2025-03-26 basic/authorization §OAuth Grant Types
/// </remarks>
internal sealed class ClientCredentialsGrant(AuthorizationServer server) : IGrant
{
    public string Type => GrantType.ClientCredentials;

    public async ValueTask<TokenResponse> IssueAsync(RegisteredClient client, OAuthParameters request, CancellationToken cancellationToken)
    {
        // MUST: made known by the operator, and by credentials: there is no person who could say what the client may do.
        if (!client.IsVouchedFor || !ClientAuthentication.HasCredentials(client))
        {
            throw new OAuthException(
                OAuthErrorCode.UnauthorizedClient, "client_credentials is for clients whose credentials this server's operator gave.");
        }

        var resource = Target.Choose(request, server);
        var scopes = AllowedScopes.Choose(request["scope"], AllowedScopes.Of(client, server), AllowedScopes.Usual(client, server));

        // RFC 9068 §2.2: the client is the subject. No refresh token: the credentials are there to ask again.
        var order = new TokenOrder(client.ClientId, client.ClientId, scopes, resource, IsForItself: true);
        return (await server.Tokens.BeginAsync(order, refreshes: false, cancellationToken).ConfigureAwait(false)).Tokens;
    }
}
