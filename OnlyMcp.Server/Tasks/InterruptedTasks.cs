using Microsoft.Extensions.Logging;
using OnlyMcp.Server.Tools;

namespace OnlyMcp.Server.Tasks;

/// <summary>Takes up what an earlier process has left unfinished: each task runs again or fails, as its tool wants it.</summary>
/// <remarks>Spec: ext-tasks tasks §Task Status</remarks>
internal sealed class InterruptedTasks(McpServer server, ServerTasks tasks)
{
    private const string WhatToDo = "What it had done until then may stand; call the tool again if that is safe.";

    /// <summary>How long requests wait for it: a store that fails is tried again beside.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(1);

    private readonly ILogger logger = server.Options.LoggerFactory.CreateLogger<InterruptedTasks>();

    private TaskOptions Options => server.Options.Tasks;

    /// <summary>Takes up all of them; later, if the store cannot say now which there are.</summary>
    public async Task TakeUpAsync()
    {
        try
        {
            await TakeUpAsync(await Options.Store.TakeAbandonedAsync().ConfigureAwait(false)).ConfigureAwait(false);
        }
        catch (Exception fault)
        {
            logger.LogError(fault, "Which tasks an earlier process has left could not be found out; it is tried again.");
            _ = TakeUpLaterAsync();
        }
    }

    private async Task TakeUpLaterAsync()
    {
        try
        {
            await Task.Delay(Patience, server.Options.TimeProvider).ConfigureAwait(false);
            var left = await tasks.InsistAsync("(of an earlier process)", () => Options.Store.TakeAbandonedAsync(), CancellationToken.None)
                .ConfigureAwait(false);
            await TakeUpAsync(left).ConfigureAwait(false);
        }
        catch (Exception fault)
        {
            logger.LogError(fault, "The tasks that an earlier process has left stay as they are until a server opens the store again.");
        }
    }

    private async Task TakeUpAsync(IReadOnlyList<StoredTask> left)
    {
        var all = Task.WhenAll(left.Select(TakeUpAsync));
        await all.WaitAsync(Patience, server.Options.TimeProvider).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }

    private async Task TakeUpAsync(StoredTask task)
    {
        try
        {
            var tool = ToolToRunAgain(task.Name);

            // Counted before it runs: it may be what ends the process.
            var taken = await ChangeAsync(task, current => Counted(current, tool)).ConfigureAwait(false);
            if (tool is not null && taken is { IsEnded: false })
                await RunAgainAsync(taken, tool).ConfigureAwait(false);
        }
        catch (Exception fault)
        {
            logger.LogError(fault, "The task {TaskId} of '{Tool}' was interrupted, and could not be taken up.", task.TaskId, task.Name);
        }
    }

    private async Task RunAgainAsync(StoredTask task, McpTool tool)
    {
        try
        {
            TaskRun.Again(server, tasks, tool, task).Start();
            logger.LogInformation("The task {TaskId} of '{Tool}' was interrupted, and runs again.", task.TaskId, task.Name);
            tasks.Runs.Look(task.TaskId); // Somebody may have ended it just now.
        }
        catch (Exception fault)
        {
            logger.LogError(fault, "The task {TaskId} of '{Tool}' was interrupted, and cannot run again.", task.TaskId, task.Name);
            const string why = $"The server was stopped while the task was under way, and it cannot run again. {WhatToDo}";
            await ChangeAsync(task, current => current.Failed(why, Options)).ConfigureAwait(false);
        }
    }

    private StoredTask Counted(StoredTask task, McpTool? tool)
    {
        var times = task.Interruptions + 1;
        if (tool is null)
            return task.Failed($"The server was stopped while the task was under way. {WhatToDo}", Options);
        return times <= Options.MaxInterruptions
            ? task with { Interruptions = times }
            : task.Failed($"The server was stopped {times} times while the task was under way: it does not run again. {WhatToDo}", Options);
    }

    private McpTool? ToolToRunAgain(string name) =>
        server.Tools.TryFind(name, out var tool) && tool.Tasks is { WhenInterrupted: InterruptedTask.RunsAgain } ? tool : null;

    private Task<StoredTask?> ChangeAsync(StoredTask task, Func<StoredTask, StoredTask> change) => tasks.InsistAsync(
        task.TaskId, () => tasks.UpdateAsync(task.TaskId, change, CancellationToken.None), CancellationToken.None);
}
