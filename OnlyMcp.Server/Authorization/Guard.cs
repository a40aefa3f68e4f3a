using Microsoft.Extensions.Logging;
using OnlyMcp.Protocol.Authorization;
using OnlyMcp.Protocol.JsonRpc;
using OnlyMcp.Server.Eras;
using OnlyMcp.Server.Http;

namespace OnlyMcp.Server.Authorization;

/// <summary>
/// Stands before every route of one handler: lets requests pass that carry a token for this server, before anything of them is read.
/// </summary>
/// <remarks>
/// Spec: 2026-07-28 basic/authorization §Token Handling
/// Spec: 2026-07-28 basic/authorization §Error Handling
/// Spec: 2026-07-28 basic/authorization/security-considerations §Access Token Privilege Restriction
/// </remarks>
internal sealed class Guard
{
    private readonly AuthorizationOptions options;
    private readonly McpServer server;
    private readonly McpHttpHandler handler;
    private readonly ProofsOfPossession proofs;
    private readonly ILogger logger;
    private ResourceAddresses? addresses;

    public Guard(AuthorizationOptions options, McpHttpHandler handler)
    {
        this.options = options;
        this.handler = handler;
        server = handler.Server;
        proofs = new ProofsOfPossession(server.Options.TimeProvider, options.ClockSkew);
        logger = server.Options.LoggerFactory.CreateLogger<Guard>();
        if (handler.Options.PublicBaseAddress is { } publicBase)
            IsReachedAt(publicBase);
    }

    /// <summary>Whether it is known under which address clients reach the handler. Never is that taken from what a client sends.</summary>
    public bool KnowsItsAddress => addresses is not null;

    private ResourceAddresses Addresses => addresses ?? throw new InvalidOperationException(NoAddress);

    /// <summary>What to do where nobody said where the server is reached.</summary>
    public static string NoAddress =>
        "A server that requires authorization must know the address under which clients reach it, which their tokens are for: set "
        + $"{nameof(McpHttpOptions)}.{nameof(McpHttpOptions.PublicBaseAddress)}, such as https://mcp.example.com.";

    /// <summary>Says where clients reach the handler's paths, unless that is known.</summary>
    /// <exception cref="ArgumentException">Tokens may not be sent there; the message says why.</exception>
    public void IsReachedAt(Uri publicBase)
    {
        if (addresses is not null)
            return;

        var servesHttpSse = handler.Serves("GET", handler.Options.SsePath);
        addresses = new ResourceAddresses(publicBase, handler.Options, servesHttpSse, options, server.Info.Title ?? server.Info.Name);
        options.AuthorizationServer?.Guards(
            addresses.Resources, options.Scopes.Union(options.ScopesSupported ?? []), server.Demanding.SelectMany(offer => offer.Scopes));
    }

    /// <summary>Answers what is asked of the authorization server within this process; false if there is none, or it is not its own.</summary>
    public ValueTask<bool> IssueAsync(HttpExchange http, CancellationToken cancellationToken) =>
        options.AuthorizationServer?.HandleAsync(http, cancellationToken) ?? new(false);

    /// <summary>The metadata document that is asked for at a path; null if none is.</summary>
    public byte[]? DocumentAt(string path) => Addresses.DocumentAt(path);

    /// <summary>Lets a request pass, and notes on it what its token allows.</summary>
    /// <param name="http">The request.</param>
    /// <param name="bodyTellsMore">Whether only its body says what it asks for, and so what it needs.</param>
    /// <param name="cancellationToken">Ends the wait for the verifier.</param>
    /// <exception cref="RefusedRequestException">
    /// It has no token (401), one that is no good (401), two (400), one that does not allow what is asked for (403), or one that nobody can
    /// verify now (503).
    /// </exception>
    public async ValueTask AdmitAsync(HttpExchange http, bool bodyTellsMore, CancellationToken cancellationToken)
    {
        var at = Addresses.Of(http.Path);
        var credentials = CredentialsOf(http, at);
        var token = await VerifyAsync(credentials, http, at, cancellationToken).ConfigureAwait(false);
        if (WhatIsWrongWith(token) is { } wrong)
            throw Invalid(http, at, credentials.Scheme, wrong);
        if (proofs.WhatIsWrongWith(http, credentials, token, at) is { } unproven)
        {
            var isProof = token.KeyThumbprint is not null && credentials.Scheme == Credentials.Dpop;
            throw Invalid(http, at, Credentials.Dpop, unproven, isProof ? OAuthErrorCode.InvalidDpopProof : OAuthErrorCode.InvalidToken);
        }

        Check(token);
        http.Grant = new Grant(token, credentials.Scheme, at, options, server.Options.TimeProvider);

        // SHOULD: all scopes that an operation needs are named at once.
        if (!bodyTellsMore && http.Grant.IsInsufficient)
            throw Insufficient(http, []);
    }

