using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using OnlyMcp.Protocol.Authorization;

namespace OnlyMcp.Server.Authorization;

/// <summary>Which authorization server is asked about tokens, as whom, and for how long its answers are good.</summary>
public sealed record IntrospectionTokenVerifierOptions
{
    /// <summary>Where tokens are asked about: the <c>introspection_endpoint</c> of the authorization server.</summary>
    public required Uri Endpoint { get; init; }

    /// <summary>The authorization server's name, as its metadata has it (<c>issuer</c>).</summary>
    public required string Issuer { get; init; }

    /// <summary>The name under which this server is registered there.</summary>
    public required string ClientId { get; init; }

    /// <summary>The secret that belongs to it.</summary>
    public required string ClientSecret { get; init; }

    /// <summary>
    /// How the two are sent: <see cref="ClientAuthMethod.ClientSecretBasic"/>, which is the default, or
    /// <see cref="ClientAuthMethod.ClientSecretPost"/>.
    /// </summary>
    public string ClientAuthMethod { get; init; } = Protocol.Authorization.ClientAuthMethod.ClientSecretBasic;

    /// <summary>
    /// How long an answer is good for, and never beyond the end of the token; a minute by default. A token that is taken back works here
    /// for as long.
    /// </summary>
    public TimeSpan Lifetime { get; init; } = TimeSpan.FromMinutes(1);

    /// <summary>How long it is remembered that a token is worth nothing; 10 seconds by default.</summary>
    public TimeSpan RefusalLifetime { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>How long nobody is asked after the server could not be reached; 5 seconds by default.</summary>
    public TimeSpan PauseAfterFailure { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>About how many tokens it is asked at once; 100 by default. For more, requests are told to come back.</summary>
    public int MaxConcurrency { get; init; } = 100;

    /// <summary>How much clocks may differ; a minute by default, up to ten.</summary>
    public TimeSpan ClockSkew { get; init; } = TimeSpan.FromMinutes(1);

    /// <summary>How long a request may take; 10 seconds by default.</summary>
    public TimeSpan Timeout { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>What sends those requests; it must not follow redirects. By default sockets of the verifier's own.</summary>
    public HttpMessageHandler? HttpMessageHandler { get; init; }

    /// <summary>The clock.</summary>
    public TimeProvider TimeProvider { get; init; } = TimeProvider.System;

    /// <summary>Is told when the server cannot be asked; never a token.</summary>
    public ILogger Logger { get; init; } = NullLogger.Instance;

    /// <summary>Nothing of the secret.</summary>
    public override string ToString() => $"{nameof(IntrospectionTokenVerifierOptions)} of {Issuer}";
}
