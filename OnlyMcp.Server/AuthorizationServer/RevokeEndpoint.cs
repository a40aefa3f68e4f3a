using OnlyMcp.Protocol.Authorization;
using OnlyMcp.Server.Authorization;
using OnlyMcp.Server.Http;

namespace OnlyMcp.Server.AuthorizationServers;

/// <summary>Where a client gives a token back that it needs no more: everything that came of the same consent ends with it.</summary>
/// <remarks>RFC 7009.</remarks>
internal sealed class RevokeEndpoint(AuthorizationServer server) : IOAuthEndpoint
{
    public IReadOnlyCollection<string> Paths { get; } = [server.Options.RevokePath];

    public IReadOnlyList<string> Verbs { get; } = ["POST"];

    public bool IsForEveryOrigin => true;

    public async ValueTask HandleAsync(HttpExchange http, CancellationToken cancellationToken)
    {
        var request = await OAuthBody.ReadAsync(http, server.Time, cancellationToken).ConfigureAwait(false);
        var client = await server.Authentication.AuthenticateAsync(http, request, cancellationToken).ConfigureAwait(false);
        var id = await GrantOfAsync(request.Require("token"), cancellationToken).ConfigureAwait(false);
        if (id is not null && await server.Tokens.FindAsync(id, cancellationToken).ConfigureAwait(false) is { } grant)
        {
            if (grant.ClientId != client.ClientId)
                throw new OAuthException(OAuthErrorCode.UnauthorizedClient, "The token was given to another client.");
            await server.Tokens.RevokeAsync(id).ConfigureAwait(false);
        }

        // MUST: a token that is none, or not any more, is as gone as the client wants it.
        http.SetResponseHeader("Cache-Control", "no-store");
        await OAuthReply.SendEmptyAsync(http, 200).ConfigureAwait(false);
    }

    /// <summary>The grant that a token of either kind belongs to; the hint would only say where to look first.</summary>
    private async ValueTask<string?> GrantOfAsync(string token, CancellationToken cancellationToken)
    {
        if (await RefreshToken.ParseAsync(token, server.Keys, cancellationToken).ConfigureAwait(false) is { } refresh)
            return refresh.GrantId;

        try
        {
            return OwnTokenVerifier.GrantOf(await server.OwnVerifier.ReadAsync(token, cancellationToken).ConfigureAwait(false));
        }
        catch (InvalidTokenException)
        {
            return null; // None of ours.
        }
    }
}
