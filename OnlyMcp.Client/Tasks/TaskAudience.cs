using OnlyMcp.Protocol.JsonRpc;
using OnlyMcp.Protocol.Schema;

namespace OnlyMcp.Client.Tasks;

/// <summary>Tells how far a task has come, from notifications and from what its status says, to all who want to know. It only grows, on its scale.</summary>
/// <remarks>
/// Spec: 2026-07-28 basic/patterns/progress §Progress Flow
/// Spec: 2025-11-25 basic/utilities/tasks §Task Progress Notifications
/// </remarks>
internal sealed class TaskAudience
{
    private readonly Lock gate = new();
    private readonly List<RequestOptions> listeners = [];
    private double last = double.NegativeInfinity;
    private bool isMeasured;
    private bool isClosed;
    private string? lastMessage;

    /// <summary>Whether anybody wants to know.</summary>
    public bool IsWanted
    {
        get
        {
            lock (gate)
                return listeners.Count > 0;
        }
    }

    /// <summary>Is called once nothing will be told any more.</summary>
    public Action? Closed { get; set; }

    /// <summary>Has whoever asks with these options be told until the result is disposed; nobody if they do not want to be.</summary>
    public IDisposable? Add(RequestOptions? listener)
    {
        if (listener?.WantsProgress != true)
            return null;

        lock (gate)
            listeners.Add(listener);

        return new Entry(this, listener);
    }

    /// <summary>Takes what the server measures.</summary>
    public void Report(ProgressNotificationParams news)
    {
        lock (gate)
        {
            // What was counted while there were words alone is on no scale: a measure that begins later begins anew.
            if (!isMeasured)
                last = double.NegativeInfinity;
            isMeasured = true;
            Tell(news);
        }
    }

    /// <summary>Takes what the server says of the task: where it measures nothing, each new message is one step.</summary>
    public void Hear(TaskNews news)
    {
        lock (gate)
        {
            var isNew = news.State.StatusMessage != lastMessage;
            lastMessage = news.State.StatusMessage;
            if (news.Progress is { } measured)
                Report(measured);
            else if (!isMeasured && isNew && lastMessage is { } message)
                Tell(new ProgressNotificationParams { ProgressToken = news.State.Id, Progress = Math.Max(last, 0) + 1, Message = message });
        }
    }

    /// <summary>The task is done: nothing is told after its answer.</summary>
    public void Close()
    {
        lock (gate)
            isClosed = true;
        Closed?.Invoke();
    }

    /// <summary>MUST: progress grows. A server that goes back is not believed.</summary>
    private void Tell(ProgressNotificationParams news)
    {
        if (isClosed || !(news.Progress > last))
            return;

        last = news.Progress;

        // Who started the call and waits for it now is there twice, and hears everything once.
        foreach (var listener in listeners.DistinctBy(one => (one.OnProgress, one.Progress)).ToArray())
            listener.Report(news);
    }

    private void Remove(RequestOptions listener)
    {
        lock (gate)
            listeners.Remove(listener);
    }

    private sealed class Entry(TaskAudience owner, RequestOptions listener) : IDisposable
    {
        public void Dispose() => owner.Remove(listener);
    }
}
