using System.Text.Json.Nodes;
using OnlyMcp.Protocol.Authorization;

namespace OnlyMcp.Server.AuthorizationServers;

/// <summary>What a client is given tokens for.</summary>
/// <param name="ClientId">The client.</param>
/// <param name="Subject">On whose behalf: a person, or the client itself.</param>
/// <param name="Scopes">What is allowed.</param>
/// <param name="Resource">The MCP server that the tokens are for, in its canonical form.</param>
/// <param name="IsForItself">Whether the subject is the client itself, and no person.</param>
internal sealed record TokenOrder(string ClientId, string Subject, IReadOnlyList<string> Scopes, string Resource, bool IsForItself = false);

/// <summary>Gives tokens, keeps book of what they were given for, and takes them back.</summary>
/// <remarks>
/// RFC 9068 for the access tokens; OAuth 2.1 §4.3 for the refresh tokens.
/// Spec: 2026-07-28 basic/authorization/security-considerations §Token Theft
/// Spec: 2026-07-28 basic/authorization/security-considerations §Token Audience Binding and Validation
/// </remarks>
internal sealed class TokenIssuer(AuthorizationServer server)
{
    /// <summary>What a token's grant is called in the token.</summary>
    public const string GrantClaim = "grant_id";

    private const string UsedBefore = "The refresh token was used before: everything that came of it is revoked. Sign in again.";

    private readonly Shelf<KeptGrant> grants = new(server.Store, "grant", KeptJson.Default.KeptGrant);

    /// <summary>The first tokens of a new grant.</summary>
    public async ValueTask<(string GrantId, TokenResponse Tokens)> BeginAsync(TokenOrder order, bool refreshes, CancellationToken cancellationToken)
    {
        var id = RefreshToken.NewGrantId();
        var grant = new KeptGrant
        {
            ClientId = order.ClientId,
            Subject = order.Subject,
            IsForItself = order.IsForItself,
            Scopes = order.Scopes,
            Resource = order.Resource,
        };
        return await WriteAsync(id, grant, before: null, refreshes ? 0 : null, order.Scopes, cancellationToken).ConfigureAwait(false) is { } tokens
            ? (id, tokens)
            : throw new InvalidOperationException("The name of a new grant was taken.");
    }

    /// <summary>The next tokens of a grant, for its newest refresh token.</summary>
    /// <exception cref="OAuthException">The token is none, or was used before; that ends the grant.</exception>
    public async ValueTask<TokenResponse> RefreshAsync(RegisteredClient client, OAuthParameters request, CancellationToken cancellationToken)
    {
        var text = request.Require("refresh_token");
        var token = await RefreshToken.ParseAsync(text, server.Keys, cancellationToken).ConfigureAwait(false);
        var kept = token is null ? null : await grants.FindAsync(token.GrantId, cancellationToken).ConfigureAwait(false);
        if (kept is null || kept.Value.ClientId != client.ClientId || !(server.Time.GetUtcNow() < kept.Value.RefreshExpiresAt))
            throw Refused("The refresh token is expired, revoked, or none that this client was given.");

        // MUST: of a token that is used twice, one of the two users has stolen it. Nobody knows which, so both lose what came of it.
        var isNewest = token!.Generation == kept.Value.Generation && Secret.AreSame(Secret.HashOf(text), kept.Value.RefreshHash ?? "");
        if (!isNewest)
            throw await EndAsync(token.GrantId, UsedBefore).ConfigureAwait(false);
        if (!await server.IsActiveAsync(kept.Value.Subject, cancellationToken).ConfigureAwait(false))
            throw await EndAsync(token.GrantId, "The person is not served any more.").ConfigureAwait(false);

        Target.RequireSame(request, kept.Value.Resource);
        var scopes = Narrowed(kept.Value.Scopes, request["scope"]);
        return await WriteAsync(token.GrantId, kept.Value, kept, token.Generation + 1, scopes, cancellationToken).ConfigureAwait(false)
            ?? throw await EndAsync(token.GrantId, UsedBefore).ConfigureAwait(false);
    }

