using System.Net;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using OnlyMcp.Protocol.Authorization;
using OnlyMcp.Server.Http;

namespace OnlyMcp.Server.AuthorizationServers;

/// <summary>What an <see cref="AuthorizationServer"/> is told: who may sign in, what they can allow, and for how long it holds.</summary>
public sealed partial record AuthorizationServerOptions
{
    /// <summary>
    /// The server's name and address, <c>https://login.example.com</c>, or <c>http://127.0.0.1:3001</c> on a machine of one's own. Null
    /// if the host that serves it says where it listens.
    /// </summary>
    public string? Issuer { get; init; }

    /// <summary>The addresses of the MCP servers that its tokens are for; where it guards one within this process, that adds its own.</summary>
    public IReadOnlyList<string> Resources { get; init; } = [];

    /// <summary>
    /// What tokens can allow: each scope with the words that a person reads before he agrees, <c>"Read your notes"</c>. What a server demands
    /// that it guards in this process is added, without words; of tools that come later, say it here.
    /// </summary>
    public IReadOnlyDictionary<string, string> Scopes { get; init; } = new Dictionary<string, string>();

    /// <summary>
    /// What is asked for by a client that names no scope; all of <see cref="Scopes"/> if null, with what every request to a guarded server needs.
    /// </summary>
    public IReadOnlyList<string>? DefaultScopes { get; init; }

    /// <summary>What the service is called on the pages; the issuer's host if null.</summary>
    public string? ServiceName { get; init; }

    /// <summary>
    /// Finds the person with this name and password; null if there is none. The server limits how often it asks, see
    /// <see cref="SignInAttempts"/>. It should take as long for a name that nobody has as for a wrong password.
    /// </summary>
    public Func<string, string, CancellationToken, ValueTask<SignedInUser?>>? SignInAsync { get; init; }

    /// <summary>Tells who is signed in already, by a cookie of the application's own; null if nobody is, and then this server asks itself.</summary>
    public Func<HttpExchange, CancellationToken, ValueTask<SignedInUser?>>? CurrentUserAsync { get; init; }

    /// <summary>
    /// Where people sign in that nobody is signed in as yet, if the application has a page for it: they are sent there with the address to
    /// come back to as <c>return_to</c>, and <see cref="CurrentUserAsync"/> knows them when they do. Null for the page of this server.
    /// </summary>
    public Uri? SignInAddress { get; init; }

    /// <summary>
    /// Whether the person with this subject may still be served: asked whenever a token is given, and whenever one is used. Say no for
    /// somebody who has left, or whose sign-in at another service, which this one relies on, has ended. Null for always.
    /// </summary>
    public Func<string, CancellationToken, ValueTask<bool>>? IsUserActiveAsync { get; init; }

    /// <summary>Where people are sent to sign in and agree; <c>/authorize</c>, which answers in any case.</summary>
    public string AuthorizePath { get; init; } = Defaults.Authorize;

    /// <summary>Where clients ask for tokens; <c>/token</c>, which answers in any case.</summary>
    public string TokenPath { get; init; } = Defaults.Token;

    /// <summary>Where clients register; <c>/register</c>, which answers in any case.</summary>
    public string RegisterPath { get; init; } = Defaults.Register;

    /// <summary>Where clients give tokens back; <c>/revoke</c>.</summary>
    public string RevokePath { get; init; } = "/revoke";

    /// <summary>Where the public keys stand; <c>/jwks</c>.</summary>
    public string KeysPath { get; init; } = "/jwks";

    /// <summary>How long a client has to redeem a code; 60 seconds, and at most ten minutes.</summary>
    public TimeSpan CodeLifetime { get; init; } = TimeSpan.FromSeconds(60);

    /// <summary>How long an access token is good for; 1 hour.</summary>
    public TimeSpan AccessTokenLifetime { get; init; } = TimeSpan.FromHours(1);

    /// <summary>How long a refresh token is good for, each time anew; 30 days.</summary>
    public TimeSpan RefreshTokenLifetime { get; init; } = TimeSpan.FromDays(30);

    /// <summary>How long a person stays signed in on the pages; 8 hours.</summary>
    public TimeSpan SignInLifetime { get; init; } = TimeSpan.FromHours(8);

    /// <summary>How long what a person has agreed to is remembered; 90 days.</summary>
    public TimeSpan ConsentLifetime { get; init; } = TimeSpan.FromDays(90);

    /// <summary>
    /// How long tokens are signed with the same key; 90 days, and at least an hour. The next one is published ten minutes before it signs.
    /// </summary>
    public TimeSpan KeyLifetime { get; init; } = TimeSpan.FromDays(90);

