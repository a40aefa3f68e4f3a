using System.Text.Json;
using Microsoft.Extensions.Logging;
using OnlyMcp.Protocol.JsonRpc;
using OnlyMcp.Protocol.Revisions;
using OnlyMcp.Protocol.Schema;
using OnlyMcp.Server.Eras;
using OnlyMcp.Server.Tools;

namespace OnlyMcp.Server.Tasks;

/// <content>How a call becomes a task.</content>
internal sealed partial class TaskRun
{
    private readonly Lock gate = new();
    private readonly TaskCompletionSource<StoredTask> begun = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private Task<string?>? beginning;

    /// <summary>Runs a task again whose process has died, from the beginning, with what it knew.</summary>
    public static TaskRun Again(McpServer server, ServerTasks tasks, McpTool tool, StoredTask task)
    {
        var parameters = JsonSerializer.SerializeToUtf8Bytes(task.Parameters, McpJson.Wire.JsonElement);
        var request = new JsonRpcRequest(0, task.Method, new JsonBody(parameters));
        var revision = KnownRevisions.Find(task.ProtocolVersion) ?? KnownRevisions.Newest(Era.Modern);
        var exchange = new Exchange(Nobody.Instance) { Principal = task.Principal?.ToPrincipal(), Revision = revision };
        var context = new RequestContext(server, request, exchange)
        {
            ClientInfo = task.ClientInfo,
            ClientCapabilities = task.ClientCapabilities,
            Meta = RequestMetadata.Parse(request.Meta),
            InputSource = Nobody.Instance,
            TaskForm = Nobody.Instance,
        };
        var start = new TaskStart { After = TimeSpan.Zero, IsOwed = true };
        var run = new TaskRun(server, tasks, tool, context, server.CallTool, start, task.TaskId);
        context.Run = run;
        if (task.Inputs is { } known)
            context.Inputs.Resume(known.Deserialize(StoredTaskJson.Lean.InputState)!, null);
        context.Inputs.TryWaitInPlace(run.inputs);

        run.beginning = Task.FromResult<string?>(null);
        tasks.Runs.EnterAgain(run, run.caller);

        // What an earlier process has used up of the time is told by the wall clock alone.
        var age = run.Time.GetUtcNow() - task.CreatedAt;
        run.Become(task, age > TimeSpan.Zero ? age : TimeSpan.Zero);
        return run;
    }

    /// <summary>Makes the call a task, once, whoever asks for it; null, or why it cannot be.</summary>
    public Task<string?> BeginAsync(string? statusMessage)
    {
        lock (gate)
            return beginning ??= BeginOnceAsync(statusMessage);
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
            await tasks.UpdateAsync(TaskId, task => task.Ended(McpTaskStatus.Cancelled, Options), CancellationToken.None)
                .ConfigureAwait(false);
        }
        catch (Exception fault)
        {
            logger.LogDebug(fault, "Whether the task {TaskId} was kept is not known.", TaskId);
        }
    }

    private StoredTask NewTask(string? statusMessage)
    {
        var now = Time.GetUtcNow();
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
            StatusMessage = Options.Short(statusMessage),
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
        if (task.TimeToLive is { } live)
            life = new TaskLife(Time, live, age, () => _ = ExpireAsync(live));
        begun.TrySetResult(task);
    }
}
