namespace OnlyMcp.Server;

/// <summary>What a server bears from its clients. Every limit is on from the start; all may be set.</summary>
public sealed record ServerLimits
{
    /// <summary>The longest message in bytes, as a line or as a body; 4 MiB.</summary>
    public int MaxMessageBytes { get; init; } = 4 * 1024 * 1024;

    /// <summary>
    /// How much of what is told of the tools is kept in memory, in bytes, so that it is not written anew for each client that lists them;
    /// and as much of prompts, resources and templates each. 16 MiB; zero for nothing.
    /// </summary>
    public int MaxKeptListBytes { get; init; } = 16 * 1024 * 1024;

    /// <summary>How deep a message may nest; 64.</summary>
    public int MaxDepth { get; init; } = 64;

    /// <summary>How many messages a batch may hold; 100.</summary>
    public int MaxBatchCount { get; init; } = 100;

    /// <summary>How many requests are answered at the same time, over all clients of a transport; 1,000.</summary>
    public int MaxConcurrentRequests { get; init; } = 1000;

    /// <summary>How many requests one pipe or session may have in flight; 100.</summary>
    public int MaxConcurrentRequestsPerConversation { get; init; } = 100;

    /// <summary>How many sessions are held at the same time; 10,000.</summary>
    public int MaxSessions { get; init; } = 10_000;

    /// <summary>How many long streams (GET, HTTP+SSE, subscriptions) are open at the same time; 10,000.</summary>
    public int MaxStreams { get; init; } = 10_000;

    /// <summary>How many subscriptions one pipe may have open at the same time, within what it may have in flight; 32.</summary>
    public int MaxSubscriptionsPerPipe { get; init; } = 32;

    /// <summary>How many subscriptions one principal may have open at the same time over HTTP; 1,000.</summary>
    public int MaxSubscriptionsPerPrincipal { get; init; } = 1000;

    /// <summary>How many resources one subscription, or one session, may name; 1,000.</summary>
    public int MaxSubscribedResources { get; init; } = 1000;

    /// <summary>How many tasks one subscription may name; 1,000.</summary>
    public int MaxSubscribedTasks { get; init; } = 1000;

    /// <summary>How long a session may be idle before it ends; 30 minutes.</summary>
    public TimeSpan SessionIdleTimeout { get; init; } = TimeSpan.FromMinutes(30);

    /// <summary>How long a session may be idle that nobody has used since it was opened; 5 minutes.</summary>
    public TimeSpan UnusedSessionTimeout { get; init; } = TimeSpan.FromMinutes(5);

    /// <summary>How long a request's body may take to arrive; 30 seconds.</summary>
    public TimeSpan BodyTimeout { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>How long a client may take to accept what is written to its stream before it is given up; 30 seconds.</summary>
    public TimeSpan WriteTimeout { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>How long a stopping server waits for the requests in flight before it cancels them; 5 seconds.</summary>
    public TimeSpan ShutdownTimeout { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>How many keys a handler may use in one request, for questions and for what runs once; 100.</summary>
    public int MaxInputs { get; init; } = 100;

    /// <summary>How often one request may be interrupted by questions; 50.</summary>
    public int MaxInputRounds { get; init; } = 50;

    /// <summary>The longest state, in characters, that a request carries from one interruption to the next: all answers so far; 256 Ki.</summary>
    public int MaxRequestStateLength { get; init; } = 256 * 1024;
}
