using OnlyMcp.Protocol.Authorization;

namespace OnlyMcp.Client.Authorization;

/// <summary>How a client gets the tokens that a guarded server wants. The defaults open the person's browser and register by themselves.</summary>
/// <remarks>Spec: 2026-07-28 basic/authorization §Authorization Flow Steps</remarks>
public sealed record ClientAuthorization
{
    /// <summary>What people are told the program is called, where they are asked to agree. Set it.</summary>
    public string ClientName { get; init; } = "OnlyMcp client";

    /// <summary>A page about the program; null if there is none.</summary>
    public Uri? ClientUri { get; init; }

    /// <summary>
    /// Clients that authorization servers know already; each for its <see cref="ClientCredentials.Issuer"/>, or, with none, for whichever
    /// authorization server is found. Tried before any registration.
    /// </summary>
    public IReadOnlyList<ClientCredentials> Clients { get; init; } = [];

    /// <summary>
    /// The https address of a document that describes the program, which is the client's id wherever authorization servers read such
    /// documents. You publish it. Null if there is none.
    /// </summary>
    public Uri? ClientIdMetadataDocument { get; init; }

    /// <summary>Whether the client registers itself where nothing else is known of it; true.</summary>
    public bool RegistersDynamically { get; init; } = true;

    /// <summary>
    /// How a person signs in; by default a <see cref="BrowserSignIn"/>. Null where nobody is there to: then only tokens that are kept already
    /// help, or <see cref="Grant"/>.
    /// </summary>
    public ISignIn? SignIn { get; init; } = new BrowserSignIn();

    /// <summary>What is presented in place of a person's sign-in; null, the default, has a person sign in.</summary>
    public AuthorizationGrant? Grant { get; init; }

    /// <summary>Keeps tokens and registrations; by default in memory, for all clients of this process.</summary>
    public ITokenStore Tokens { get; init; } = InMemoryTokenStore.OfThisProcess;

    /// <summary>Whose tokens these are, where one program acts for several people: a name of yours.</summary>
    public string Profile { get; init; } = "default";

    /// <summary>Scopes to ask for beside those that the server names; none by default.</summary>
    public IReadOnlyList<string> Scopes { get; init; } = [];

    /// <summary>Chooses among several authorization servers that an MCP server trusts, by issuer; null takes the first.</summary>
    public Func<IReadOnlyList<string>, CancellationToken, ValueTask<string>>? ChooseAuthorizationServer { get; init; }

    /// <summary>What is known of the authorization server without asking; null, the default, asks.</summary>
    public AuthorizationServerMetadata? AuthorizationServer { get; init; }

    /// <summary>
    /// Whether a server that names no authorization server may be one itself, as in 2025-03-26. Null, the default: where that revision is
    /// among those that may be spoken.
    /// </summary>
    public bool? AllowsServerAsAuthorizationServer { get; init; }

    /// <summary>Whether to ask for a refresh token where the authorization server has a scope for that (<c>offline_access</c>); true.</summary>
    public bool AsksForOfflineAccess { get; init; } = true;

    /// <summary>
    /// How often one request may have a person sign in, or tokens be fetched anew, before it fails; 2. A token that is refused even then is
    /// not replaced for a minute, however many requests there are.
    /// </summary>
    public int MaxAttempts { get; init; } = 2;

    /// <summary>How long a request to an authorization server may take; 30 seconds.</summary>
    public TimeSpan Timeout { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>How long before its end a token is renewed; 1 minute, and never more than half its life.</summary>
    public TimeSpan RefreshesAhead { get; init; } = TimeSpan.FromMinutes(1);

    /// <summary>
    /// What sends the requests to authorization servers; null for one of our own, which connects to nothing that a stranger should not
    /// make us connect to. One of yours must see to that itself. It is not disposed.
    /// </summary>
    public HttpMessageHandler? HttpMessageHandler { get; init; }
}
