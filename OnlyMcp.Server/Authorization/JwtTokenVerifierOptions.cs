using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using OnlyMcp.Protocol.Authorization.Jose;

namespace OnlyMcp.Server.Authorization;

/// <summary>Whose tokens are believed, and for how long their keys.</summary>
public sealed record JwtTokenVerifierOptions
{
    /// <summary>
    /// The authorization servers whose tokens are believed, by the names that they have in their metadata (<c>issuer</c>), letter by
    /// letter.
    /// </summary>
    public required IReadOnlyList<string> Issuers { get; init; }

    /// <summary>Where the keys are, if there is one issuer; by default its metadata says.</summary>
    public Uri? JwksUri { get; init; }

    /// <summary>Brings the keys of an issuer, instead of a request to it.</summary>
    public Func<string, CancellationToken, ValueTask<JsonWebKeySet>>? Keys { get; init; }

    /// <summary>The signatures that are believed; by default all of <see cref="SignatureAlgorithm.Names"/>.</summary>
    public IReadOnlyList<string> Algorithms { get; init; } = SignatureAlgorithm.Names;

    /// <summary>
    /// Whether a token must say that it is an access token (<c>typ</c> is <c>at+jwt</c>), as RFC 9068 has it. By default one that says
    /// nothing, or <c>JWT</c>, is taken too, since many servers write that; one that says it is something else never is.
    /// </summary>
    public bool RequiresAccessTokenType { get; init; }

    /// <summary>How much clocks may differ; a minute by default, up to ten.</summary>
    public TimeSpan ClockSkew { get; init; } = TimeSpan.FromMinutes(1);

    /// <summary>How long keys are good for until newer ones are looked for; 15 minutes by default.</summary>
    public TimeSpan KeyLifetime { get; init; } = TimeSpan.FromMinutes(15);

    /// <summary>How long keys stay in use after that while newer ones cannot be fetched; a day by default.</summary>
    public TimeSpan StaleKeyLifetime { get; init; } = TimeSpan.FromDays(1);

    /// <summary>
    /// How much time goes by at least between two looks for keys, however many tokens come that nobody knows the key of; 30 seconds by
    /// default.
    /// </summary>
    public TimeSpan KeyRefetchInterval { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>How long a request for keys or metadata may take; 10 seconds by default.</summary>
    public TimeSpan Timeout { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>What sends those requests; it must not follow redirects. By default sockets of the verifier's own.</summary>
    public HttpMessageHandler? HttpMessageHandler { get; init; }

    /// <summary>The clock.</summary>
    public TimeProvider TimeProvider { get; init; } = TimeProvider.System;

    /// <summary>Is told when keys change or cannot be fetched; never a token.</summary>
    public ILogger Logger { get; init; } = NullLogger.Instance;
}
