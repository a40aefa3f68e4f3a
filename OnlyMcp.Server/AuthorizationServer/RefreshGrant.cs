using OnlyMcp.Protocol.Authorization;

namespace OnlyMcp.Server.AuthorizationServers;

/// <summary>New tokens for a refresh token, which is good once.</summary>
/// <remarks>
/// OAuth 2.1 §4.3.
/// Spec: 2026-07-28 basic/authorization §Refresh Tokens
/// </remarks>
internal sealed class RefreshGrant(AuthorizationServer server) : IGrant
{
    public string Type => GrantType.RefreshToken;

    public ValueTask<TokenResponse> IssueAsync(RegisteredClient client, OAuthParameters request, CancellationToken cancellationToken) =>
        server.Tokens.RefreshAsync(client, request, cancellationToken);
}
