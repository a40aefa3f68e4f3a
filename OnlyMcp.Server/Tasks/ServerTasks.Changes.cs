using System.Text.Json;
using Microsoft.Extensions.Logging;
using OnlyMcp.Protocol.JsonRpc;
using OnlyMcp.Protocol.Middleware;
using OnlyMcp.Protocol.Schema;
using OnlyMcp.Server.Changes;

namespace OnlyMcp.Server.Tasks;

/// <content>How tasks change, and how those who wait hear of it.</content>
internal sealed partial class ServerTasks
{
    /// <summary>A bus may lose news: who waits looks again at least so often.</summary>
    private static readonly TimeSpan LookAgain = TimeSpan.FromSeconds(15);

    /// <summary>How often a change is tried that others get ahead of.</summary>
    private const int MostAttempts = 1000;

    private readonly TaskNews news = new();

    /// <summary>Changes a task, however many others do so at the same time; tells those who wait for it.</summary>
    /// <param name="taskId">Its name.</param>
    /// <param name="change">Makes the new record of the newest one, perhaps more than once; null to leave it.</param>
    /// <param name="cancellationToken">Ends the attempt.</param>
    /// <returns>The newest record; null if there is none any more.</returns>
    /// <exception cref="InvalidOperationException">The store takes no change, however often it is offered.</exception>
    public async ValueTask<StoredTask?> UpdateAsync(
        string taskId, Func<StoredTask, StoredTask?> change, CancellationToken cancellationToken)
    {
        for (var attempt = 0; attempt < MostAttempts; attempt++)
        {
            if (await Store.FindAsync(taskId, cancellationToken).ConfigureAwait(false) is not { } task)
            {
                news.Hear(taskId);
                return null;
            }

            // MUST: a task that has ended stays as it is.
            if (task.IsEnded || change(task) is not { } changed)
                return task;

            changed = Aged(changed with { Version = task.Version + 1 }, task);
            if (!await Store.TryReplaceAsync(changed, cancellationToken).ConfigureAwait(false))
                continue;

            if (changed.IsEnded)
                WhenEnded(changed);
            await PublishAsync(taskId).ConfigureAwait(false);
            return changed;
        }

        throw new InvalidOperationException($"The store did not take a change of the task {taskId} in {MostAttempts} attempts.");
    }

    /// <summary>Does something with the store, and keeps trying while that fails, for as long as somebody may ask for a task.</summary>
    /// <param name="taskId">The task's name, for the log.</param>
    /// <param name="attempt">What is to be done.</param>
    /// <param name="cancellationToken">Ends the attempts.</param>
    public async Task<T> InsistAsync<T>(string taskId, Func<ValueTask<T>> attempt, CancellationToken cancellationToken)
    {
        var began = Time.GetTimestamp();
        for (var pause = TimeSpan.FromSeconds(1); ; pause = pause < TimeSpan.FromMinutes(1) ? pause * 2 : pause)
        {
            try
            {
                return await attempt().ConfigureAwait(false);
            }
            catch (Exception fault) when (fault is not (OperationCanceledException or ObjectDisposedException or JsonRpcException)
                && Time.GetElapsedTime(began) < Options.MaxTimeToLive)
            {
                logger.LogError(fault, "The store failed for the task {TaskId}; the next attempt is in {Pause}.", taskId, pause);
            }

            await Task.Delay(pause, Time, cancellationToken).ConfigureAwait(false);
        }
    }

    /// <summary>Waits until a task is as it should be, or has ended; null if it is gone.</summary>
    public async Task<StoredTask?> UntilAsync(string taskId, Func<StoredTask, bool> isSo, CancellationToken cancellationToken)
    {
        while (true)
        {
            var next = news.NextOf(taskId);
            var task = await Store.FindAsync(taskId, cancellationToken).ConfigureAwait(false);
            if (task is null or { IsEnded: true })
            {
                news.Hear(taskId); // Nothing more will come.
                return task;
            }

            if (isSo(task))
                return task;

            await next.WaitAsync(LookAgain, Time, cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            cancellationToken.ThrowIfCancellationRequested();
        }
    }

    /// <summary>A wall clock that was set back makes nothing older than it was.</summary>
    private StoredTask Aged(StoredTask changed, StoredTask before)
    {
        var now = Time.GetUtcNow();
        return changed with { LastUpdatedAt = now > before.LastUpdatedAt ? now : before.LastUpdatedAt };
    }

    // SHOULD: what ends is logged, with whose it was, and measured. The bus alone is not relied on: it may lose the news, and the work would go on for nobody.
    private void WhenEnded(StoredTask task)
    {
        logger.LogInformation(
            "The task {TaskId} of '{Tool}' has ended: {Status}; it is of {Owner}.", task.TaskId, task.Name, task.Status, task.Owner ?? Anybody);
        var status = JsonSerializer.SerializeToElement(task.Status, McpJson.Wire.McpTaskStatus).GetString()!;
        Telemetry.TaskEnded(task.LastUpdatedAt - task.CreatedAt, task.Name, status);
        Runs.End(task.TaskId);
    }

    private void Hear(Change change)
    {
        if (change is not { Kind: ChangeKind.TaskChanged, TaskId: { } taskId })
            return;

        news.Hear(taskId);
        Runs.Look(taskId);
    }

    private async ValueTask PublishAsync(string taskId)
    {
        try
        {
            await server.Options.Changes.PublishAsync(new Change(ChangeKind.TaskChanged, TaskId: taskId)).ConfigureAwait(false);
        }
        catch (Exception fault)
        {
            // The task has changed, and whoever asks for it is told so; those who wait look again by themselves.
            logger.LogError(fault, "The news of the task {TaskId} could not be published.", taskId);
            news.Hear(taskId);
        }
    }
}