    /// <summary>How often somebody may try to sign in under one name in ten minutes; 10, and five times that from one address.</summary>
    public int SignInAttempts { get; init; } = 10;

    /// <summary>
    /// Tells where a request came from, for counting <see cref="SignInAttempts"/> and <see cref="RegistrationsPerHour"/>; the address of the
    /// connection by default. Behind a proxy, which would stand for everybody, take the address that it adds to the header it is known to add.
    /// </summary>
    public Func<HttpExchange, IPAddress?> ClientAddress { get; init; } = static http => http.RemoteAddress;

    /// <summary>How many requests are served at the same time; 100. What is more is told to come back (503).</summary>
    public int MaxConcurrentRequests { get; init; } = 100;

    /// <summary>Keeps what must not be forgotten; in memory, and so until the program ends, if null.</summary>
    public IAuthorizationStore? Store { get; init; }

    /// <summary>The clock.</summary>
    public TimeProvider TimeProvider { get; init; } = TimeProvider.System;

    /// <summary>Hears what the server has to say about itself, which is never a secret; nobody by default.</summary>
    public ILoggerFactory LoggerFactory { get; init; } = NullLoggerFactory.Instance;

    /// <exception cref="ArgumentException">Something does not fit; the message says what would.</exception>
    internal void Check()
    {
        foreach (var (name, time) in new[]
        {
            (nameof(CodeLifetime), CodeLifetime), (nameof(AccessTokenLifetime), AccessTokenLifetime),
            (nameof(RefreshTokenLifetime), RefreshTokenLifetime), (nameof(SignInLifetime), SignInLifetime),
            (nameof(ConsentLifetime), ConsentLifetime), (nameof(KeyLifetime), KeyLifetime),
            (nameof(UnusedRegistrationLifetime), UnusedRegistrationLifetime), (nameof(RegistrationLifetime), RegistrationLifetime),
        })
        {
            if (time < TimeSpan.FromSeconds(1) || time > TimeSpan.FromDays(3650))
                throw new ArgumentException($"{name} lies between a second and ten years; {time} does not.");
        }

        if (CodeLifetime > TimeSpan.FromMinutes(10))
            throw new ArgumentException($"{nameof(CodeLifetime)} is at most ten minutes: whoever finds a code later must not be able to use it.");
        if (KeyLifetime < TimeSpan.FromHours(1) || KeyLifetime < AccessTokenLifetime / 10)
        {
            throw new ArgumentException(
                $"{nameof(KeyLifetime)} is at least an hour, and a tenth of {nameof(AccessTokenLifetime)}, so that there are few keys to publish.");
        }

        if (Scopes.Keys.Concat(DefaultScopes ?? []).FirstOrDefault(scope => !ScopeSet.IsScope(scope)) is { } odd)
            throw new ArgumentException($"A scope is a word of visible ASCII letters without quotation mark and backslash; '{odd}' is none.");
        if (DefaultScopes?.FirstOrDefault(scope => !Scopes.ContainsKey(scope)) is { } unknown)
            throw new ArgumentException($"{nameof(DefaultScopes)} are some of {nameof(Scopes)}; '{unknown}' is none of them.");
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(SignInAttempts, nameof(SignInAttempts));
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(MaxConcurrentRequests, nameof(MaxConcurrentRequests));
        CheckPaths();
        CheckClients();
    }

    private void CheckPaths()
    {
        string[] paths =
        [
            .. Both(AuthorizePath, Defaults.Authorize), .. Both(TokenPath, Defaults.Token), .. Both(RegisterPath, Defaults.Register),
            RevokePath, KeysPath,
        ];
        foreach (var path in paths)
        {
            if (!path.StartsWith('/') || path.AsSpan().ContainsAny("?#%"))
                throw new ArgumentException($"A path begins with '/' and holds no '?', '#' or '%'; '{path}' does not fit.");
        }

        if (paths.GroupBy(path => path).FirstOrDefault(same => same.Count() > 1) is { } twice)
            throw new ArgumentException($"Two endpoints cannot share the path {twice.Key}; /authorize, /token and /register are always in use.");
    }

    /// <summary>The path that was chosen, and the one that clients try who have read no metadata.</summary>
    internal static string[] Both(string chosen, string always) => chosen == always ? [always] : [chosen, always];

    /// <summary>MUST: where clients of the first revision with authorization look that find no metadata.</summary>
    /// <remarks>Spec: 2025-03-26 basic/authorization §Fallbacks for Servers without Metadata Discovery</remarks>
    internal static class Defaults
    {
        public const string Authorize = "/authorize";
        public const string Token = "/token";
        public const string Register = "/register";
    }
}
