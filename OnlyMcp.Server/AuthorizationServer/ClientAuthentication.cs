using OnlyMcp.Protocol.Authorization;
using OnlyMcp.Server.Http;

namespace OnlyMcp.Server.AuthorizationServers;

/// <summary>How a client shows who it is.</summary>
internal sealed class ClientAuthentication(AuthorizationServer server)
{
    /// <summary>The client that sent a request.</summary>
    /// <exception cref="OAuthException">It is unknown, or did not show that it is the one (401).</exception>
    public async ValueTask<RegisteredClient> AuthenticateAsync(HttpExchange http, OAuthParameters request, CancellationToken cancellationToken)
    {
        var client = await server.Clients.FindAsync(request.Require("client_id"), cancellationToken).ConfigureAwait(false);
        return client is { SecretHash: null, Metadata.Jwks: null, Metadata.JwksUri: null }
            ? client
            : throw new OAuthException(OAuthErrorCode.InvalidClient, "The client is not known here, or must show who it is.", 401);
    }
}
