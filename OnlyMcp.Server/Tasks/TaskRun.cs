using System.Diagnostics.CodeAnalysis;
using System.Security.Cryptography;
using System.Text.Json;
using Microsoft.Extensions.Logging;
using OnlyMcp.Protocol.JsonRpc;
using OnlyMcp.Protocol.Revisions;
using OnlyMcp.Protocol.Schema;
using OnlyMcp.Server.Eras;
using OnlyMcp.Server.Inputs;
using OnlyMcp.Server.Tools;

namespace OnlyMcp.Server.Tasks;

/// <summary>One call of a tool that is a task, or may become one.</summary>
/// <remarks>
/// Spec: ext-tasks tasks §Task Status
/// Spec: 2025-11-25 basic/utilities/tasks §Task Status Lifecycle
/// </remarks>
[SuppressMessage("Design", "CA1001", Justification = "The source has no timer and no linked source: it holds nothing to give back.")]
internal sealed partial class TaskRun
{
    private readonly McpServer server;
    private readonly ServerTasks tasks;
    private readonly McpTool tool;
    private readonly RequestContext context;
    private readonly RequestHandler<RequestContext> work;
    private readonly TaskStart start;
    private readonly TaskInputs inputs;
    private readonly TaskOutcome outcome;
    private readonly TaskProgressLog progress;
    private readonly TaskMessages messages;
    private readonly ILogger logger;
    private readonly object caller;
    private readonly CancellationTokenSource stop = new();
    private TaskLife? life;
    private volatile bool isDone;

    public TaskRun(
        McpServer server, ServerTasks tasks, McpTool tool, RequestContext context, RequestHandler<RequestContext> work, TaskStart start,
        string? taskId = null)
    {
        TaskId = taskId ?? RandomNumberGenerator.GetHexString(32, lowercase: true);
        this.server = server;
        this.tasks = tasks;
        this.tool = tool;
        this.context = context;
        this.work = work;
        this.start = start;
        logger = server.Options.LoggerFactory.CreateLogger<TaskRun>();
        caller = context.Caller;
        inputs = new TaskInputs(tasks, this, stop.Token);
        outcome = new TaskOutcome(server, TaskId, context, inputs, work);
        progress = new TaskProgressLog(server, this, logger);
        messages = new TaskMessages(this, context.TaskForm!);
        context.KeepRequest();
    }

    /// <summary>The task's name; 128 bits that nobody can guess.</summary>
    public string TaskId { get; }

    /// <summary>The tool that is called.</summary>
    public string Tool => tool.Name;

    /// <summary>Completes when the call has become a task.</summary>
    public Task<StoredTask> Begun => begun.Task;

    /// <summary>Whether the call has become a task.</summary>
    public bool IsTask => begun.Task.IsCompletedSuccessfully;

    /// <summary>Whether it has ended, or nobody wants it any more.</summary>
    public bool IsOver => isDone || stop.IsCancellationRequested;

    private TaskOptions Options => server.Options.Tasks;

    private TimeProvider Time => server.Options.TimeProvider;

    /// <summary>Does the work, in the background.</summary>
    public void Start() => Follow(WorkAsync());

    /// <summary>Does the work, beside whoever waits for it or for the answer that it is a task: it may block.</summary>
    public Task<Result> WorkAsync() => Task.Run(() => work(context.Request, context, stop.Token).AsTask());

    /// <summary>Keeps what the work comes to, in the background.</summary>
    public void Follow(Task<Result> working) => _ = FollowAsync(working);

    /// <summary>What the client is answered in place of the tool's result.</summary>
    public Result Answer() => context.TaskForm!.Answer(begun.Task.Result);

    /// <summary>Nobody wants the result any more, and it is no task.</summary>
    public void Stop()
    {
        if (!IsTask)
            _ = stop.CancelAsync();
    }

    /// <summary>Ends a task that nobody has heard of; what it was to do may have begun.</summary>
    public void Discard(Task<Result>? working = null)
    {
        _ = stop.CancelAsync();
        Follow(working ?? Task.FromCanceled<Result>(stop.Token));
    }

    /// <summary>Stops the work of a task that has ended.</summary>
    public Task EndAsync() => stop.CancelAsync();

    /// <summary>Stops the work if somebody has ended the task.</summary>
    public async Task LookAsync()
    {
        try
        {
            if (await server.Options.Tasks.Store.FindAsync(TaskId).ConfigureAwait(false) is null or { IsEnded: true })
                await EndAsync().ConfigureAwait(false);
        }
        catch (Exception fault)
        {
            logger.LogDebug(fault, "Whether the task {TaskId} has been ended could not be found out.", TaskId);
        }
    }

    /// <inheritdoc cref="TaskInputs.WhatIsWrongWith"/>
    public string? WhatIsWrongWith(string key, JsonElement answer) => inputs.WhatIsWrongWith(key, answer);

    /// <summary>Says how far the work has come.</summary>
    public void Report(TaskProgress made) => progress.Report(made);

    /// <summary>Says what goes on.</summary>
    public void Report(string statusMessage) => progress.Report(statusMessage);

    /// <inheritdoc cref="TaskMessages.TellAsync"/>
    public Task TellAsync(JsonRpcNotification notification, CancellationToken cancellationToken) =>
        messages.TellAsync(notification, cancellationToken);

    /// <summary>Tells the client that its user is done on a page.</summary>
    public Task CompleteElicitationAsync(string key, CancellationToken cancellationToken) =>
        context.TaskForm!.CompleteElicitationAsync(TaskId, key, cancellationToken);

    private async Task ExpireAsync(TimeSpan live)
    {
        var why = $"The task was not done within its time to live of {live.TotalSeconds:0.###} seconds, and was stopped.";
        try
        {
            await outcome.KeepAsync(task => task.Failed(why, Options)).ConfigureAwait(false);
        }
        catch (Exception fault)
        {
            logger.LogError(fault, "That the time of the task {TaskId} is over could not be kept.", TaskId);
        }

        await stop.CancelAsync().ConfigureAwait(false);
    }

    private async Task FollowAsync(Task<Result> working)
    {
        try
        {
            var what = await outcome.OfAsync(working, stop.Token).ConfigureAwait(false);
            isDone = true;
            await outcome.KeepAsync(what).ConfigureAwait(false);
        }
        catch (Exception fault)
        {
            logger.LogError(fault, "What became of the task {TaskId} could not be kept.", TaskId);
        }
        finally
        {
            if (life is not null)
                await life.DisposeAsync().ConfigureAwait(false);
            tasks.Runs.Leave(this, caller);
        }
    }
}
