using System.Globalization;
using Microsoft.Extensions.Logging;
using OnlyMcp.Protocol.Schema;

namespace OnlyMcp.Server.Tasks;

/// <summary>
/// Keeps with a task what its tool last said of its progress: the newest word, and not more often than a client could ask.
/// </summary>
internal sealed class TaskProgressLog(McpServer server, TaskRun run, ILogger logger)
{
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(100);

    private readonly Lock gate = new();
    private Func<StoredTask, StoredTask>? newest;
    private bool isSaving;

    /// <summary>How far the tool has come.</summary>
    public void Report(TaskProgress progress) => Save(task => task with
    {
        Progress = progress,
        StatusMessage = server.Options.Tasks.Short(progress.Message ?? InWords(progress)),
    });

    /// <summary>What the tool does.</summary>
    public void Report(string message) => Save(task => task with { StatusMessage = server.Options.Tasks.Short(message) });

    private static string InWords(TaskProgress progress) => progress.Total is { } total
        ? string.Create(CultureInfo.InvariantCulture, $"{progress.Progress:0.##} of {total:0.##}")
        : progress.Progress.ToString("0.##", CultureInfo.InvariantCulture);

    private void Save(Func<StoredTask, StoredTask> change)
    {
        lock (gate)
        {
            newest = change;
            if (isSaving)
                return;
            isSaving = true;
        }

        _ = SaveAllAsync();
    }

    private async Task SaveAllAsync()
    {
        while (TryTake() is { } change)
        {
            try
            {
                await server.Tasks.UpdateAsync(run.TaskId, change, CancellationToken.None).ConfigureAwait(false);
            }
            catch (Exception fault)
            {
                // The next word, or the task's end, says more.
                logger.LogDebug(fault, "The progress of the task {TaskId} could not be kept.", run.TaskId);
            }

            await Task.Delay(Pause, server.Options.TimeProvider).ConfigureAwait(false);
        }
    }

    private Func<StoredTask, StoredTask>? TryTake()
    {
        lock (gate)
        {
            var change = newest;
            newest = null;
            isSaving = change is not null;
            return change;
        }
    }
}
