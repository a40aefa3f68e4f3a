using OnlyMcp.Protocol.Authorization;

namespace OnlyMcp.Server.AuthorizationServers;

/// <summary>Tokens for a code that a browser brought to the client.</summary>
/// <remarks>
/// OAuth 2.1 §4.1.3, RFC 8707 §2.2.
/// Spec: 2026-07-28 basic/authorization §Resource Parameter Implementation
/// </remarks>
internal sealed class CodeGrant(AuthorizationServer server) : IGrant
{
    public string Type => GrantType.AuthorizationCode;

    public ValueTask<TokenResponse> IssueAsync(RegisteredClient client, OAuthParameters request, CancellationToken cancellationToken) =>
        server.Codes.RedeemAsync(client, request, cancellationToken);
}
