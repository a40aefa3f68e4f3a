using OnlyMcp.Protocol.Authorization;

namespace OnlyMcp.Server.AuthorizationServers;

/// <summary>Codes that a browser carries to a client, each good once and for a minute.</summary>
/// <remarks>
/// OAuth 2.1 §4.1.2 and §4.1.3.
/// Spec: 2026-07-28 basic/authorization/security-considerations §Authorization Code Protection
/// </remarks>
internal sealed class AuthorizationCodes(AuthorizationServer server)
{
    private readonly Shelf<KeptCode> codes = new(server.Store, "code", KeptJson.Default.KeptCode);

    /// <summary>A new code for what a person has allowed.</summary>
    public async ValueTask<string> NewAsync(
        AuthorizationRequest request, SignedInUser user, IReadOnlyList<string> scopes, CancellationToken cancellationToken)
    {
        var code = Secret.New();
        var kept = new KeptCode
        {
            ClientId = request.Client.ClientId,
            RedirectUri = request.Return.RedirectUri,
            Challenge = request.Challenge,
            Subject = user.Subject,
            Scopes = scopes,
            Resource = request.Resource,
            ExpiresAt = server.Time.GetUtcNow() + server.Options.CodeLifetime,
        };
        if (!await codes.TryWriteAsync(Secret.HashOf(code), kept, null, kept.ExpiresAt, cancellationToken).ConfigureAwait(false))
            throw new InvalidOperationException("A new code was taken.");
        return code;
    }

    /// <summary>The tokens for a code. MUST: of all who come with the same code one gets any, and who comes after him ends even that.</summary>
    /// <exception cref="OAuthException">The code is wrong, used, expired, or somebody else's.</exception>
    public async ValueTask<TokenResponse> RedeemAsync(RegisteredClient client, OAuthParameters request, CancellationToken cancellationToken)
    {
        var key = Secret.HashOf(request.Require("code"));
        var verifier = request.Require("code_verifier");
        var kept = await codes.FindAsync(key, cancellationToken).ConfigureAwait(false);
        if (kept is null || kept.Value.ClientId != client.ClientId)
            throw Refused("The code is expired, unknown, or was given to another client.");
        if (kept.Value.GrantId is not null)
            throw await RevokeAsync(key).ConfigureAwait(false);

        // Choice: nowadays the verifier says all that the address did, but where one comes it is the one that the code went to.
        if (request["redirect_uri"] is { } redirectUri && redirectUri != kept.Value.RedirectUri)
            throw Refused("redirect_uri is not the one that the code was sent to.");
        if (server.Time.GetUtcNow() >= kept.Value.ExpiresAt || !Pkce.Fits(verifier, kept.Value.Challenge))
            throw Refused("code_verifier does not fit the code_challenge, or the code has expired.");
        Target.RequireSame(request, kept.Value.Resource);
        if (!await server.IsActiveAsync(kept.Value.Subject, cancellationToken).ConfigureAwait(false))
            throw Refused("The person is not served any more.");

        return await RedeemAsync(client, key, kept, cancellationToken).ConfigureAwait(false);
    }

    private async ValueTask<TokenResponse> RedeemAsync(
        RegisteredClient client, string key, Kept<KeptCode> kept, CancellationToken cancellationToken)
    {
        var order = new TokenOrder(client.ClientId, kept.Value.Subject, kept.Value.Scopes, kept.Value.Resource);
        var refreshes = client.Metadata.GrantTypes?.Contains(GrantType.RefreshToken) == true;
        var (grantId, tokens) = await server.Tokens.BeginAsync(order, refreshes, cancellationToken).ConfigureAwait(false);

        // The grant stands in the book before the code says that it is used: so whoever finds the code used also finds what to revoke.
        // It is remembered as long as its first token lives.
        var used = kept.Value with { GrantId = grantId };
        var forgotten = server.Time.GetUtcNow() + server.Options.AccessTokenLifetime;
        if (await codes.TryWriteAsync(key, used, kept, forgotten, CancellationToken.None).ConfigureAwait(false))
            return tokens;

        await server.Tokens.RevokeAsync(grantId).ConfigureAwait(false);
        throw await RevokeAsync(key).ConfigureAwait(false);
    }

    /// <summary>Ends what came of a code that somebody has used before.</summary>
    private async ValueTask<OAuthException> RevokeAsync(string key)
    {
        var used = await codes.FindAsync(key, CancellationToken.None).ConfigureAwait(false);
        if (used?.Value.GrantId is { } grantId)
            await server.Tokens.RevokeAsync(grantId).ConfigureAwait(false);
        return Refused("The code was used before: everything that came of it is revoked. Sign in again.");
    }

    private static OAuthException Refused(string why) => new(OAuthErrorCode.InvalidGrant, why);
}
