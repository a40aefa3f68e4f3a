using Microsoft.Extensions.Logging;
using OnlyMcp.Protocol.Authorization;
using OnlyMcp.Protocol.Revisions;

namespace OnlyMcp.Client.Authorization;

/// <summary>Has the token that requests to one MCP server carry, and gets another when the server refuses it or wants more.</summary>
/// <remarks>
/// One at a time: whoever is refused while another gets a token waits for that one.
/// Spec: 2026-07-28 basic/authorization §Authorization Flow Steps
/// Spec: 2026-07-28 basic/authorization §Step-Up Authorization Flow
/// Spec: 2026-07-28 basic/authorization §Refresh Tokens
/// </remarks>
internal sealed class Authorizer : IDisposable
{
    private readonly ClientAuthorization options;
    private readonly Uri server;
    private readonly string resource;
    private readonly TimeProvider time;
    private readonly ILogger logger;
    private readonly GuardedHttp http;
    private readonly Discovery discovery;
    private readonly Registrar registrar;
    private readonly KnownClients clients;
    private readonly TokenEndpoint endpoint;
    private readonly SemaphoreSlim turn = new(1, 1);

    /// <summary>Scopes that were asked for here and are refused all the same: to ask once more would not help.</summary>
    private readonly HashSet<string> askedFor = new(StringComparer.Ordinal);
    private volatile StoredTokens? tokens;
    private volatile bool isAtHand;
    private AuthorizationPlan? plan;
    private ProofKey? proof;
    private AuthorizationException? failure;
    private int rounds;

    public Authorizer(Uri server, ClientAuthorization options, IReadOnlyList<Revision> revisions, TimeProvider time, ILogger logger)
    {
        this.options = options;
        this.server = server;
        this.time = time;
        this.logger = logger;
        resource = ResourceUri.Canonical(new UriBuilder(server) { Fragment = "" }.Uri);
        http = new GuardedHttp(server, options, time);
        discovery = new Discovery(http, options, revisions);
        registrar = new Registrar(http, options, time);
        clients = new KnownClients(options);
        endpoint = new TokenEndpoint(http, time);
    }

    /// <summary>Stops the clocks of those who wait for answers, while a person signs in.</summary>
    public Func<IDisposable>? Hold { get; set; }

    /// <summary>Whose answers come back: changes with each sign-in. Null while requests carry no token.</summary>
    public string? Identity => tokens is { } held ? $"{resource} {options.Profile} {held.SignInId}" : null;

    public void Dispose()
    {
        http.Dispose();
        turn.Dispose();
    }