    /// <summary>Refuses a request whose token lacks what every request needs, and says at once what else it needs.</summary>
    public static RefusedRequestException Insufficient(HttpExchange http, IEnumerable<string> needed) => Challenges.Refuse(
        http, 403, http.Grant!.ChallengeFor(needed), "The access token does not allow this: WWW-Authenticate names the scopes that do.");

    // MUST: 401 without a token, and 400 where the request for it is malformed.
    private static Credentials CredentialsOf(HttpExchange http, ResourceAddress at)
    {
        try
        {
            return Credentials.Of(http) ?? throw Challenges.Refuse(http, 401, at.Unauthorized, WhatIsMissingFrom(http, at));
        }
        catch (FormatException fault)
        {
            var challenge = Challenges.Of(Credentials.Bearer, at, [], OAuthErrorCode.InvalidRequest, fault.Message);
            throw Challenges.Refuse(http, 400, challenge, fault.Message);
        }
    }

    private static string WhatIsMissingFrom(HttpExchange http, ResourceAddress at) => Credentials.IsInQuery(http)
        ? $"A token is sent in the header Authorization: one in the query, which many keep in their logs, is not read. See {at.Metadata}"
        : $"An access token is needed: 'Authorization: Bearer …'. Where to get one, {at.Metadata} says.";

    private async ValueTask<AccessToken> VerifyAsync(
        Credentials credentials, HttpExchange http, ResourceAddress at, CancellationToken cancellationToken)
    {
        try
        {
            var verifying = options.Verifier!.VerifyAsync(credentials.Token, cancellationToken);
            return verifying.IsCompleted
                ? await verifying.ConfigureAwait(false)
                : await verifying.AsTask().WaitAsync(options.VerifierTimeout, server.Options.TimeProvider, cancellationToken)
                    .ConfigureAwait(false);
        }
        catch (InvalidTokenException fault)
        {
            throw Invalid(http, at, credentials.Scheme, fault.Message);
        }
        catch (Exception fault) when (fault is VerifierUnavailableException or TimeoutException)
        {
            // Not a 401: the client would sign its user in again, and again.
            logger.LogWarning(fault, "Access tokens cannot be verified at the moment.");
            throw new RefusedRequestException(
                503, ErrorCode.InternalError, "Whether the access token is good cannot be found out at the moment; try again later.");
        }
    }

    /// <summary>Whatever the verifier did: for whom the token is, and whether its time is over.</summary>
    private string? WhatIsWrongWith(AccessToken token)
    {
        // MUST: an expired token is answered with 401.
        if (token.ExpiresAt is { } expiry && expiry <= server.Options.TimeProvider.GetUtcNow() - options.ClockSkew)
            return "The access token has expired.";

        // MUST: who is no audience of the token refuses it.
        return Addresses.IsAudience(token.Audiences) ? null : "The access token was issued for another server.";
    }

    private RefusedRequestException Invalid(
        HttpExchange http, ResourceAddress at, string scheme, string reason, string error = OAuthErrorCode.InvalidToken)
    {
        logger.LogDebug("A request to {Path} came with a token that is not taken: {Reason}", http.Path, reason);
        return Challenges.Refuse(http, 401, Challenges.Of(scheme, at, options.Scopes, error, reason), reason);
    }

    /// <summary>A verifier that leaves open who somebody is would let all of them share what is one person's.</summary>
    private static void Check(AccessToken token)
    {
        if (token.Principal.Identity is not { IsAuthenticated: true } || !token.Principal.Claims.Any())
            throw new InvalidOperationException("The verifier must say who uses a token: an authenticated identity with the claim 'sub'.");
        if (PrincipalItems.SubjectOf(token.Principal) is { } subject && subject.Issuer != token.Issuer)
            throw new InvalidOperationException("The verifier must say whose subject 'sub' is: the claim's issuer is the token's.");
    }
}
