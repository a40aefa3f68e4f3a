using System.Threading.Tasks.Sources;

namespace OnlyMcp.Protocol.JsonRpc;

/// <summary>One request that was sent and not yet answered.</summary>
/// <remarks>
/// It is what its one waiter waits on, and its time-out is a point in time that its table looks at: a request costs one
/// object, and neither a task nor a timer.
/// </remarks>
public sealed class PendingRequest : IValueTaskSource<JsonBody>, IDisposable
{
    // Nobody waits; somebody waits, and whoever takes the state from here wakes them; the end has come, and stays.
    private const int Idle = 0, Awaited = 1, Ended = 2;

    private readonly PendingTable table;
    private readonly RequestTimeouts timeouts;
    private readonly NotificationChain notifications;
    private readonly bool standsBesideTheChain;
    private readonly long totalDeadline;
    private ManualResetValueTaskSourceCore<JsonRpcResultResponse> waiter;
    private CancellationToken stop;
    private CancellationTokenRegistration stopping;
    private int state = Idle;
    private int isEnded;
    private JsonRpcResultResponse? answer;
    private Exception? failure;
    private int holders;
    private long deadline;
    private volatile Task lastNotification = Task.CompletedTask;

    internal PendingRequest(PendingTable table, JsonRpcRequest request, RequestTimeouts timeouts, NotificationChain notifications)
    {
        this.table = table;
        this.timeouts = timeouts;
        Request = request;

        // A request that a notification's handler makes cannot wait behind that very handler: it gets a chain of its own.
        standsBesideTheChain = notifications.IsRunningHere;
        this.notifications = standsBesideTheChain ? notifications.Fork() : notifications;
        deadline = table.DeadlineIn(timeouts.Timeout);
        totalDeadline = table.DeadlineIn(timeouts.Total ?? Timeout.InfiniteTimeSpan);
    }

    /// <summary>The request.</summary>
    public JsonRpcRequest Request { get; }

    /// <summary>When the wait is over, as a timestamp of the table's clock.</summary>
    internal long Deadline => Math.Min(Volatile.Read(ref deadline), totalDeadline);

    /// <summary>Waits for the answer: the result's bytes. One at a time may wait, and awaits what is returned once.</summary>
    /// <exception cref="JsonRpcException">The answer was an error.</exception>
    /// <exception cref="RequestTimedOutException">No answer came in time.</exception>
    /// <exception cref="OperationCanceledException"><paramref name="cancellationToken"/> was cancelled.</exception>
    public ValueTask<JsonBody> WaitAsync(CancellationToken cancellationToken)
    {
        stopping.Dispose();
        stop = cancellationToken;
        waiter.Reset();
        if (Interlocked.CompareExchange(ref state, Awaited, Idle) == Ended)
            Wake(failure, inline: true);
        else if (cancellationToken.CanBeCanceled)
            stopping = cancellationToken.UnsafeRegister(static entry => ((PendingRequest)entry!).Stop(), this);
        return new ValueTask<JsonBody>(this, waiter.Version);
    }

    /// <summary>Handles a notification that belongs to this request; the response completes after it.</summary>
    public void Notify(Func<ValueTask> handle) => lastNotification = notifications.Add(handle);

    /// <summary>Starts the time-out anew if it was asked for: the other side is alive.</summary>
    public void Progressed()
    {
        lock (this)
        {
            if (timeouts.ResetOnProgress && holders == 0)
                Restart(timeouts.Timeout);
        }
    }

    /// <summary>Ends the wait with an exception; the first end counts.</summary>
    public void Fail(Exception reason) => End(null, reason, inline: false);

    /// <summary>Takes the request out of the table; a later answer finds nobody.</summary>
    public void Dispose()
    {
        table.Requests.TryRemove(new(Request.Id, this));
        stopping.Dispose();
    }

    JsonBody IValueTaskSource<JsonBody>.GetResult(short token) => waiter.GetResult(token).Result;

    ValueTaskSourceStatus IValueTaskSource<JsonBody>.GetStatus(short token) => waiter.GetStatus(token);

    void IValueTaskSource<JsonBody>.OnCompleted(
        Action<object?> continuation, object? state, short token, ValueTaskSourceOnCompletedFlags flags) =>
        waiter.OnCompleted(continuation, state, token, flags);

    /// <summary>Waiting for the chain that a request was made on would never end: such a request waits for its own notifications alone.</summary>
    internal void CompleteAfter(Task handled)
    {
        if (!standsBesideTheChain)
            lastNotification = handled;
    }

    /// <summary>Stops the clock of the time-out, until <see cref="Release"/> has been called as often: then it starts anew.</summary>
    internal void Hold()
    {
        lock (this)
        {
            if (holders++ == 0)
                Restart(Timeout.InfiniteTimeSpan);
        }
    }

    internal void Release()
    {
        lock (this)
        {
            if (--holders == 0)
                Restart(timeouts.Timeout);
        }
    }

    /// <summary>Ends the wait with the answer.</summary>
    /// <param name="result">The answer.</param>
    /// <param name="inline">Whether the one who waits may go on where this is called.</param>
    internal void Complete(JsonRpcResultResponse result, bool inline) => End(result, null, inline);

    /// <summary>Ends the wait if its time is over.</summary>
    internal void TimeOut(long now)
    {
        if (Deadline <= now)
            EndNow(null, new RequestTimedOutException(Request.Method, Volatile.Read(ref deadline) <= now ? timeouts.Timeout : timeouts.Total!.Value), inline: false);
    }

    private void Restart(TimeSpan wait)
    {
        // Seen by the clock before the clock is looked at: else it might ring now, see no deadline, and not be set again.
        Interlocked.Exchange(ref deadline, table.DeadlineIn(wait));
        table.Watch(this);
    }

    private void End(JsonRpcResultResponse? result, Exception? reason, bool inline)
    {
        var before = lastNotification;
        if (before.IsCompleted)
            EndNow(result, reason, inline);
        else
            EndAfter(before, result, reason);
    }

    private void EndAfter(Task before, JsonRpcResultResponse? result, Exception? reason) => before.ContinueWith(
        _ => EndNow(result, reason, inline: false), CancellationToken.None, TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);

    private void EndNow(JsonRpcResultResponse? result, Exception? reason, bool inline)
    {
        if (Interlocked.Exchange(ref isEnded, 1) != 0)
            return;

        (answer, failure) = (result, reason);
        if (Interlocked.Exchange(ref state, Ended) == Awaited)
            Wake(reason, inline);
    }

    /// <summary>Ends this one wait, and not the request: its answer may be waited for once more.</summary>
    private void Stop()
    {
        if (Interlocked.CompareExchange(ref state, Idle, Awaited) == Awaited)
            Wake(new OperationCanceledException(stop), inline: false);
    }

    private void Wake(Exception? reason, bool inline)
    {
        waiter.RunContinuationsAsynchronously = !inline;
        if (reason is null)
            waiter.SetResult(answer!);
        else
            waiter.SetException(reason);
    }
}
