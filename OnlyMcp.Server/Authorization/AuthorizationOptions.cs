using Microsoft.Extensions.Logging;
using OnlyMcp.Protocol.Authorization;
using OnlyMcp.Server.AuthorizationServers;

namespace OnlyMcp.Server.Authorization;

/// <summary>Who may use a server over HTTP, and how that is found out. See <see cref="McpServer.RequireAuthorization"/>.</summary>
/// <remarks>
/// Spec: 2026-07-28 basic/authorization §Token Handling
/// Spec: 2026-07-28 basic/authorization §Scope Selection Strategy
/// </remarks>
public sealed class AuthorizationOptions
{
    /// <summary>
    /// The issuers of the authorization servers whose tokens are taken, letter by letter as their tokens name them; at least one.
    /// </summary>
    public IReadOnlyList<string> AuthorizationServers { get; set; } = [];

    /// <summary>
    /// An authorization server within this process, in place of <see cref="AuthorizationServers"/>. Its routes are served with those of the
    /// MCP server, and where it does not know its own address, that is the public one.
    /// </summary>
    public AuthorizationServer? AuthorizationServer { get; set; }

    /// <summary>
    /// Finds out what a token is worth; if null, a <see cref="JwtTokenVerifier"/> with the keys that the authorization servers publish. One
    /// whose tokens are no JWTs is asked itself: <see cref="IntrospectionTokenVerifier"/>.
    /// </summary>
    public ITokenVerifier? Verifier { get; set; }

    /// <summary>The scopes that every request needs. What a tool needs beyond them, <see cref="McpScopesAttribute"/> says.</summary>
    public IReadOnlyList<string> Scopes { get; set; } = [];

    /// <summary>The scopes that clients are told to begin with: those of basic use, and no more; if null, <see cref="Scopes"/>.</summary>
    public IReadOnlyList<string>? ScopesSupported { get; set; }

    /// <summary>
    /// Whether a scope that was granted, the first, stands for another that is needed, the second:
    /// <c>(granted, needed) => granted == "admin"</c>. If null, each stands for itself alone.
    /// </summary>
    public Func<string, string, bool>? Implies { get; set; }

    /// <summary>
    /// What else tokens for this server may name as their audience, beside its public address: an identifier of an authorization server's
    /// own.
    /// </summary>
    public IReadOnlyList<string> Audiences { get; set; } = [];

    /// <summary>What the server is called where a person is asked whether to let a client in; if null, its title or name.</summary>
    public string? ResourceName { get; set; }

    /// <summary>A page for developers of clients.</summary>
    public Uri? ResourceDocumentation { get; set; }

    /// <summary>How far the clocks of this machine and of the authorization server may differ; 1 minute, and no more than 5.</summary>
    public TimeSpan ClockSkew { get; set; } = TimeSpan.FromMinutes(1);

    /// <summary>How long the verifier may take before the client is told to come back; 10 seconds.</summary>
    public TimeSpan VerifierTimeout { get; set; } = TimeSpan.FromSeconds(10);

    /// <summary>
    /// Whether lists show tools, prompts and resources too whose scopes the caller lacks; false. A client that is shown them can ask its
    /// user for more.
    /// </summary>
    public bool ListsEverything { get; set; }

    /// <summary>
    /// Whether the public address may be <c>http://</c> where it is not this machine's own; false. Tokens then travel for everybody to read.
    /// </summary>
    public bool AllowsPlainHttp { get; set; }

    /// <summary>All issuers whose tokens are taken. The one within this process knows its name once it is known where it is reached.</summary>
    internal IReadOnlyList<string> Issuers => AuthorizationServer is null ? AuthorizationServers : [AuthorizationServer.Issuer];

    /// <summary>Checks what was said, and adds what follows from it.</summary>
    /// <exception cref="ArgumentException">Something is missing or does not fit; the message says what to do.</exception>
    internal void Complete(McpServerOptions server)
    {
        Check();
        Verifier ??= AuthorizationServer?.Verifier ?? new JwtTokenVerifier(new JwtTokenVerifierOptions
        {
            Issuers = AuthorizationServers,
            ClockSkew = ClockSkew,
            TimeProvider = server.TimeProvider,
            Logger = server.LoggerFactory.CreateLogger<JwtTokenVerifier>(),
        });
    }

    private void Check()
    {
        // MUST: the metadata names at least one authorization server.
        if (AuthorizationServers is not { Count: > 0 } && AuthorizationServer is null)
        {
            throw new ArgumentException(
                $"Clients need to know where tokens come from: set {nameof(AuthorizationServers)}, such as [\"https://login.example.com\"].");
        }

        if (AuthorizationServers.FirstOrDefault(issuer => !IsIssuer(issuer)) is { } unfit)
        {
            throw new ArgumentException(
                $"'{unfit}' is no authorization server's issuer: that is an https address without query and fragment (http on this machine alone).");
        }

        if (AuthorizationServers.Count > 0 && AuthorizationServer is not null)
        {
            throw new ArgumentException(
                $"Tokens come from {nameof(AuthorizationServers)} or from the {nameof(AuthorizationServer)} within this process: set one.");
        }

        DemandedScopes.Check(Scopes);
        DemandedScopes.Check(ScopesSupported ?? []);
        if (ClockSkew < TimeSpan.Zero || ClockSkew > TimeSpan.FromMinutes(5))
            throw new ArgumentException($"{nameof(ClockSkew)} is from zero to five minutes; {ClockSkew} does not fit.");
        if (VerifierTimeout <= TimeSpan.Zero || VerifierTimeout > TimeSpan.FromMinutes(5))
            throw new ArgumentException($"{nameof(VerifierTimeout)} is more than zero, up to five minutes; {VerifierTimeout} does not fit.");
    }

    private static bool IsIssuer(string issuer) =>
        Uri.TryCreate(issuer, UriKind.Absolute, out var uri)
        && (uri.Scheme == Uri.UriSchemeHttps || (uri.Scheme == Uri.UriSchemeHttp && uri.IsLoopback))
        && uri.Query.Length == 0 && uri.Fragment.Length == 0 && uri.UserInfo.Length == 0;
}
