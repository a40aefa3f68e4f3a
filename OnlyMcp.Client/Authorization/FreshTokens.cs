using Microsoft.Extensions.Logging;
using OnlyMcp.Protocol.Authorization;

namespace OnlyMcp.Client.Authorization;

/// <summary>Gets tokens that do not follow from others: by a grant, from another client that has just got them, or by a person's sign-in.</summary>
/// <remarks>Spec: 2026-07-28 basic/authorization §Authorization Flow Steps</remarks>
internal sealed class FreshTokens(
    ClientAuthorization options, Registrar registrar, KnownClients clients, TokenEndpoint endpoint, string resource, TimeProvider time,
    ILogger logger)
{
    private readonly CodeGrant codes = new(options, registrar, clients, endpoint, resource);

    /// <summary>Gets them, and keeps them.</summary>
    /// <param name="plan">Where.</param>
    /// <param name="challenges">What the MCP server answered; none if nobody was refused yet.</param>
    /// <param name="scopes">What they should allow.</param>
    /// <param name="before">Those that are there, and are not enough.</param>
    /// <param name="mayAskPerson">Whether a person may be sent to sign in.</param>
    /// <param name="cancellationToken">Ends the attempt.</param>
    /// <exception cref="AuthorizationException">They cannot be had.</exception>
    public async Task<StoredTokens> GetAsync(
        AuthorizationPlan plan, IReadOnlyList<AuthenticationChallenge> challenges, IReadOnlyCollection<string> scopes, StoredTokens? before,
        bool mayAskPerson, CancellationToken cancellationToken)
    {
        var key = ProofKey.IsWanted(plan, challenges, before) ? ProofKey.New(time) : null;
        if (options.Grant is { } grant)
            return await KeepAsync(PresentAsync(grant, plan, scopes, key, cancellationToken), key).ConfigureAwait(false);

        // Another client of this store may be at it for the same server: the person is asked once for both.
        var alone = await AloneAsync(plan, cancellationToken).ConfigureAwait(false);
        await using var ending = alone.ConfigureAwait(false);
        if (await OfAnotherAsync(plan, scopes, before, cancellationToken).ConfigureAwait(false) is { } others)
            return others;
        if (!mayAskPerson)
            throw new AuthorizationException(AuthorizationStep.SignIn, "A person has to sign in, and is not asked to for what nobody waits for.");

        return await KeepAsync(codes.SignInAsync(plan, scopes, key, cancellationToken), key).ConfigureAwait(false);
    }

    private async Task<StoredTokens> PresentAsync(
        AuthorizationGrant grant, AuthorizationPlan plan, IReadOnlyCollection<string> scopes, ProofKey? key, CancellationToken cancellationToken)
    {
        var client = clients.For(plan.Server.Issuer);
        var target = plan.ResourceIdentifier ?? resource;
        var context = new GrantContext { Server = plan.Server, Resource = target, Scopes = scopes, Client = client, Endpoint = endpoint };
        List<KeyValuePair<string, string>> form =
            [.. await grant.PresentAsync(context, cancellationToken).ConfigureAwait(false), new("resource", target)];
        if (scopes.Count > 0)
            form.Add(new("scope", ScopeSet.Format(scopes)));
        var answer = await endpoint.AskAsync(plan.Server, client, form, key, cancellationToken).ConfigureAwait(false);
        return endpoint.Keep(answer, new TokenKey(plan.Server.Issuer, client.ClientId, resource, options.Profile), scopes);
    }

    private async ValueTask<IAsyncDisposable> AloneAsync(AuthorizationPlan plan, CancellationToken cancellationToken)
    {
        try
        {
            var signIn = new TokenKey(plan.Server.Issuer, "", resource, options.Profile);
            return await options.Tokens.LockAsync(signIn, cancellationToken).ConfigureAwait(false);
        }
        catch (TimeoutException fault)
        {
            logger.LogInformation("Another sign-in at the same server takes long, and is not waited for: {Reason}", fault.Message);
            return new Nothing();
        }
    }

    /// <summary>What another client, or another process, has got meanwhile, if it was for all that is wanted.</summary>
    private async ValueTask<StoredTokens?> OfAnotherAsync(
        AuthorizationPlan plan, IReadOnlyCollection<string> scopes, StoredTokens? before, CancellationToken cancellationToken)
    {
        var latest = await options.Tokens.FindLatestAsync(resource, options.Profile, cancellationToken).ConfigureAwait(false);
        return latest is not null && latest.Key.Issuer == plan.Server.Issuer && latest.AccessToken != before?.AccessToken
            && !(latest.ExpiresAt <= time.GetUtcNow()) && scopes.All(latest.RequestedScopes.Contains) ? latest : null;
    }

    private async Task<StoredTokens> KeepAsync(Task<StoredTokens> getting, ProofKey? key)
    {
        var got = await getting.ConfigureAwait(false);
        got = got with { SignInId = Guid.NewGuid().ToString("N"), ProofKey = got.TokenType == ProofKey.Scheme ? key?.ToPem() : null };
        await options.Tokens.TrySaveAsync(got, logger).ConfigureAwait(false);
        return got;
    }

    private sealed class Nothing : IAsyncDisposable
    {
        public ValueTask DisposeAsync() => default;
    }
}
