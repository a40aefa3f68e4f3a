using OnlyMcp.Protocol.JsonRpc;

namespace OnlyMcp.Server.Tasks;

/// <summary>What a task tells its client while it runs, one after another, as long as there is a way and it has not ended.</summary>
/// <remarks>Spec: 2025-11-25 basic/utilities/tasks §Task Progress Notifications</remarks>
internal sealed class TaskMessages(TaskRun run, ITaskForm form)
{
    /// <summary>How many may wait to leave before more of them are left out.</summary>
    private const int MostWaiting = 1000;

    private readonly Lock gate = new();
    private Task last = Task.CompletedTask;
    private int waiting;

    /// <summary>Sends a notification after those before it.</summary>
    public Task TellAsync(JsonRpcNotification notification, CancellationToken cancellationToken)
    {
        lock (gate)
        {
            // MUST: nothing is told of a task after its end. What a slow client has not read yet leaves no room for more of it.
            if (run.IsOver || waiting >= MostWaiting)
                return Task.CompletedTask;

            waiting++;
            return last = TellAfterAsync(last, notification, cancellationToken);
        }
    }

    private async Task TellAfterAsync(Task before, JsonRpcNotification notification, CancellationToken cancellationToken)
    {
        try
        {
            await before.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            if (!run.IsOver)
                await form.TellAsync(run.TaskId, notification, cancellationToken).ConfigureAwait(false);
        }
        finally
        {
            lock (gate)
                waiting--;
        }
    }
}
