using System.Collections.Concurrent;

namespace OnlyMcp.Server.Tasks;

/// <summary>Wakes those who wait for a task to change.</summary>
internal sealed class TaskNews
{
    private readonly ConcurrentDictionary<string, TaskCompletionSource> waited = new(StringComparer.Ordinal);

    /// <summary>Completes when the task changes after this call.</summary>
    public Task NextOf(string taskId) =>
        waited.GetOrAdd(taskId, static _ => new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously)).Task;

    /// <summary>The task has changed.</summary>
    public void Hear(string taskId)
    {
        if (waited.TryRemove(taskId, out var waiting))
            waiting.TrySetResult();
    }
}
