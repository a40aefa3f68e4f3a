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
internal sealed class TaskRun
{
    /// <summary>How many notifications may wait to leave before more of them are left out.</summary>
    private const int MostWaiting = 1000;

    private static readonly TimeSpan LongestTimer = TimeSpan.FromDays(40); // A timer bears 49.

    private readonly McpServer server;
    private readonly ServerTasks tasks;
    private readonly McpTool tool;
    private readonly RequestContext context;
    private readonly RequestHandler<RequestContext> work;
    private readonly TaskStart start;
    private readonly TaskInputs inputs;
    private readonly TaskOutcome outcome;
    private readonly TaskProgressLog progress;
    private readonly ILogger logger;
    private readonly object caller;
    private readonly Lock gate = new();
    private readonly Lock telling = new();
    private readonly CancellationTokenSource stop = new();
    private readonly TaskCompletionSource<StoredTask> begun = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private Task<string?>? beginning;
    private TimeSpan ageBefore;
    private long became;
    private ITimer? timeToLive;
    private Task lastTold = Task.CompletedTask;
    private int waiting;
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
        progress = new TaskProgressLog(tasks, this, server.Options.TimeProvider, logger);
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

    // By the steady clock: one that jumps ends nothing early.
    private TimeSpan Age => ageBefore + Time.GetElapsedTime(became);

    private bool IsOver => isDone || stop.IsCancellationRequested;

    private TaskOptions Options => server.Options.Tasks;

    private TimeProvider Time => server.Options.TimeProvider;

    /// <summary>Runs a task again whose process has died, from the beginning, with what it knew.</summary>
    public static TaskRun Again(McpServer server, ServerTasks tasks, McpTool tool, StoredTask task)
    {
        var request = new JsonRpcRequest(0, task.Method, new JsonBody(JsonSerializer.SerializeToUtf8Bytes(task.Parameters, McpJson.Wire.JsonElement)));
        var principal = task.Principal?.ToPrincipal();
        var exchange = new Exchange(Nobody.Instance) { Principal = principal, Revision = KnownRevisions.Find(task.ProtocolVersion) };
        var context = new RequestContext(server, request, exchange)
        {
            ProtocolVersion = task.ProtocolVersion,
            ClientInfo = task.ClientInfo,
            ClientCapabilities = task.ClientCapabilities,
            Meta = RequestMetadata.Parse(request.Meta),
            Principal = principal,
            InputSource = Nobody.Instance,
            TaskForm = Nobody.Instance,
        };
        var run = new TaskRun(server, tasks, tool, context, server.CallTool, new TaskStart { After = TimeSpan.Zero, IsOwed = true }, task.TaskId);
        context.Run = run;
        if (task.Inputs is { } known)
            context.Inputs.Resume(known.Deserialize(StoredTaskJson.Lean.InputState)!, null);
        context.Inputs.TryWaitInPlace(run.inputs);

        // What an earlier process has used up of the time is told by the wall clock alone.
        var age = run.Time.GetUtcNow() - task.CreatedAt;
        run.beginning = Task.FromResult<string?>(null);
        tasks.Runs.EnterAgain(run, run.caller);
        run.Become(task, age > TimeSpan.Zero ? age : TimeSpan.Zero);
        return run;
    }

    /// <summary>Makes the call a task, once, whoever asks for it; null, or why it cannot be.</summary>
    public Task<string?> BeginAsync(string? statusMessage)
    {
        lock (gate)
            return beginning ??= BeginOnceAsync(statusMessage);
    }

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

