using Microsoft.Extensions.Logging;
using OnlyMcp.Protocol.Authorization;

namespace OnlyMcp.Client.Authorization;

/// <summary>Gets the next tokens for a refresh token: once, whoever else holds the same, and never at another authorization server.</summary>
/// <remarks>
/// RFC 6749 §6.
/// Spec: 2026-07-28 basic/authorization §Refresh Tokens
/// Spec: 2026-07-28 basic/authorization/security-considerations §Token Theft
/// </remarks>
internal sealed class TokenRefresh(ClientAuthorization options, KnownClients clients, TokenEndpoint endpoint, TimeProvider time, ILogger logger)
{
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
        var renewing = RenewAsync(alone, old, plan);
        try
        {
            return await renewing.WaitAsync(cancellationToken).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (!renewing.IsCompleted)
        {
            _ = LetItEndAsync(renewing);
            throw;
        }
    }

    /// <summary>
    /// Is not cancelled once it has begun: the server may have taken the refresh token already, and what it answers is all that there is.
    /// Its time is limited.
    /// </summary>
    private async Task<StoredTokens?> RenewAsync(IAsyncDisposable alone, StoredTokens old, AuthorizationPlan plan)
    {
        await using var ending = alone.ConfigureAwait(false);
        var kept = await options.Tokens.FindAsync(old.Key, CancellationToken.None).ConfigureAwait(false);
        if (kept is not null && kept.AccessToken != old.AccessToken && !IsDue(kept))
            return kept;

        var last = kept ?? old;
        return last.RefreshToken is { } refresh && clients.Of(last) is { } client
            ? await AskAsync(last, refresh, client, plan).ConfigureAwait(false)
            : null;
    }

    private static async Task LetItEndAsync(Task renewing) => await renewing.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);

    private async Task<StoredTokens?> AskAsync(StoredTokens last, string refresh, ClientCredentials client, AuthorizationPlan plan)
    {
        List<KeyValuePair<string, string>> form = [new("grant_type", GrantType.RefreshToken), new("refresh_token", refresh)];

        // MUST: the resource stands in this request too.
        if (plan.ResourceIdentifier is { } target)
            form.Add(new("resource", target));
        try
        {
            var key = last.ProofKey is { } pem ? ProofKey.Of(pem, time) : null;
            var answer = await endpoint.AskAsync(plan.Server, client, form, key, CancellationToken.None).ConfigureAwait(false);
            var next = endpoint.Keep(answer, last.Key, last.RequestedScopes);
            next = next with
            {
                // MUST: a rotated token takes the old one's place. Where none came, the old one stays good.
                RefreshToken = next.RefreshToken ?? refresh,
                Scopes = answer.Scope is null ? last.Scopes : next.Scopes,
                SignInId = last.SignInId,
                Registration = last.Registration,
                ProofKey = last.ProofKey,
            };
            await options.Tokens.TrySaveAsync(next, logger).ConfigureAwait(false);
            return next;
        }
        catch (AuthorizationException fault) when (fault.Error?.Error is OAuthErrorCode.InvalidGrant or OAuthErrorCode.InvalidClient)
        {
            logger.LogInformation("The refresh token was refused, and is forgotten: {Reason}", fault.Message);
            await options.Tokens.TrySaveAsync(last with { RefreshToken = null }, logger).ConfigureAwait(false);
            if (fault.Error.Error == OAuthErrorCode.InvalidClient)
                await options.Tokens.ForgetRegistrationAsync(client, options.Profile, CancellationToken.None).ConfigureAwait(false);
            return null;
        }
    }
}
