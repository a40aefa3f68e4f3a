using Microsoft.Extensions.Logging;
using OnlyMcp.Protocol.Authorization;
using OnlyMcp.Protocol.Transport;
using OnlyMcp.Server.Authorization;
using OnlyMcp.Server.AuthorizationServers.Pages;
using OnlyMcp.Server.Eras;
using OnlyMcp.Server.Http;

namespace OnlyMcp.Server.AuthorizationServers;

/// <summary>
/// Lets people sign in and decide which programs may use an MCP server on their behalf, and gives those programs tokens for it: an OAuth 2.1
/// authorization server within this process, for learning, for tests, and for small services.
/// </summary>
/// <remarks>
/// Spec: 2026-07-28 basic/authorization §Roles
/// Spec: 2025-03-26 basic/authorization §Authorization Base URL
/// </remarks>
public sealed class AuthorizationServer
{
    private readonly IOAuthEndpoint[] endpoints;
    private readonly RequestGate gate;
    private readonly ILogger logger;
    private readonly Lock guarding = new();
    private volatile IReadOnlyList<string> resources;
    private volatile IReadOnlyList<string> servers;
    private volatile IReadOnlyList<string> usual;
    private volatile IReadOnlyDictionary<string, string> scopes;
    private Issuer? issuer;

    /// <summary>Makes a server; <see cref="HandleAsync"/> answers its requests.</summary>
    /// <exception cref="ArgumentException">An option does not fit: the issuer is neither https nor of this machine, say.</exception>
    public AuthorizationServer(AuthorizationServerOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        options.Check();
        Options = options;
        issuer = options.Issuer is { } name ? new Issuer(name) : null;
        Store = options.Store ?? new InMemoryAuthorizationStore(time: options.TimeProvider);
        resources = servers = [.. options.Resources.Select(Canonical)];
        usual = [.. options.Scopes.Keys];
        scopes = new Dictionary<string, string>(options.Scopes, StringComparer.Ordinal);
        logger = options.LoggerFactory.CreateLogger<AuthorizationServer>();
        gate = new RequestGate(options.MaxConcurrentRequests, "requests for tokens");
        (Keys, Tokens, Codes) = (new KeyRing(this), new TokenIssuer(this), new AuthorizationCodes(this));
        (SignIns, Consents) = (new SignIns(this), new Consents(this));
        Registrations = new ClientRegistrations(this);
        (Clients, Authentication) = (new ClientDirectory(this), new ClientAuthentication(this));
        OwnVerifier = new OwnTokenVerifier(this);
        Grants = [new CodeGrant(this), new RefreshGrant(this), .. GrantsWithoutAPage()];
        endpoints =
        [
            new MetadataEndpoint(this), new KeysEndpoint(this), new AuthorizeEndpoint(this), new TokenEndpoint(this), new RevokeEndpoint(this),
            .. options.AllowsRegistration ? [new RegistrationEndpoint(this)] : Array.Empty<IOAuthEndpoint>(),
        ];
    }

    /// <summary>The server's name, which its tokens carry.</summary>
    /// <exception cref="InvalidOperationException">Neither the options nor a host have told it yet.</exception>
    public string Issuer => Self.Text;

    /// <summary>Tells what its access tokens are worth, without a request: for the MCP server in the same process.</summary>
    public ITokenVerifier Verifier => OwnVerifier;

    /// <summary>What it was told.</summary>
    internal AuthorizationServerOptions Options { get; }

    /// <summary>Its name with what follows from it.</summary>
    internal Issuer Self => issuer ?? throw new InvalidOperationException(
        $"The authorization server does not know its own address: set {nameof(AuthorizationServerOptions)}.{nameof(AuthorizationServerOptions.Issuer)}.");

    /// <summary>What stands before its paths; empty for nothing, and as long as it has no name.</summary>
    internal string IssuerPath => issuer?.Path ?? "";

    /// <summary>What it is called on its pages.</summary>
    internal string ServiceName => Options.ServiceName ?? Self.Uri.Host;

