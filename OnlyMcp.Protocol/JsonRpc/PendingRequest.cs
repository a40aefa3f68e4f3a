namespace OnlyMcp.Protocol.JsonRpc;

/// <summary>One request that was sent and not yet answered.</summary>
public sealed class PendingRequest : IDisposable
{
    private readonly PendingRequests table;
    private readonly RequestTimeouts timeouts;
    private readonly NotificationChain notifications;
    private readonly bool standsBesideTheChain;
    private readonly CancellationTokenSource timeout;
    private readonly CancellationTokenSource? total;
    private readonly TaskCompletionSource<JsonBody> response = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly Lock gate = new();
    private int holders;
    private volatile Task lastNotification = Task.CompletedTask;

    internal PendingRequest(
        PendingRequests table, JsonRpcRequest request, RequestTimeouts timeouts, NotificationChain notifications, TimeProvider time)
    {
        this.table = table;
        this.timeouts = timeouts;
        Request = request;

        // A request that a notification's handler makes cannot wait behind that very handler: it gets a chain of its own.
        standsBesideTheChain = notifications.IsRunningHere;
        this.notifications = standsBesideTheChain ? notifications.Fork() : notifications;
        timeout = new CancellationTokenSource(timeouts.Timeout, time);
        total = timeouts.Total is { } limit ? new CancellationTokenSource(limit, time) : null;
    }

    /// <summary>The request.</summary>
    public JsonRpcRequest Request { get; }

    /// <summary>
    /// Waits for the answer: the result's bytes.
    /// </summary>
    /// <exception cref="JsonRpcException">The answer was an error.</exception>
    /// <exception cref="RequestTimedOutException">No answer came in time.</exception>
    /// <exception cref="OperationCanceledException"><paramref name="cancellationToken"/> was cancelled.</exception>
    public async Task<JsonBody> WaitAsync(CancellationToken cancellationToken)
    {
        using var stopped = CancellationTokenSource.CreateLinkedTokenSource(
            cancellationToken, timeout.Token, total?.Token ?? CancellationToken.None);
        try
        {
            return await response.Task.WaitAsync(stopped.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (stopped.IsCancellationRequested && !cancellationToken.IsCancellationRequested)
        {
            var waited = timeout.IsCancellationRequested ? timeouts.Timeout : timeouts.Total!.Value;
            throw new RequestTimedOutException(Request.Method, waited);
        }
    }

    /// <summary>Handles a notification that belongs to this request; the response completes after it.</summary>
    public void Notify(Func<ValueTask> handle) => lastNotification = notifications.Add(handle);

    /// <summary>Starts the time-out anew if it was asked for: the other side is alive.</summary>
    public void Progressed()
    {
        lock (gate)
        {
            if (timeouts.ResetOnProgress && holders == 0)
                Restart(timeouts.Timeout);
        }
    }

    /// <summary>Ends the wait with an exception; the first end counts.</summary>
    public void Fail(Exception reason) => AfterNotifications(() =>
    {
        // Looked at here, for nobody may be left to do so when the caller has gone.
        if (response.TrySetException(reason))
            _ = response.Task.Exception;
    });

    /// <summary>Takes the request out of the table; a later answer finds nobody.</summary>
    public void Dispose()
    {
        table.Remove(this);
        timeout.Dispose();
        total?.Dispose();
    }

    /// <summary>Waiting for the chain that a request was made on would never end: such a request waits for its own notifications alone.</summary>
    internal void CompleteAfter(Task handled)
    {
        if (!standsBesideTheChain)
            lastNotification = handled;
    }

    /// <summary>Stops the clock of the time-out, until <see cref="Release"/> has been called as often: then it starts anew.</summary>
    internal void Hold()
    {
        lock (gate)
        {
            if (holders++ == 0)
                Restart(Timeout.InfiniteTimeSpan);
        }
    }

    internal void Release()
    {
        lock (gate)
        {
            if (--holders == 0)
                Restart(timeouts.Timeout);
        }
    }

    internal void Complete(JsonBody result) => AfterNotifications(() => response.TrySetResult(result));

    private void Restart(TimeSpan wait)
    {
        if (timeout.IsCancellationRequested)
            return;

        try
        {
            timeout.CancelAfter(wait);
        }
        catch (ObjectDisposedException)
        {
            // The caller went away between the look-up and the news: there is nothing left to time.
        }
    }

    private void AfterNotifications(Action complete)
    {
        var before = lastNotification;
        if (before.IsCompleted)
            complete();
        else
            before.ContinueWith(_ => complete(), CancellationToken.None, TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);
    }
}
