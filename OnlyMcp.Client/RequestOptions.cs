using System.Text.Json;
using OnlyMcp.Client.Tasks;
using OnlyMcp.Protocol.JsonRpc;
using OnlyMcp.Protocol.Schema;

namespace OnlyMcp.Client;

/// <summary>What one call wants differently from <see cref="McpClientOptions"/>.</summary>
public sealed record RequestOptions
{
    /// <summary>Nothing out of the ordinary.</summary>
    public static RequestOptions Default { get; } = new();

    /// <summary>How long to wait; null takes the client's own.</summary>
    public RequestTimeouts? Timeouts { get; init; }

    /// <summary>
    /// Is told how far the call has come: in order, one report at a time, and never after the call's answer. Asking for progress
    /// is what makes a server report it.
    /// </summary>
    public Action<ProgressNotificationParams>? OnProgress { get; init; }

    /// <summary>
    /// The same for those who have an <see cref="IProgress{T}"/>. Mind that <see cref="Progress{T}"/> itself hands reports to
    /// the thread pool, where they can overtake each other and the answer.
    /// </summary>
    public IProgress<ProgressNotificationParams>? Progress { get; init; }

    /// <summary>
    /// The least severe log message to send for this call; null takes the client's own. Since 2026-07-28; before, the level
    /// belongs to the session, and this has no effect.
    /// </summary>
    public LoggingLevel? LogLevel { get; init; }

    /// <summary>More for the request's <c>_meta</c>, by key, such as <c>traceparent</c>. The protocol's own keys win.</summary>
    public IReadOnlyDictionary<string, JsonElement>? Meta { get; init; }

    /// <summary>
    /// Whether the server is asked even where an earlier answer is still fresh (see <see cref="McpClientOptions.Cache"/>); false by default.
    /// </summary>
    public bool Fresh { get; init; }

    /// <summary>
    /// The types of results (<c>resultType</c>) that the call can read beside the protocol's own, as an extension names them; a result
    /// of another type is a fault of the server. For <see cref="McpClient.SendRequestAsync"/>, whose caller reads the result itself.
    /// </summary>
    public IReadOnlyCollection<string> ResultTypes { get; init; } = [];

    /// <summary>
    /// Whether a tool that can be called either way is to be called as a task; false by default. It lets a call outlive the connection,
    /// and costs a question or two. 2025-11-25 only: later it is the server who chooses. See <see cref="ClientTaskOptions"/>.
    /// </summary>
    public bool AsTask { get; init; }

    /// <summary>
    /// How long the server is asked to keep a task and its result, from the call on; null, the default, leaves it to the server, which
    /// may do otherwise in any case. 2025-11-25 only.
    /// </summary>
    /// <exception cref="ArgumentOutOfRangeException">It is negative.</exception>
    public TimeSpan? TaskTimeToLive
    {
        get;
        init => field = value < TimeSpan.Zero
            ? throw new ArgumentOutOfRangeException(nameof(value), value, "A time to live is zero or longer; null leaves it to the server.")
            : value;
    }

    /// <summary>Hears of progress beyond the answer: the call asks to become a task, which ends by <c>tasks/cancel</c> alone.</summary>
    internal TaskAudience? Task { get; init; }

    /// <summary>Takes an answer that comes all the same when the call was cancelled: it may name a task, which goes on.</summary>
    internal Action<JsonBody>? Late { get; init; }

    /// <summary>What to ask with instead where the server refuses because tasks were not declared; null where they are, or must not be.</summary>
    internal RequestOptions? WithTasks { get; init; }

    internal bool WantsProgress => OnProgress is not null || Progress is not null;

    internal void Report(ProgressNotificationParams news)
    {
        OnProgress?.Invoke(news);
        Progress?.Report(news);
    }
}
