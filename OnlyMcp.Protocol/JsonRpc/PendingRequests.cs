using System.Collections.Concurrent;

namespace OnlyMcp.Protocol.JsonRpc;

/// <summary>The requests that we sent and wait for, in one conversation.</summary>
/// <remarks>Never one table with <see cref="InFlightRequests"/>: the same id stands in both.</remarks>
/// <param name="time">Measures the time-outs.</param>
public sealed class PendingRequests(TimeProvider time)
{
    /// <summary>The longest that a timer takes.</summary>
    private const double MostMilliseconds = uint.MaxValue - 1;

    private readonly ConcurrentDictionary<RequestId, PendingRequest> requests = new();
    private readonly Lock gate = new();
    private ITimer? clock;
    private long rings = long.MaxValue;
    private long lastId;

    /// <summary>How many answers are awaited.</summary>
    public int Count => requests.Count;

    /// <summary>The next id: 1, 2, 3 and so on. MUST: an id is never used twice in a conversation.</summary>
    public RequestId NextId() => Interlocked.Increment(ref lastId);

    /// <summary>Enters a request, before it is sent, until the returned entry is disposed.</summary>
    public PendingRequest Add(JsonRpcRequest request, RequestTimeouts timeouts, NotificationChain notifications)
    {
        ArgumentNullException.ThrowIfNull(request);
        ArgumentNullException.ThrowIfNull(timeouts);
        ArgumentNullException.ThrowIfNull(notifications);
        var entry = new PendingRequest(this, request, timeouts, notifications);
        if (!requests.TryAdd(request.Id, entry))
            throw new InvalidOperationException($"A request with the id {request.Id} is already pending.");

        Watch(entry);
        return entry;
    }

    /// <summary>Whether <see cref="NextId"/> has given out this id: an answer to it that nobody waits for came late, and is no fault.</summary>
    public bool WasIssued(RequestId id) => id.Number is > 0 and var number && number <= Interlocked.Read(ref lastId);

    /// <summary>The pending request with this id, else null.</summary>
    public PendingRequest? Find(RequestId id) => requests.GetValueOrDefault(id);

    /// <summary>Hands a response to whoever waits for it; false if nobody does: it came too late, twice, or was never asked for.</summary>
    /// <param name="response">The response.</param>
    /// <param name="inline">Whether the one who waits may go on where this is called, which then takes as long as they like.</param>
    public bool Complete(JsonRpcMessage response, bool inline = false)
    {
        switch (response)
        {
            case JsonRpcResultResponse result when Find(result.Id) is { } entry:
                entry.Complete(result.Result, inline);
                return true;
            case JsonRpcErrorResponse { Id: { } id } error when Find(id) is { } entry:
                entry.Fail(new JsonRpcException(error.Error) { ReceivedHttpStatus = error.HttpStatus, ReceivedRetryAfter = error.RetryAfter });
                return true;
            default:
                return false;
        }
    }

    /// <summary>
    /// Has every request that is pending now complete after <paramref name="handled"/>, a notification on the conversation's own
    /// chain that came before their responses and names none of them.
    /// </summary>
    public void CompleteAfter(Task handled)
    {
        foreach (var entry in requests.Values)
            entry.CompleteAfter(handled);
    }

    /// <summary>
    /// Stops the time-outs of all that is pending now, until the result is disposed: the other side waits for us, and may not be able
    /// to answer before we do. <see cref="RequestTimeouts.Total"/> counts on.
    /// </summary>
    public IDisposable Hold()
    {
        PendingRequest[] held = [.. requests.Values];
        foreach (var entry in held)
            entry.Hold();
        return new Held(held);
    }

    /// <summary>Fails all of them: the line is gone.</summary>
    public void FailAll(Exception reason)
    {
        foreach (var entry in requests.Values)
            entry.Fail(reason);
    }

    /// <summary>The timestamp so long from now.</summary>
    internal long DeadlineIn(TimeSpan wait)
    {
        if (wait == Timeout.InfiniteTimeSpan)
            return long.MaxValue;

        ArgumentOutOfRangeException.ThrowIfLessThan(wait, TimeSpan.Zero);
        var ends = time.GetTimestamp() + (wait.TotalSeconds * time.TimestampFrequency);
        return ends < long.MaxValue ? (long)ends : long.MaxValue;
    }

    /// <summary>Sees to it that the clock rings when the time of this entry is over, or before.</summary>
    internal void Watch(PendingRequest entry) => RingAt(entry.Deadline);

    /// <summary>
    /// One timer for all. Requests are answered long before their time is over, and most have the same: so it is rarely set, and rings
    /// once in that time, mostly for nothing.
    /// </summary>
    private void RingAt(long deadline)
    {
        if (deadline >= Volatile.Read(ref rings))
            return;

        lock (gate)
        {
            if (deadline >= rings)
                return;

            Volatile.Write(ref rings, deadline);
            clock ??= NewClock();
            clock.Change(TimeUntil(deadline), Timeout.InfiniteTimeSpan);
        }
    }

    /// <summary>A timer that keeps neither this table nor the flow of whoever asked first from being collected.</summary>
    private ITimer NewClock()
    {
        var table = new WeakReference<PendingRequests>(this);
        if (ExecutionContext.IsFlowSuppressed())
            return time.CreateTimer(Ring, table, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);

        using var apart = ExecutionContext.SuppressFlow();
        return time.CreateTimer(Ring, table, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
    }

    private TimeSpan TimeUntil(long deadline)
    {
        var milliseconds = Math.Ceiling((deadline - time.GetTimestamp()) * 1000.0 / time.TimestampFrequency);
        return TimeSpan.FromMilliseconds(Math.Clamp(milliseconds, 0, MostMilliseconds));
    }

    private static void Ring(object? table)
    {
        if (((WeakReference<PendingRequests>)table!).TryGetTarget(out var ringing))
            ringing.Ring();
    }

    private void Ring()
    {
        lock (gate)
            rings = long.MaxValue;
        var (now, next) = (time.GetTimestamp(), long.MaxValue);
        foreach (var entry in requests.Values)
        {
            if (entry.Deadline <= now)
                entry.TimeOut(now);
            else
                next = Math.Min(next, entry.Deadline);
        }

        RingAt(next);
    }

    internal void Remove(PendingRequest entry) => requests.TryRemove(new(entry.Request.Id, entry));

    private sealed class Held(PendingRequest[] entries) : IDisposable
    {
        public void Dispose()
        {
            foreach (var entry in entries)
                entry.Release();
        }
    }
}
