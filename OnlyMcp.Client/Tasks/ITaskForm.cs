using OnlyMcp.Client.Plain;
using OnlyMcp.Protocol.JsonRpc;
using OnlyMcp.Protocol.Schema;

namespace OnlyMcp.Client.Tasks;

/// <summary>How tasks are spoken of in one era: who wishes for one, and in what words.</summary>
internal interface ITaskForm
{
    /// <summary>Why there are no tasks here, as the end of a sentence; null if there may be.</summary>
    string? Missing { get; }

    /// <summary>Calls a tool. What comes back is its result, or tells of a task: see <see cref="TaskIn"/>.</summary>
    /// <param name="server">The server.</param>
    /// <param name="call">The tool and its arguments.</param>
    /// <param name="options">What the call wants differently; its progress is told to <paramref name="progress"/>.</param>
    /// <param name="progress">Who hears of progress, for as long as the task lives.</param>
    /// <param name="cancellationToken">Ends the wait, and a task that comes of it all the same.</param>
    ValueTask<JsonBody> CallAsync(
        TaskServer server, PlainCall call, RequestOptions options, TaskAudience? progress, CancellationToken cancellationToken);

    /// <summary>The task as which a call goes on, of which that what came back tells; null if it is done.</summary>
    BegunTask? TaskIn(JsonBody outcome);

    /// <summary>A task that the server is to know of.</summary>
    ITaskLine Open(TaskServer server, TaskHandle handle);

    /// <summary>One page of the tasks that the server knows of.</summary>
    Task<TaskPage> ListAsync(TaskServer server, string? cursor, RequestOptions options, CancellationToken cancellationToken);
}

/// <summary>One task, as it is asked about in one era.</summary>
internal interface ITaskLine
{
    /// <summary>Asks how far it has come.</summary>
    /// <exception cref="TaskNotFoundException">The server does not know it.</exception>
    Task<TaskNews> LookAsync(RequestOptions options, CancellationToken cancellationToken);

    /// <summary>
    /// Lets the time pass until it should be looked at again, and deals with what it asks meanwhile; returns its result if that came.
    /// </summary>
    Task<JsonBody?> PassAsync(TaskNews news, TaskPace pace, RequestOptions options, CancellationToken cancellationToken);

    /// <summary>What it came to, once its status is final and it was not cancelled.</summary>
    /// <exception cref="JsonRpcException">It failed.</exception>
    Task<JsonBody> CollectAsync(TaskNews news, RequestOptions options, CancellationToken cancellationToken);

    /// <summary>Wants it to end; returns how far it has come, if the server says so.</summary>
    Task<TaskSnapshot?> CancelAsync(RequestOptions options, CancellationToken cancellationToken);

    /// <summary>Nobody waits for it any more: who is being asked something is left alone.</summary>
    void Rest();
}

/// <summary>A task that has come of a call.</summary>
/// <param name="State">How far it has come.</param>
internal sealed record BegunTask(TaskSnapshot State)
{
    /// <summary>What to give a model meanwhile.</summary>
    public string? ImmediateResponse { get; init; }
}

/// <summary>What the server says of a task.</summary>
/// <param name="State">How far it has come.</param>
internal sealed record TaskNews(TaskSnapshot State)
{
    /// <summary>What it asks, under keys that never mean anything else.</summary>
    public IReadOnlyDictionary<string, InputRequest>? Questions { get; init; }

    /// <summary>What it came to.</summary>
    public JsonBody Result { get; init; }

    /// <summary>The error that it ended in.</summary>
    public JsonRpcError? Error { get; init; }

    /// <summary>How much of it is done.</summary>
    public ProgressNotificationParams? Progress { get; init; }
}

/// <summary>Some of the tasks that a server knows of.</summary>
internal sealed record TaskPage : PaginatedResult
{
    public required IReadOnlyList<TaskSnapshot> Tasks { get; init; }
}