    /// <summary>Whether the call has become a task, or is about to; from here on it does not any more.</summary>
    public async ValueTask<bool> HasBegunAsync()
    {
        Task<string?> asked;
        lock (gate)
            asked = beginning ??= Task.FromResult<string?>("The call has ended.");
        await asked.ConfigureAwait(false);
        return IsTask;
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

    /// <summary>Sends a notification that belongs to the task, after those before it, if there is a way to its client.</summary>
    public Task TellAsync(JsonRpcNotification notification, CancellationToken cancellationToken)
    {
        lock (telling)
        {
            // MUST: nothing is told of a task after its end. What a slow client has not read yet leaves no room for more of it.
            if (IsOver || waiting >= MostWaiting)
                return Task.CompletedTask;

            waiting++;
            return lastTold = TellAfterAsync(lastTold, notification, cancellationToken);
        }
    }

    /// <summary>Tells the client that its user is done on a page.</summary>
    public Task CompleteElicitationAsync(string key, CancellationToken cancellationToken) =>
        context.TaskForm!.CompleteElicitationAsync(TaskId, key, cancellationToken);

    private async Task TellAfterAsync(Task before, JsonRpcNotification notification, CancellationToken cancellationToken)
    {
        try
        {
            await before.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            if (!IsOver)
                await context.TaskForm!.TellAsync(TaskId, notification, cancellationToken).ConfigureAwait(false);
        }
        finally
        {
            lock (telling)
                waiting--;
        }
    }

    private async Task<string?> BeginOnceAsync(string? statusMessage)
    {
        // What the handler has asked by now, its next run will know: this one has no future.
        var before = context.Inputs.Channel;
        if (!context.Inputs.TryWaitInPlace(server.Options.ReplayHandlers ? null : inputs))
            return "The call has asked its client for something.";

        var refusal = tasks.Runs.Enter(this, caller) ?? await AddAsync(statusMessage).ConfigureAwait(false);
        if (refusal is not null)
            context.Inputs.TryWaitInPlace(before);
        return refusal;
    }

    private async ValueTask<string?> AddAsync(string? statusMessage)
    {
        try
        {
            // Not taken back halfway by whoever no longer waits: it is kept then, or not, and nobody knew.
            var task = NewTask(statusMessage);
            await tasks.AddAsync(task, CancellationToken.None).ConfigureAwait(false);
            Become(task, TimeSpan.Zero);
            return null;
        }
        catch (TaskStoreFullException full)
        {
            tasks.Runs.Leave(this, caller);
            logger.LogWarning("A call of '{Tool}' could not become a task: {Reason}", tool.Name, full.Message);
            return full.Message;
        }
        catch (Exception fault)
        {
            tasks.Runs.Leave(this, caller);
            logger.LogError(fault, "A call of '{Tool}' could not become a task.", tool.Name);
            await TakeBackAsync().ConfigureAwait(false);
            return "The task cannot be kept now. Try again later.";
        }
    }

    /// <summary>A store that failed may have kept the task all the same: nothing is to run it again one day.</summary>
    private async ValueTask TakeBackAsync()
    {
        try
        {
            await tasks.UpdateAsync(TaskId, task => tasks.Ended(task, McpTaskStatus.Cancelled), CancellationToken.None).ConfigureAwait(false);
        }
        catch (Exception fault)
        {
            logger.LogDebug(fault, "Whether the task {TaskId} was kept is not known.", TaskId);
        }
    }

    private StoredTask NewTask(string? statusMessage)
    {
        var now = server.Options.TimeProvider.GetUtcNow();
        var known = context.Inputs.Known;
        return new StoredTask
        {
            TaskId = TaskId,
            Version = 1,
            Owner = ServerTasks.OwnerOf(context),
            Principal = StoredPrincipal.Of(context.Principal),
            Method = context.Request.Method,
            Name = tool.Name,
            Parameters = context.Request.Params.ToElement(),
            ProtocolVersion = context.ProtocolVersion,
            ClientInfo = context.ClientInfo,
            ClientCapabilities = context.ClientCapabilities,
            StatusMessage = tasks.Short(statusMessage),
            CreatedAt = now,
            LastUpdatedAt = now,
            TimeToLive = TimeToLive(),
            PollInterval = tool.Tasks?.PollInterval ?? Options.PollInterval,
            Inputs = known.Known.Count == 0 ? null : JsonSerializer.SerializeToElement(known, StoredTaskJson.Lean.InputState),
        };
    }

    /// <summary>MAY: what the client wishes is bounded; what the tool's author says is not.</summary>
    private TimeSpan? TimeToLive()
    {
        if (start.TimeToLive is { } wished)
            return wished < Options.MaxTimeToLive ? wished : Options.MaxTimeToLive;
        var time = tool.Tasks?.TimeToLive ?? Options.TimeToLive;
        return time == Timeout.InfiniteTimeSpan ? null : time;
    }

    private void Become(StoredTask task, TimeSpan age)
    {
        ageBefore = age;
        became = Time.GetTimestamp();
        if (task.TimeToLive is { } live)
        {
            timeToLive = Time.CreateTimer(_ => WatchAge(live), null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
            WatchAge(live);
        }

        begun.TrySetResult(task);
    }

    private void WatchAge(TimeSpan live)
    {
        var left = live - Age;
        if (left <= TimeSpan.Zero)
            _ = ExpireAsync(live);
        else
            timeToLive!.Change(left < LongestTimer ? left : LongestTimer, Timeout.InfiniteTimeSpan);
    }

    private async Task ExpireAsync(TimeSpan live)
    {
        var error = new TaskError
        {
            Code = ErrorCode.InternalError,
            Message = $"The task was not done within its time to live of {live.TotalSeconds:0.###} seconds, and was stopped.",
        };
        await outcome.KeepAsync(task => tasks.Failed(task, error)).ConfigureAwait(false);
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
            if (timeToLive is not null)
                await timeToLive.DisposeAsync().ConfigureAwait(false);
            tasks.Runs.Leave(this, caller);
        }
    }
}