    /// <summary>What it must not forget.</summary>
    internal IAuthorizationStore Store { get; }

    /// <summary>What it signs with.</summary>
    internal KeyRing Keys { get; }

    /// <summary>The codes that it has given out.</summary>
    internal AuthorizationCodes Codes { get; }

    /// <summary>The tokens that it has given out.</summary>
    internal TokenIssuer Tokens { get; }

    /// <summary>Who is signed in.</summary>
    internal SignIns SignIns { get; }

    /// <summary>Who has allowed what.</summary>
    internal Consents Consents { get; }

    /// <summary>The verifier, and what else it can do.</summary>
    internal OwnTokenVerifier OwnVerifier { get; }

    /// <summary>The clients that registered themselves.</summary>
    internal ClientRegistrations Registrations { get; }

    /// <summary>Who may ask.</summary>
    internal IClientDirectory Clients { get; }

    /// <summary>How they show who they are.</summary>
    internal ClientAuthentication Authentication { get; }

    /// <summary>What tokens are given for.</summary>
    internal IReadOnlyList<IGrant> Grants { get; }

    /// <summary>The clock.</summary>
    internal TimeProvider Time => Options.TimeProvider;

    /// <summary>The MCP servers that tokens may be for, in their canonical form.</summary>
    internal IReadOnlyList<string> Resources => resources;

    /// <summary>The one that is meant by who names none; null where there are several.</summary>
    internal string? OnlyResource => servers is [var only] ? only : null;

    /// <summary>What is asked for by who names no scope.</summary>
    internal IReadOnlyList<string> UsualScopes => Options.DefaultScopes ?? usual;

    /// <summary>What tokens can allow, each with its words.</summary>
    internal IReadOnlyDictionary<string, string> Scopes => scopes;

    /// <summary>Answers a request, unless its path is none of the server's: then nothing has been touched, and the answer is false.</summary>
    public async ValueTask<bool> HandleAsync(HttpExchange http, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(http);
        if (EndpointAt(http.Path) is not { } endpoint)
            return false;

        try
        {
            gate.Enter();
            try
            {
                await AnswerAsync(endpoint, http, cancellationToken).ConfigureAwait(false);
            }
            finally
            {
                gate.Leave();
            }
        }
        catch (Exception fault)
        {
            await ReportAsync(endpoint, http, fault).ConfigureAwait(false);
        }
        finally
        {
            http.Complete();
        }

        return true;
    }

    /// <summary>Tells the server its name, where the options did not: the host does that once it listens.</summary>
    internal void ListensAt(string address) => issuer ??= new Issuer(address);

    /// <summary>Adds an MCP server that tokens may be for. Others may be in use already.</summary>
    /// <param name="addresses">Where it is reached: a token for one of these is good at all, and the first is what is meant by none.</param>
    /// <param name="needed">The scopes that every request there needs, or that clients should begin with.</param>
    /// <param name="demanded">Those that single tools and the like need beside them; nobody is given them who has not asked.</param>
    internal void Guards(IReadOnlyList<string> addresses, IEnumerable<string> needed, IEnumerable<string> demanded)
    {
        lock (guarding)
        {
            resources = [.. resources.Union(addresses.Select(Canonical))];
            servers = [.. servers.Union([Canonical(addresses[0])])];
            usual = [.. usual.Union(needed)];
            var all = new Dictionary<string, string>(scopes, StringComparer.Ordinal);
            foreach (var scope in usual.Concat(demanded))
                all.TryAdd(scope, scope);
            scopes = all;
        }
    }

    /// <summary>Whether something is served at a path.</summary>
    internal bool Answers(string path) => Array.Exists(endpoints, endpoint => endpoint.Paths.Contains(path));

    /// <summary>Whether somebody may still be served.</summary>
    internal ValueTask<bool> IsActiveAsync(string subject, CancellationToken cancellationToken) =>
        Options.IsUserActiveAsync?.Invoke(subject, cancellationToken) ?? new(true);

