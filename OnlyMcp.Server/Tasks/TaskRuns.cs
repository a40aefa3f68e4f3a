using System.Collections.Concurrent;
using System.Text.Json;
using Microsoft.Extensions.Logging;
using OnlyMcp.Protocol.JsonRpc;
using OnlyMcp.Protocol.Middleware;
using OnlyMcp.Protocol.Schema;
using OnlyMcp.Server.Tools;

namespace OnlyMcp.Server.Tasks;

/// <summary>The calls of this process that run as tasks, or may become some.</summary>
/// <remarks>Spec: ext-tasks tasks §Task Creation</remarks>
internal sealed class TaskRuns(McpServer server, ServerTasks tasks)
{
    private readonly ConcurrentDictionary<string, TaskRun> running = new(StringComparer.Ordinal);
    private readonly Lock gate = new();
    private readonly Dictionary<object, int> callers = [];
    private int count;

    private TaskOptions Options => server.Options.Tasks;

    /// <summary>Calls a tool whose call becomes a task, now or later, or ends before it does.</summary>
    /// <param name="start">How it becomes one.</param>
    /// <param name="tool">The tool.</param>
    /// <param name="context">The call.</param>
    /// <param name="work">Does it.</param>
    /// <param name="cancellationToken">Ends it, while it is no task.</param>
    /// <exception cref="JsonRpcException">It has to be a task, and cannot become one (-32603).</exception>
    public async ValueTask<Result> CallAsync(
        TaskStart start, McpTool tool, RequestContext context, RequestHandler<RequestContext> work, CancellationToken cancellationToken)
    {
        var run = new TaskRun(server, tasks, tool, context, work, start);
        context.Run = run;
        if (start.After != TimeSpan.Zero)
            return await CallBesideAsync(run, start.After, cancellationToken).ConfigureAwait(false);

        if (await run.BeginAsync(null).ConfigureAwait(false) is not { } refusal)
        {
            // The client has thought better of it, and learns of no task.
            if (cancellationToken.IsCancellationRequested)
            {
                run.Discard();
                throw new OperationCanceledException(cancellationToken);
            }

            run.Start();
            return run.Answer();
        }

        if (start.IsOwed || tool.Tasks is { Support: TaskSupport.Required })
            throw new JsonRpcException(ErrorCode.InternalError, refusal);

        // It is answered as if the client could take no task.
        return await work(context.Request, context, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Whether the work of a task goes on here, also if the task has ended.</summary>
    public bool IsRunning(string taskId) => running.ContainsKey(taskId);

    /// <summary>Stops the work of a task that has ended, if it runs here.</summary>
    public void End(string taskId)
    {
        if (running.TryGetValue(taskId, out var run))
            _ = run.EndAsync();
    }

    /// <summary>What is wrong with an answer beyond its question's own schema, where the task runs here; null for nothing.</summary>
    public string? WhatIsWrongWith(string taskId, string key, JsonElement answer) =>
        running.TryGetValue(taskId, out var run) ? run.WhatIsWrongWith(key, answer) : null;

    /// <summary>Has the run of a task, if it is here, see whether somebody has ended it.</summary>
    public void Look(string taskId)
    {
        if (running.TryGetValue(taskId, out var run))
            _ = run.LookAsync();
    }

    /// <summary>Counts a run in; null, or what stands against it.</summary>
    public string? Enter(TaskRun run, object caller)
    {
        lock (gate)
        {
            var own = callers.GetValueOrDefault(caller);
            if (count >= Options.MaxRunning)
                return $"{count} tasks are under way here, which is the most there may be. Try again when some have ended.";
            if (own >= Options.MaxRunningPerCaller)
                return $"You have {own} tasks under way, which is the most there may be. Try again when one has ended, or cancel one.";

            EnterAgain(run, caller);
            return null;
        }
    }

    /// <summary>Counts a run in that was under way before: it is not refused for want of room.</summary>
    public void EnterAgain(TaskRun run, object caller)
    {
        lock (gate)
        {
            callers[caller] = callers.GetValueOrDefault(caller) + 1;
            count++;
            running[run.TaskId] = run;
        }

        Telemetry.TaskRuns(1, run.Tool);
    }

    /// <summary>Counts it out.</summary>
    public void Leave(TaskRun run, object caller)
    {
        lock (gate)
        {
            if (!running.TryRemove(run.TaskId, out _))
                return;

            count--;
            if (--callers[caller] == 0)
                callers.Remove(caller);
        }

        Telemetry.TaskRuns(-1, run.Tool);
    }

    /// <summary>Waits for the tool, which may end before its call becomes a task.</summary>
    private async ValueTask<Result> CallBesideAsync(TaskRun run, TimeSpan after, CancellationToken cancellationToken)
    {
        await using var link = cancellationToken.UnsafeRegister(_ => run.Stop(), null).ConfigureAwait(false);
        var working = run.WorkAsync();
        if (after != Timeout.InfiniteTimeSpan && !working.IsCompleted)
        {
            Task either = Task.WhenAny(working, run.Begun);
            await either.WaitAsync(after, server.Options.TimeProvider, CancellationToken.None)
                .ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            if (!either.IsCompleted)
                await run.BeginAsync(null).ConfigureAwait(false);
        }

        await Task.WhenAny(working, run.Begun).ConfigureAwait(false);
        if (!await run.HasBegunAsync().ConfigureAwait(false))
            return await working.ConfigureAwait(false);

        if (cancellationToken.IsCancellationRequested)
        {
            run.Discard(working);
            throw new OperationCanceledException(cancellationToken);
        }

        run.Follow(working);
        return run.Answer();
    }
}
