namespace OnlyMcp.Protocol.Transport;

/// <summary>Notices that a write takes too long whose thread waits within it, and so can notice nothing itself. One write at a time.</summary>
/// <remarks>The timer is not set for each write: it runs until it finds that nobody writes.</remarks>
/// <param name="timeout">How long a write may take.</param>
/// <param name="time">Measures that.</param>
/// <param name="late">Is called when one has taken longer.</param>
internal sealed class WriteDeadline(TimeSpan timeout, TimeProvider time, Action late) : IDisposable
{
    private const long Nobody = long.MinValue;

    private long began = Nobody;
    private bool running;
    private ITimer? timer;

    public void Begin()
    {
        if (timeout == Timeout.InfiniteTimeSpan)
            return;

        Interlocked.Exchange(ref began, time.GetTimestamp());
        if (Volatile.Read(ref running))
            return;

        Volatile.Write(ref running, true);
        timer ??= time.CreateTimer(_ => Look(), null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        timer.Change(timeout, Timeout.InfiniteTimeSpan);
    }

    public void End() => Volatile.Write(ref began, Nobody);

    public void Dispose() => timer?.Dispose();

    private void Look()
    {
        var start = Volatile.Read(ref began);
        if (start == Nobody)
        {
            Volatile.Write(ref running, false);
            Interlocked.MemoryBarrier();
            start = Volatile.Read(ref began);
            if (start == Nobody)
                return; // Who begins from here on sets the timer.

            Volatile.Write(ref running, true);
        }

        var left = timeout - time.GetElapsedTime(start);
        if (left > TimeSpan.Zero)
            timer!.Change(left, Timeout.InfiniteTimeSpan);
        else if (Volatile.Read(ref began) == start)
            late();
        else
            timer!.Change(timeout, Timeout.InfiniteTimeSpan); // That write has ended while its time was being measured.
    }
}