    /// <summary>What is there where somebody may use it.</summary>
    private IEnumerable<IGrant> GrantsWithoutAPage()
    {
        if (Options.Clients.Any(client => client.Metadata.GrantTypes?.Contains(GrantType.ClientCredentials) == true))
            yield return new ClientCredentialsGrant(this);
        if (Options.IdentityProviders.Count > 0)
            yield return new JwtBearerGrant(this);
    }

    private async ValueTask AnswerAsync(IOAuthEndpoint endpoint, HttpExchange http, CancellationToken cancellationToken)
    {
        Framing.Check(http);
        if (!Self.IsHostOf(http))
            throw new OAuthException(OAuthErrorCode.InvalidRequest, $"Nothing is served under this Host; the issuer is {Issuer}.", 403);
        if (endpoint.IsForEveryOrigin)
            http.SetResponseHeader("Access-Control-Allow-Origin", "*");

        if (endpoint.Verbs.Contains(http.Method))
            await endpoint.HandleAsync(http, cancellationToken).ConfigureAwait(false);
        else if (endpoint.IsForEveryOrigin && Cors.IsPreflight(http))
            await Cors.AnswerPreflightAsync(http, string.Join(", ", endpoint.Verbs)).ConfigureAwait(false);
        else
            await RefuseVerbAsync(endpoint, http).ConfigureAwait(false);
    }

    private static ValueTask RefuseVerbAsync(IOAuthEndpoint endpoint, HttpExchange http)
    {
        http.SetResponseHeader("Allow", string.Join(", ", endpoint.Verbs));
        return OAuthReply.SendEmptyAsync(http, 405);
    }

    private async ValueTask ReportAsync(IOAuthEndpoint endpoint, HttpExchange http, Exception fault)
    {
        var error = fault switch
        {
            OAuthException refused => refused,
            RefusedRequestException { HttpStatus: 503 } busy => new OAuthException(OAuthErrorCode.TemporarilyUnavailable, busy.Message, 503),
            RefusedRequestException refused => new OAuthException(OAuthErrorCode.InvalidRequest, refused.Message, refused.HttpStatus),
            AuthorizationStoreFullException => new OAuthException(
                OAuthErrorCode.TemporarilyUnavailable, "There is no room for more at the moment.", 503),
            _ => new OAuthException(OAuthErrorCode.ServerError, "Something broke here, and its log says what.", 500),
        };
        if (error.Status >= 500 && fault is not (OAuthException or TransportClosedException or OperationCanceledException))
            logger.LogError(fault, "{Method} {Path} failed.", http.Method, http.Path);

        if (fault is TransportClosedException || http.HasResponse)
            http.Abort(0);
        else
            await TryRefuseAsync(endpoint, http, error).ConfigureAwait(false);
    }

    private async ValueTask TryRefuseAsync(IOAuthEndpoint endpoint, HttpExchange http, OAuthException error)
    {
        try
        {
            if (http.HasUnreadBody)
                http.CloseAfterResponse();
            OAuthReply.Delay(http, error);

            // What is for no other site's pages is for people, who cannot read JSON.
            if (endpoint.IsForEveryOrigin)
                await OAuthReply.SendErrorAsync(http, error, Time).ConfigureAwait(false);
            else
                await ProblemPage.For(error).SendAsync(http, error.Status, this).ConfigureAwait(false);
            if (http.HasUnreadBody && !Framing.IsAmbiguous(http))
                await RequestBody.DrainAsync(http, error.Status, Time).ConfigureAwait(false);
        }
        catch (TransportClosedException)
        {
            http.Abort(0); // Nobody is left to be told.
        }
    }

    private IOAuthEndpoint? EndpointAt(string path) =>
        Array.Find(endpoints, endpoint => endpoint.Paths.Contains(path) || (issuer is { } self && endpoint.Paths.Contains(self.Within(path))));

    private static string Canonical(string resource) => Uri.TryCreate(resource, UriKind.Absolute, out var uri)
        ? ResourceUri.Canonical(uri)
        : throw new ArgumentException($"'{resource}' is no resource: give the address of an MCP server, such as https://example.com/mcp.");
}
