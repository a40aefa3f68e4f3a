using System.Collections.Concurrent;

namespace OnlyMcp.Protocol.JsonRpc;

/// <summary>Pending requests by their ids, and the one clock that tells when the time of any is over.</summary>
/// <remarks>
/// Requests are answered long before their time is over, and most are given the same: so the timer is rarely set, and rings once in that
/// time, mostly for nothing. A timer for each would cost more than the rest of a request.
/// </remarks>
/// <param name="time">Measures the time-outs.</param>
internal sealed class PendingTable(TimeProvider time)
{
    /// <summary>The longest that a timer takes.</summary>
    private const double MostMilliseconds = uint.MaxValue - 1;

    private readonly Lock gate = new();
    private ITimer? clock;
    private long rings = long.MaxValue;

    public ConcurrentDictionary<RequestId, PendingRequest> Requests { get; } = new();

    /// <summary>The timestamp so long from now.</summary>
    public long DeadlineIn(TimeSpan wait)
    {
        if (wait == Timeout.InfiniteTimeSpan)
            return long.MaxValue;

        ArgumentOutOfRangeException.ThrowIfLessThan(wait, TimeSpan.Zero);
        var ends = time.GetTimestamp() + (wait.TotalSeconds * time.TimestampFrequency);
        return ends < long.MaxValue ? (long)ends : long.MaxValue;
    }

    /// <summary>Sees to it that the clock rings when the time of this entry is over, or before.</summary>
    public void Watch(PendingRequest entry) => RingAt(entry.Deadline);

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
        var table = new WeakReference<PendingTable>(this);
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
        if (((WeakReference<PendingTable>)table!).TryGetTarget(out var ringing))
            ringing.Ring();
    }

    private void Ring()
    {
        lock (gate)
            rings = long.MaxValue;
        var (now, next) = (time.GetTimestamp(), long.MaxValue);
        foreach (var (_, entry) in Requests)
        {
            if (entry.Deadline <= now)
                entry.TimeOut(now);
            else
                next = Math.Min(next, entry.Deadline);
        }

        RingAt(next);
    }
}