    /// <summary>What was granted; null if that has ended.</summary>
    public async ValueTask<KeptGrant?> FindAsync(string grantId, CancellationToken cancellationToken) =>
        (await grants.FindAsync(grantId, cancellationToken).ConfigureAwait(false))?.Value;

    /// <summary>Ends a grant, and with it all its tokens. Not to be cancelled: whoever would gain by that holds a stolen token.</summary>
    public ValueTask RevokeAsync(string grantId) => grants.RemoveAsync(grantId, CancellationToken.None);

    private async ValueTask<OAuthException> EndAsync(string grantId, string why)
    {
        await RevokeAsync(grantId).ConfigureAwait(false);
        return Refused(why);
    }

    /// <summary>Keeps the grant as it is now and makes its tokens; null if somebody else was faster.</summary>
    private async ValueTask<TokenResponse?> WriteAsync(
        string id, KeptGrant grant, Kept<KeptGrant>? before, int? generation, IReadOnlyList<string> scopes, CancellationToken cancellationToken)
    {
        var now = server.Time.GetUtcNow();
        var accessEnds = now + server.Options.AccessTokenLifetime;
        var access = await AccessTokenAsync(id, grant, scopes, now, accessEnds, cancellationToken).ConfigureAwait(false);
        var refresh = generation is { } number
            ? await RefreshToken.NewAsync(id, number, server.Keys, cancellationToken).ConfigureAwait(false)
            : null;
        var refreshEnds = now + server.Options.RefreshTokenLifetime;
        grant = grant with
        {
            Generation = refresh?.Generation ?? 0,
            RefreshHash = refresh is null ? null : Secret.HashOf(refresh.Text),
            RefreshExpiresAt = refresh is null ? null : refreshEnds,
        };

        var ends = refresh is not null && refreshEnds > accessEnds ? refreshEnds : accessEnds;
        if (!await grants.TryWriteAsync(id, grant, before, ends, cancellationToken).ConfigureAwait(false))
            return null;

        return new TokenResponse
        {
            AccessToken = access,
            TokenType = "Bearer",
            ExpiresIn = (long)server.Options.AccessTokenLifetime.TotalSeconds,
            RefreshToken = refresh?.Text,
            Scope = scopes.Count == 0 ? null : ScopeSet.Format(scopes),
        };
    }

    private async ValueTask<string> AccessTokenAsync(
        string grantId, KeptGrant grant, IReadOnlyList<string> scopes, DateTimeOffset now, DateTimeOffset ends, CancellationToken cancellationToken)
    {
        var payload = new JsonObject
        {
            ["iss"] = server.Issuer,
            ["sub"] = grant.Subject,

            // MUST: it is good for the one server that it was asked for, and for no other.
            ["aud"] = grant.Resource,
            ["client_id"] = grant.ClientId,
            ["iat"] = now.ToUnixTimeSeconds(),
            ["exp"] = ends.ToUnixTimeSeconds(),
            ["jti"] = Secret.New(),
            [GrantClaim] = grantId,
        };
        if (scopes.Count > 0)
            payload["scope"] = ScopeSet.Format(scopes);
        var signer = await server.Keys.SignerAsync(cancellationToken).ConfigureAwait(false);
        return signer.Sign(payload, "at+jwt");
    }

    /// <summary>MUST: no more than was granted; what is left out now may be asked for again later.</summary>
    private static IReadOnlyList<string> Narrowed(IReadOnlyList<string> granted, string? asked)
    {
        if (asked is null)
            return granted;

        string[] scopes = [.. ScopeSet.Parse(asked)];
        return scopes.Length > 0 && scopes.All(granted.Contains) ? scopes : throw new OAuthException(
            OAuthErrorCode.InvalidScope, "A scope was not granted: send the person through the browser again to get it.");
    }

    private static OAuthException Refused(string why) => new(OAuthErrorCode.InvalidGrant, why);
}
