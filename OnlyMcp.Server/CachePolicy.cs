using OnlyMcp.Protocol.Schema;

namespace OnlyMcp.Server;

/// <summary>For how long, and for whom, a client may keep an answer instead of asking again.</summary>
/// <remarks>Spec: 2026-07-28 server/utilities/caching §Cacheable Model</remarks>
public sealed record CachePolicy
{
    /// <summary>Says for how long and for whom.</summary>
    /// <param name="timeToLive">From the moment the answer arrives; zero for not at all, in whole milliseconds.</param>
    /// <param name="scope">
    /// Who may be given the kept answer: by default only whoever asked with the same authorization.
    /// <see cref="CacheScope.Public"/> means everybody, whatever access control stands before the server.
    /// </param>
    /// <exception cref="ArgumentOutOfRangeException">The time is negative.</exception>
    public CachePolicy(TimeSpan timeToLive, CacheScope scope = CacheScope.Private)
    {
        // MUST: never negative.
        ArgumentOutOfRangeException.ThrowIfLessThan(timeToLive, TimeSpan.Zero);
        TimeToLive = timeToLive;
        Scope = scope;
    }

    /// <summary>How long the answer stays fresh, from its arrival.</summary>
    public TimeSpan TimeToLive { get; }

    /// <summary>Who may be given the kept answer.</summary>
    public CacheScope Scope { get; }

    /// <summary>The result with what the policy says, where the handler said nothing itself.</summary>
    internal T On<T>(T result)
        where T : CacheableResult => (T)(CacheableResult)(result with
        {
            TtlMs = result.TtlMs ?? (long)TimeToLive.TotalMilliseconds,
            CacheScope = result.CacheScope ?? Scope,
        });
}

/// <summary>What a server says about the keeping of its answers; by default that each is to be asked for anew.</summary>
/// <remarks>Clients of older revisions are told nothing of it. Spec: 2026-07-28 server/utilities/caching §Cacheable Results</remarks>
public sealed record CachingOptions
{
    /// <summary>For the list of tools. MUST: a list's scope is the same on all its pages, so there is one policy for all of them.</summary>
    public CachePolicy? Tools { get; init; }

    /// <summary>For the list of prompts.</summary>
    public CachePolicy? Prompts { get; init; }

    /// <summary>For the list of resources.</summary>
    public CachePolicy? Resources { get; init; }

    /// <summary>For the list of resource templates.</summary>
    public CachePolicy? ResourceTemplates { get; init; }

    /// <summary>For what a resource holds, unless the resource has a policy of its own.</summary>
    public CachePolicy? ResourceContents { get; init; }

    /// <summary>For what the server says about itself (<c>server/discover</c>).</summary>
    public CachePolicy? Discovery { get; init; }
}
