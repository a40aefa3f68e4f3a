using OnlyMcp.Protocol.Authorization;
using OnlyMcp.Server.Http;

namespace OnlyMcp.Server.AuthorizationServers;

/// <summary>Where clients ask for tokens.</summary>
/// <remarks>
/// OAuth 2.1 §3.2.
/// Spec: 2026-07-28 basic/authorization §Authorization Flow Steps
/// </remarks>
internal sealed class TokenEndpoint(AuthorizationServer server) : IOAuthEndpoint
{
    /// <summary>What a client may ask for that does not say: codes, and nothing else (RFC 7591 §2).</summary>
    private static readonly string[] Usual = [GrantType.AuthorizationCode];

    public IReadOnlyCollection<string> Paths { get; } =
        AuthorizationServerOptions.Both(server.Options.TokenPath, AuthorizationServerOptions.Defaults.Token);

    public IReadOnlyList<string> Verbs { get; } = ["POST"];

    public bool IsForEveryOrigin => true;

    public async ValueTask HandleAsync(HttpExchange http, CancellationToken cancellationToken)
    {
        var request = await OAuthBody.ReadAsync(http, server.Time, cancellationToken).ConfigureAwait(false);
        var client = await server.Authentication.AuthenticateAsync(http, request, cancellationToken).ConfigureAwait(false);
        var grant = GrantFor(request.Require("grant_type"), client);
        var response = await grant.IssueAsync(client, request, cancellationToken).ConfigureAwait(false);
        await server.Registrations.ProlongAsync(client, cancellationToken).ConfigureAwait(false);
        await OAuthReply.SendJsonAsync(http, 200, response, OAuthJson.Wire.TokenResponse, server.Time).ConfigureAwait(false);
    }

    private IGrant GrantFor(string type, RegisteredClient client)
    {
        var grant = server.Grants.FirstOrDefault(grant => grant.Type == type)
            ?? throw new OAuthException(
                OAuthErrorCode.UnsupportedGrantType, $"Tokens are given for {string.Join(", ", server.Grants.Select(grant => grant.Type))}.");
        return (client.Metadata.GrantTypes ?? Usual).Contains(type)
            ? grant
            : throw new OAuthException(OAuthErrorCode.UnauthorizedClient, $"The client is not registered for {type}.");
    }
}
