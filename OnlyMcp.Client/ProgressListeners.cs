using System.Collections.Concurrent;
using OnlyMcp.Client.Tasks;
using OnlyMcp.Protocol.JsonRpc;

namespace OnlyMcp.Client;

/// <summary>Who hears of the progress of which request.</summary>
/// <remarks>
/// Spec: 2026-07-28 basic/patterns/progress §Progress Flow
/// Spec: 2025-11-25 basic/utilities/tasks §Task Progress Notifications
/// </remarks>
internal sealed class ProgressListeners
{
    private readonly ConcurrentDictionary<RequestId, RequestOptions> listeners = new();
    private readonly ConcurrentDictionary<RequestId, TaskAudience> tasks = new();

    /// <summary>Has <paramref name="listener"/> hear of the request's progress until the result is disposed.</summary>
    public IDisposable? Add(RequestId id, RequestOptions? listener)
    {
        if (listener?.WantsProgress != true)
            return null;

        listeners[id] = listener;
        return new Entry(this, id);
    }

    /// <summary>Has a task hear of the progress of the request that made it, until the task's progress is closed.</summary>
    public void Add(RequestId id, TaskAudience task)
    {
        if (task.IsWanted)
            tasks[id] = task;
        task.Closed += () => tasks.TryRemove(id, out _);
    }

    public RequestOptions? Find(RequestId id) => listeners.GetValueOrDefault(id);

    public TaskAudience? FindTask(RequestId id) => tasks.GetValueOrDefault(id);

    private sealed class Entry(ProgressListeners owner, RequestId id) : IDisposable
    {
        public void Dispose() => owner.listeners.TryRemove(id, out _);
    }
}
