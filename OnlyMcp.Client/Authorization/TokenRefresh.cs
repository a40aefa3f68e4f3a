using Microsoft.Extensions.Logging;
using OnlyMcp.Protocol.Authorization;

namespace OnlyMcp.Client.Authorization;

/// <summary>Gets the next tokens for a refresh token: once, whoever else holds the same, and never at another authorization server.</summary>
/// <remarks>
/// RFC 6749 §6.
/// Spec: 2026-07-28 basic/authorization §Refresh Tokens
/// Spec: 2026-07-28 basic/authorization/security-considerations §Token Theft
/// </remarks>
internal sealed class TokenRefresh(ClientAuthorization options, TokenEndpoint endpoint, TimeProvider time, ILogger logger)
{
    private readonly KnownClients clients = new(options);

    /// <summary>Whether tokens are about to end that could be renewed.</summary>
    public bool IsDue(StoredTokens? held)
    {
        if (held?.ExpiresAt is not { } end || (held.RefreshToken is null && options.Grant is null))
            return false;

        var ahead = TimeSpan.FromTicks(Math.Min(options.RefreshesAhead.Ticks, (end - held.ObtainedAt).Ticks / 2));
        return time.GetUtcNow() >= end - ahead;
    }

    /// <summary>The next tokens; null if there is nothing to get them with, or it is worth nothing any more.</summary>
    /// <exception cref="AuthorizationException">The authorization server cannot be asked.</exception>
    public async Task<StoredTokens?> NextAsync(StoredTokens old, AuthorizationPlan plan, CancellationToken cancellationToken)
    {
        // A refresh token is good for one use: another process that shares the store may have used it meanwhile.
        var alone = await options.Tokens.LockAsync(old.Key, cancellationToken).ConfigureAwait(false);
        await using var ending = alone.ConfigureAwait(false);
        var kept = await options.Tokens.FindAsync(old.Key, cancellationToken).ConfigureAwait(false);
        if (kept is not null && kept.AccessToken != old.AccessToken && !IsDue(kept))
            return kept;

        var last = kept ?? old;
        return last.RefreshToken is { } refresh && await clients.FindAsync(old.Key, cancellationToken).ConfigureAwait(false) is { } client
            ? await AskAsync(last, refresh, client, plan, cancellationToken).ConfigureAwait(false)
            : null;
    }

    private async Task<StoredTokens?> AskAsync(
        StoredTokens last, string refresh, ClientCredentials client, AuthorizationPlan plan, CancellationToken cancellationToken)
    {
        List<KeyValuePair<string, string>> form = [new("grant_type", GrantType.RefreshToken), new("refresh_token", refresh)];

        // MUST: the resource stands in this request too.
        if (plan.ResourceIdentifier is { } target)
            form.Add(new("resource", target));
        try
        {
            var key = last.ProofKey is { } pem ? ProofKey.Of(pem, time) : null;
            var answer = await endpoint.AskAsync(plan.Server, client, form, key, cancellationToken).ConfigureAwait(false);
            var next = endpoint.Keep(answer, last.Key, last.RequestedScopes) with
            {
                // MUST: a rotated token takes the old one's place. Where none came, the old one stays good.
                RefreshToken = answer.RefreshToken ?? refresh,
                Scopes = answer.Scope is null ? last.Scopes : [.. ScopeSet.Parse(answer.Scope)],
                SignInId = last.SignInId,
                ProofKey = last.ProofKey,
            };
            await options.Tokens.SaveAsync(next, cancellationToken).ConfigureAwait(false);
            return next;
        }
        catch (AuthorizationException fault) when (fault.Error?.Error is OAuthErrorCode.InvalidGrant or OAuthErrorCode.InvalidClient)
        {
            logger.LogInformation("The refresh token was refused, and is forgotten: {Reason}", fault.Message);
            await options.Tokens.SaveAsync(last with { RefreshToken = null }, cancellationToken).ConfigureAwait(false);
            return null;
        }
    }
}
