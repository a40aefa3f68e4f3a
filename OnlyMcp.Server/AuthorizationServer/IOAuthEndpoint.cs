using OnlyMcp.Server.Http;

namespace OnlyMcp.Server.AuthorizationServers;

/// <summary>What an authorization server answers at a path of its own.</summary>
internal interface IOAuthEndpoint
{
    /// <summary>Where it answers, below the issuer.</summary>
    IReadOnlyCollection<string> Paths { get; }

    /// <summary>What it can be asked.</summary>
    IReadOnlyList<string> Verbs { get; }

    /// <summary>Whether pages of every site may call it and read its answers: it heeds no cookie.</summary>
    bool IsForEveryOrigin { get; }

    /// <summary>Answers a request for one of its paths and verbs.</summary>
    /// <exception cref="OAuthException">Is answered as JSON.</exception>
    ValueTask HandleAsync(HttpExchange http, CancellationToken cancellationToken);
}
