using System.Text.Json;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using OnlyMcp.Protocol.JsonRpc;
using OnlyMcp.Protocol.Middleware;
using OnlyMcp.Protocol.Revisions;
using OnlyMcp.Protocol.Schema;
using OnlyMcp.Protocol.Transport;
using OnlyMcp.Server.Changes;
using OnlyMcp.Server.Http;
using OnlyMcp.Server.RateLimits;
using OnlyMcp.Server.Tasks;

namespace OnlyMcp.Server;

/// <summary>What a server can be told beside its name, its version and its tools. Set before the first request.</summary>
public sealed record McpServerOptions
{
    /// <summary>How a model should use the server as a whole; sent to each client that asks, null for nothing.</summary>
    public string? Instructions { get; init; }

    /// <summary>A name for people, where the program's name is not one.</summary>
    public string? Title { get; init; }

    /// <summary>One or two sentences about the server.</summary>
    public string? Description { get; init; }

    /// <summary>Where to read more.</summary>
    public string? WebsiteUrl { get; init; }

    /// <summary>Pictures for the server.</summary>
    public IReadOnlyList<Icon>? Icons { get; init; }

    /// <summary>The revisions that are served; all of them by default.</summary>
    public IReadOnlyList<Revision> Revisions { get; init; } = KnownRevisions.All;

    /// <summary>What the server bears from its clients.</summary>
    public ServerLimits Limits { get; init; } = new();

    /// <summary>Where handlers and tool classes get their services from; null for none.</summary>
    public IServiceProvider? Services { get; init; }

    /// <summary>How arguments and results of tools that are C# methods are named and converted; web defaults (camelCase) if null.</summary>
    public JsonSerializerOptions? SerializerOptions { get; init; }

    /// <summary>
    /// Whether the message of an exception that a tool let out is told to the client. Off by default: it may hold what is not
    /// meant for it.
    /// </summary>
    public bool IncludeExceptionMessages { get; init; }

    /// <summary>Hears what the server has to say about itself; nobody by default. Never standard output.</summary>
    public ILoggerFactory LoggerFactory { get; init; } = NullLoggerFactory.Instance;

    /// <summary>
    /// The extensions of the protocol that the server speaks, by identifier (<c>com.example/hats</c>); each value is an object of
    /// settings, which may be empty. None by default.
    /// </summary>
    public IReadOnlyDictionary<string, JsonElement> Extensions { get; init; } = new Dictionary<string, JsonElement>();

    /// <summary>
    /// What is declared beside what is there: prompts or resources that come later, while the server runs, or capabilities of your own
    /// (<see cref="ServerCapabilities.Experimental"/>). Nothing by default.
    /// </summary>
    /// <exception cref="ArgumentException">It names extensions, which belong into <see cref="Extensions"/>.</exception>
    public ServerCapabilities Capabilities
    {
        get;
        init => field = value is { Extensions: null }
            ? value
            : throw new ArgumentException($"Extensions are declared with {nameof(McpServerOptions)}.{nameof(Extensions)}.", nameof(value));
    } = new();

    /// <summary>How many tools, prompts, resources or templates stand on one page of their list; null, the default, for all.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The number is not positive.</exception>
    public int? PageSize
    {
        get;
        init => field = value is null or > 0
            ? value
            : throw new ArgumentOutOfRangeException(nameof(value), value, "A page holds one item at least.");
    }

    /// <summary>For how long clients may keep lists and contents; by default they ask each time.</summary>
    public CachingOptions Caching { get; init; } = new();

    /// <summary>Carries the news of changes; within this process by default. Servers that stand for one share a bus of their own.</summary>
    public IChangeBus Changes { get; init; } = new InMemoryChangeBus();

    /// <summary>
    /// How long a handler that asks its client waits in place for the answer: ten minutes, begun anew when the client reports progress.
    /// Where the client keeps no conversation with the server, nobody waits.
    /// </summary>
    public RequestTimeouts InputTimeouts { get; init; } = new() { Timeout = TimeSpan.FromMinutes(10), ResetOnProgress = true };

    /// <summary>
    /// Seals what the server lets its clients keep while they find out what a handler asks. Null, the default, for keys of this process
    /// alone; servers that stand for one share theirs, see <see cref="Server.RequestStateKeys.FromSecrets"/>.
    /// </summary>
    public IRequestStateKeys? RequestStateKeys { get; init; }

    /// <summary>How long a client may take to answer before it has to begin its request anew; 15 minutes.</summary>
    public TimeSpan RequestStateLifetime { get; init; } = TimeSpan.FromMinutes(15);

    /// <summary>
    /// For tests: whether every handler stops at a question and runs again with the answer, also where it could wait in place. Off by default.
    /// </summary>
    public bool ReplayHandlers { get; init; }

    /// <summary>
    /// Keeps what is sent to clients on event streams, so that one whose connection broke gets what it missed. Null, the default, for
    /// an <see cref="InMemoryEventStore"/> with the limits that it has by default.
    /// </summary>
    public IEventStore? EventStore { get; init; }

    /// <summary>Stands on the way of every message, in and out; the first nearest to the wire. None by default, which costs nothing.</summary>
    public IReadOnlyList<MessageMiddleware> MessageMiddleware { get; init; } = [];

    /// <summary>Stands around the handler of every request; the first outermost. None by default, which costs nothing.</summary>
    public IReadOnlyList<HandlerMiddleware<RequestContext>> HandlerMiddleware { get; init; } = [];

    /// <summary>
    /// Bounds how often each caller may call tools; null for no bound. The default, 1,000,000 calls a second, is there for a program that
    /// has gone mad: set one that fits what your tools cost, such as <c>new TokenBucketLimiter(60, TimeSpan.FromMinutes(1))</c>.
    /// </summary>
    public IRateLimiter? ToolCallLimiter { get; init; } = new TokenBucketLimiter(1_000_000, TimeSpan.FromSeconds(1));

    /// <summary>Bounds how often each caller may ask for completions; null for no bound. As generous by default.</summary>
    public IRateLimiter? CompletionLimiter { get; init; } = new TokenBucketLimiter(1_000_000, TimeSpan.FromSeconds(1));

    /// <summary>Where the tasks of tools are kept, and how much of them; in this process, within limits, by default.</summary>
    public TaskOptions Tasks { get; init; } = new();

    /// <summary>
    /// Bounds how often each caller may ask for tasks, answer or cancel them; null for no bound. 1,000 a second by default: many times
    /// what a client needs that waits between two questions as long as it is told.
    /// </summary>
    public IRateLimiter? TaskLimiter { get; init; } = new TokenBucketLimiter(1000, TimeSpan.FromSeconds(1));

    /// <summary>Shows every message with the page of the specification that defines it; null, the default, for none.</summary>
    public WireTap? WireTap { get; init; }

    /// <summary>The clock.</summary>
    public TimeProvider TimeProvider { get; init; } = TimeProvider.System;
}
