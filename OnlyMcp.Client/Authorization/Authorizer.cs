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
    /// <summary>How long nobody is troubled again with a token that was given up, however often the program asks.</summary>
    private static readonly TimeSpan Pause = TimeSpan.FromMinutes(1);

    /// <summary>How long a token that is good yet is used before it is tried once more to renew it.</summary>
    private static readonly TimeSpan RenewalPause = TimeSpan.FromSeconds(10);

    private readonly ClientAuthorization options;
    private readonly Uri server;
    private readonly string resource;
    private readonly TimeProvider time;
    private readonly ILogger logger;
    private readonly GuardedHttp http;
    private readonly Discovery discovery;
    private readonly KnownClients clients;
    private readonly FreshTokens fresh;
    private readonly TokenRefresh refresh;
    private readonly SemaphoreSlim turn = new(1, 1);

    /// <summary>Scopes that were asked for last, with all before: if they are wanted all the same, to ask once more would not help.</summary>
    private IReadOnlyCollection<string> askedFor = [];
    private volatile StoredTokens? tokens;
    private volatile bool isAtHand;
    private AuthorizationPlan? plan;
    private ProofKey? proof;
    private AuthorizationException? failure;
    private (string Token, long Since, AuthorizationException Reason)? givenUp;
    private long? renewalFailed;
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
        clients = new KnownClients(options);
        var endpoint = new TokenEndpoint(http, time);
        fresh = new FreshTokens(options, new Registrar(http, options, time), clients, endpoint, resource, time, logger);
        refresh = new TokenRefresh(options, clients, endpoint, time, logger);
    }

    /// <summary>Stops the clocks of those who wait for answers, while a person signs in.</summary>
    public Func<IDisposable>? Hold { get; set; }

    /// <summary>Whose answers come back: changes with each sign-in. Null while requests carry no token.</summary>
    public string? Identity => tokens is { } held ? $"{resource} {options.Profile} {held.SignInId}" : null;

    /// <summary>Those who have, or wait for, the turn still end in peace: it is not disposed, and holds nothing that must be.</summary>
    public void Dispose() => http.Dispose();

    /// <summary>What a request carries; null if there is nothing. A token that is about to expire is renewed before.</summary>
    public async ValueTask<StoredTokens?> CurrentAsync(CancellationToken cancellationToken)
    {
        if (isAtHand && !refresh.IsDue(tokens))
            return tokens;

        await WaitForTurnAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            if (!isAtHand)
                Take(await options.Tokens.FindLatestAsync(resource, options.Profile, cancellationToken).ConfigureAwait(false));
            if (plan is not null && tokens is { } ending && refresh.IsDue(ending) && !IsWithin(RenewalPause, renewalFailed))
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
                throw Again(shared);
            return await ObtainAsync(challenges, wantsMore, used, visit, cancellationToken).ConfigureAwait(false);
        }
        finally
        {
            turn.Release();
        }
    }

    /// <summary>Each who is told gets an exception of its own.</summary>
    private static AuthorizationException Again(AuthorizationException fault) => new(fault.Step, fault.Message, fault) { Error = fault.Error };

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
        failure = null;
        try
        {
            RequireHope(challenges, wantsMore, used, visit);
            Take(await NextAsync(challenges, wantsMore, used, visit, cancellationToken).ConfigureAwait(false));
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
        if (wantsMore is null && givenUp is { } before && before.Token == used?.AccessToken && IsWithin(Pause, before.Since))
            throw Again(before.Reason);

        var more = ScopeSet.Parse(wantsMore?["scope"]);
        var isFutile = wantsMore is not null && (more.IsEmpty ? visit.Attempts > 0 : more.IsSubsetOf(askedFor));
        if (!isFutile && visit.Attempts++ < options.MaxAttempts)
            return;

        var words = challenges.Select(challenge => challenge["error_description"]).FirstOrDefault(description => description is not null);
        var said = words is null ? "" : $" It says: {AuthorizationException.Cite(words)}.";
        var reason = new AuthorizationException(AuthorizationStep.Access, GuardedHttp.Show(server) + (wantsMore is null
            ? $" refuses the token that {AuthorizationException.Cite(used?.Key.Issuer)} issued for it.{said} "
                + "Its operator has to see whether both agree on the audience and the keys."
            : $" wants the scopes '{AuthorizationException.Cite(wantsMore["scope"])}'; they were asked for, and the token has "
                + $"'{AuthorizationException.Cite(ScopeSet.Format(used?.Scopes ?? []))}'.{said} Somebody who may grant them has to."));
        if (wantsMore is null && used is not null)
            givenUp = (used.AccessToken, time.GetTimestamp(), reason);
        throw reason;
    }

    private async Task<StoredTokens> NextAsync(
        IReadOnlyList<AuthenticationChallenge> challenges, AuthenticationChallenge? wantsMore, StoredTokens? used, Visit visit,
        CancellationToken cancellationToken)
    {
        // MUST: looked up anew each time, for the MCP server may trust another authorization server by now.
        plan = await discovery.DiscoverAsync(server, challenges, cancellationToken).ConfigureAwait(false);
        if (used is not null)
            clients.RequireUnmoved(used.Key, plan.Server.Issuer);
        var isSameServer = used is not null && used.Key.Issuer == plan.Server.Issuer;
        if (isSameServer && wantsMore is null && !visit.WasRefreshed)
        {
            visit.WasRefreshed = true;
            if (await refresh.NextAsync(used!, plan, cancellationToken).ConfigureAwait(false) is { } renewed)
                return renewed;
        }

        // SHOULD: what was asked for before is asked for again, beside what is wanted now.
        var before = isSameServer ? used!.RequestedScopes : [];
        var scopes = ScopeChoice.For(plan, wantsMore ?? challenges.FirstOrDefault(challenge => challenge["scope"] is not null), before, options);
        var got = await fresh.GetAsync(plan, challenges, scopes, tokens, visit.MayAskPerson, cancellationToken).ConfigureAwait(false);
        askedFor = scopes;
        return got;
    }

    /// <summary>
    /// Renews before anybody is refused. What goes wrong is not told: the token may be good for this request yet, and the server knows best.
    /// </summary>
    private async Task RenewAheadAsync(StoredTokens ending, AuthorizationPlan known, CancellationToken cancellationToken)
    {
        using var held = Hold?.Invoke();
        try
        {
            if (options.Grant is null)
                Take(await refresh.NextAsync(ending, known, cancellationToken).ConfigureAwait(false) ?? ending with { RefreshToken = null });
            else
                Take(await fresh.GetAsync(known, [], ending.RequestedScopes, ending, mayAskPerson: false, cancellationToken).ConfigureAwait(false));
        }
        catch (AuthorizationException fault)
        {
            renewalFailed = time.GetTimestamp();
            logger.LogInformation("A token was not renewed ahead of its end: {Reason}", fault.Message);
        }
    }

    /// <summary>By the clock that nobody sets.</summary>
    private bool IsWithin(TimeSpan pause, long? since) => since is { } start && time.GetElapsedTime(start) < pause;

    private void Take(StoredTokens? next)
    {
        if (next?.ProofKey is { } pem && pem != tokens?.ProofKey)
            proof = ProofKey.Of(pem, time);
        tokens = next;
        isAtHand = true;
    }

    private static IReadOnlyList<AuthenticationChallenge> ChallengesOf(HttpResponseMessage response) =>
        response.Headers.NonValidated.TryGetValues("WWW-Authenticate", out var lines) ? AuthenticationChallenge.Parse(lines) : [];
}