    /// <summary>What a request carries; null if there is nothing. A token that is about to expire is renewed before.</summary>
    public async ValueTask<StoredTokens?> CurrentAsync(CancellationToken cancellationToken)
    {
        if (isAtHand && !IsEnding(tokens))
            return tokens;

        await WaitForTurnAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            if (!isAtHand)
                Take(await options.Tokens.FindLatestAsync(resource, options.Profile, cancellationToken).ConfigureAwait(false));
            if (plan is not null && tokens is { } ending && IsEnding(ending))
                await RenewAheadAsync(ending, plan, cancellationToken).ConfigureAwait(false);
            return tokens;
        }
        finally
        {
            turn.Release();
        }
    }

    /// <summary>Writes a token into a request's headers. MUST: in the header, on every request, and nowhere else.</summary>
    public void Write(HttpRequestMessage request, StoredTokens held)
    {
        request.Headers.TryAddWithoutValidation("Authorization", $"{held.TokenType} {held.AccessToken}");
        if (held.ProofKey is not null && proof is { } key)
            request.Headers.TryAddWithoutValidation(ProofKey.Header, key.ProofFor(request.Method, request.RequestUri!, held.AccessToken));
    }

    /// <summary>Looks at an answer; true if the request should be sent again, with what there is then.</summary>
    /// <param name="response">The answer.</param>
    /// <param name="used">What the request carried.</param>
    /// <param name="visit">What has been done for it so far.</param>
    /// <param name="cancellationToken">Ends the search for a token.</param>
    /// <exception cref="AuthorizationException">The server wants a token that cannot be had.</exception>
    public async Task<bool> MendAsync(HttpResponseMessage response, StoredTokens? used, Visit visit, CancellationToken cancellationToken)
    {
        if (used?.ProofKey is not null)
            proof?.Hear(response.RequestMessage!.RequestUri!, response.Headers);
        var status = (int)response.StatusCode;
        if (status is not (401 or 403))
            return false;

        var challenges = ChallengesOf(response);
        if (challenges.Any(challenge => challenge["error"] == OAuthErrorCode.UseDpopNonce) && used?.ProofKey is not null)
            return visit.TakesNonce();

        // A 403 for any other reason is no question of tokens.
        var wantsMore = challenges.FirstOrDefault(challenge => challenge["error"] == OAuthErrorCode.InsufficientScope);
        if (status == 403 && wantsMore is null)
            return false;

        var seen = Volatile.Read(ref rounds);
        await WaitForTurnAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            if (tokens?.AccessToken != used?.AccessToken)
                return true;

            // Whoever waited while it failed for another is told the same, and nobody is asked to sign in once for each.
            if (rounds != seen && failure is { } shared)
                throw new AuthorizationException(shared.Step, shared.Message, shared) { Error = shared.Error };
            return await ObtainAsync(challenges, wantsMore, used, visit, cancellationToken).ConfigureAwait(false);
        }
        finally
        {
            turn.Release();
        }
    }

    /// <summary>Whoever comes while a person signs in for another waits as long as that takes, and no clock runs.</summary>
    private async Task WaitForTurnAsync(CancellationToken cancellationToken)
    {
        if (turn.Wait(0, CancellationToken.None))
            return;

        using var held = Hold?.Invoke();
        await turn.WaitAsync(cancellationToken).ConfigureAwait(false);
    }

    private async Task<bool> ObtainAsync(
        IReadOnlyList<AuthenticationChallenge> challenges, AuthenticationChallenge? wantsMore, StoredTokens? used, Visit visit,
        CancellationToken cancellationToken)
    {
        using var held = Hold?.Invoke();
        try
        {
            RequireHope(challenges, wantsMore, used, visit);
            Take(await NextAsync(challenges, wantsMore, used, visit, cancellationToken).ConfigureAwait(false));
            failure = null;
            return true;
        }
        catch (AuthorizationException fault) when (!visit.MayAskPerson)
        {
            // What goes on in the background ends as it would without authorization.
            logger.LogInformation("No token could be had for a request in the background: {Reason}", fault.Message);
            return false;
        }
        catch (AuthorizationException fault)
        {
            failure = fault;
            logger.LogWarning("No token could be had: {Reason}", fault.Message);
            throw;
        }
        finally
        {
            Interlocked.Increment(ref rounds);
        }
    }

    /// <summary>MUST: what has failed a few times is given up, and not tried for ever.</summary>
    private void RequireHope(
        IReadOnlyList<AuthenticationChallenge> challenges, AuthenticationChallenge? wantsMore, StoredTokens? used, Visit visit)
    {
        var more = ScopeSet.Parse(wantsMore?["scope"]);
        var isFutile = wantsMore is not null && (more.IsEmpty ? visit.Attempts > 0 : askedFor.IsSupersetOf(more));
        if (!isFutile && visit.Attempts++ < options.MaxAttempts)
            return;

        var reason = challenges.Select(challenge => challenge["error_description"]).FirstOrDefault(words => words is not null);
        var said = reason is null ? "" : $" It says: {AuthorizationException.Cite(reason)}.";
        var show = GuardedHttp.Show(server);
        throw new AuthorizationException(AuthorizationStep.Access, wantsMore is null
            ? $"{show} refuses the token that {AuthorizationException.Cite(used?.Key.Issuer)} issued for it.{said} Its operator has to see whether both agree on the audience and the keys."
            : $"{show} wants the scopes '{AuthorizationException.Cite(wantsMore["scope"])}'; they were asked for, and the token has '{AuthorizationException.Cite(ScopeSet.Format(used?.Scopes ?? []))}'.{said} Somebody who may grant them has to.");
    }

    private async Task<StoredTokens> NextAsync(
        IReadOnlyList<AuthenticationChallenge> challenges, AuthenticationChallenge? wantsMore, StoredTokens? used, Visit visit,
        CancellationToken cancellationToken)
    {
        // MUST: looked up anew each time, for the MCP server may trust another authorization server by now.
        plan = await discovery.DiscoverAsync(server, challenges, cancellationToken).ConfigureAwait(false);
        var isSameServer = used is not null && used.Key.Issuer == plan.Server.Issuer;
        if (isSameServer && wantsMore is null && !visit.WasRefreshed)
        {
            visit.WasRefreshed = true;
            if (await RefreshAsync(used!, plan, cancellationToken).ConfigureAwait(false) is { } renewed)
                return renewed;
        }

        // SHOULD: what was asked for before is asked for again, beside what is wanted now.
        var before = isSameServer ? used!.RequestedScopes : [];
        var scopes = ScopeChoice.For(plan, wantsMore ?? challenges.FirstOrDefault(challenge => challenge["scope"] is not null), before, options);
        return await FreshAsync(plan, challenges, scopes, visit, cancellationToken).ConfigureAwait(false);
    }

    private async Task<StoredTokens> FreshAsync(
        AuthorizationPlan plan, IReadOnlyList<AuthenticationChallenge> challenges, IReadOnlyCollection<string> scopes, Visit visit,
        CancellationToken cancellationToken)
    {
        var key = ProofKey.IsWanted(plan, challenges, tokens) ? ProofKey.New(time) : null;
        StoredTokens got;
        if (options.Grant is { } grant)
            got = await PresentAsync(grant, plan, scopes, key, cancellationToken).ConfigureAwait(false);
        else if (visit.MayAskPerson)
            got = await new CodeGrant(options, registrar, endpoint, resource).SignInAsync(plan, scopes, key, cancellationToken).ConfigureAwait(false);
        else
            throw new AuthorizationException(AuthorizationStep.SignIn, "A person has to sign in, and is not bothered with it for what goes on in the background.");

        askedFor.UnionWith(scopes);
        got = got with { SignInId = Guid.NewGuid().ToString("N"), ProofKey = got.TokenType == ProofKey.Scheme ? key?.ToPem() : null };
        await options.Tokens.SaveAsync(got, cancellationToken).ConfigureAwait(false);
        return got;
    }

    private async Task<StoredTokens> PresentAsync(
        AuthorizationGrant grant, AuthorizationPlan plan, IReadOnlyCollection<string> scopes, ProofKey? key, CancellationToken cancellationToken)
    {
        var client = clients.For(plan.Server.Issuer);
        var target = plan.ResourceIdentifier ?? resource;
        var context = new GrantContext { Server = plan.Server, Resource = target, Scopes = scopes, Client = client, Endpoint = endpoint };
        List<KeyValuePair<string, string>> form = [.. await grant.PresentAsync(context, cancellationToken).ConfigureAwait(false), new("resource", target)];
        if (scopes.Count > 0)
            form.Add(new("scope", ScopeSet.Format(scopes)));
        var answer = await endpoint.AskAsync(plan.Server, client, form, key, cancellationToken).ConfigureAwait(false);
        return endpoint.Keep(answer, new TokenKey(plan.Server.Issuer, client.ClientId, resource, options.Profile), scopes);
    }

    /// <summary>The next tokens for a refresh token; null if there is none, or it is worth nothing any more.</summary>
    private async Task<StoredTokens?> RefreshAsync(StoredTokens old, AuthorizationPlan plan, CancellationToken cancellationToken)
    {
        // A refresh token is good for one use: another process that shares the store may have used it meanwhile.
        var alone = await options.Tokens.LockAsync(old.Key, cancellationToken).ConfigureAwait(false);
        await using var ending = alone.ConfigureAwait(false);
        var kept = await options.Tokens.FindAsync(old.Key, cancellationToken).ConfigureAwait(false);
        if (kept is not null && kept.AccessToken != old.AccessToken && !IsEnding(kept))
            return kept;
        if ((kept ?? old) is not { RefreshToken: { } refresh } last
            || await clients.FindAsync(old.Key, cancellationToken).ConfigureAwait(false) is not { } client)
        {
            return null;
        }

        List<KeyValuePair<string, string>> form = [new("grant_type", GrantType.RefreshToken), new("refresh_token", refresh)];
        if (plan.ResourceIdentifier is { } target)
            form.Add(new("resource", target));
        try
        {
            var key = last.ProofKey is { } pem ? ProofKey.Of(pem, time) : null;
            var answer = await endpoint.AskAsync(plan.Server, client, form, key, cancellationToken).ConfigureAwait(false);
            var next = endpoint.Keep(answer, last.Key, last.RequestedScopes) with
            {
                // A rotated token takes the old one's place; where none came, the old one stays good.
                RefreshToken = answer.RefreshToken ?? refresh,
                Scopes = answer.Scope is null ? last.Scopes : [.. ScopeSet.Parse(answer.Scope)],
                SignInId = last.SignInId,
                ProofKey = last.ProofKey,
            };
            await options.Tokens.SaveAsync(next, cancellationToken).ConfigureAwait(false);
            return next;
        }
        catch (AuthorizationException fault) when (fault.Error is not null)
        {
            logger.LogInformation("The refresh token was refused, and is forgotten: {Reason}", fault.Message);
            await options.Tokens.SaveAsync(last with { RefreshToken = null }, cancellationToken).ConfigureAwait(false);
            return null;
        }
    }

    /// <summary>Renews before anybody is refused. What goes wrong is not told: the token may be good for this request yet, and the server knows best.</summary>
    private async Task RenewAheadAsync(StoredTokens ending, AuthorizationPlan known, CancellationToken cancellationToken)
    {
        using var held = Hold?.Invoke();
        try
        {
            if (options.Grant is null)
                Take(await RefreshAsync(ending, known, cancellationToken).ConfigureAwait(false) ?? ending with { RefreshToken = null });
            else
                Take(await FreshAsync(known, [], ending.RequestedScopes, new Visit(mayAskPerson: false), cancellationToken).ConfigureAwait(false));
        }
        catch (AuthorizationException fault)
        {
            logger.LogInformation("A token was not renewed ahead of its end: {Reason}", fault.Message);
        }
    }

    private void Take(StoredTokens? next)
    {
        if (next?.ProofKey is { } pem && pem != tokens?.ProofKey)
            proof = ProofKey.Of(pem, time);
        tokens = next;
        isAtHand = true;
    }

    private bool IsEnding(StoredTokens? held)
    {
        if (held?.ExpiresAt is not { } end || (held.RefreshToken is null && options.Grant is null))
            return false;

        var ahead = TimeSpan.FromTicks(Math.Min(options.RefreshesAhead.Ticks, (end - held.ObtainedAt).Ticks / 2));
        return time.GetUtcNow() >= end - ahead;
    }

    private static IReadOnlyList<AuthenticationChallenge> ChallengesOf(HttpResponseMessage response) =>
        response.Headers.NonValidated.TryGetValues("WWW-Authenticate", out var lines) ? AuthenticationChallenge.Parse(lines) : [];
}
