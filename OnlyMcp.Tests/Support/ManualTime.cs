namespace OnlyMcp.Tests.Support;

/// <summary>A clock that stands still until it is told to go on.</summary>
internal sealed class ManualTime : TimeProvider
{
    private readonly Lock gate = new();
    private readonly List<Timer> timers = [];
    private DateTimeOffset now = DateTimeOffset.UnixEpoch;
    private TimeSpan jumped;

    public override long TimestampFrequency => TimeSpan.TicksPerSecond;

    public override DateTimeOffset GetUtcNow() => now + jumped;

    public override long GetTimestamp() => now.Ticks;

    /// <summary>How many timers run towards a point in time.</summary>
    public int Running
    {
        get
        {
            lock (gate)
                return timers.Count(timer => timer.Due is not null);
        }
    }

    /// <summary>Whether a timer rings so long from now.</summary>
    public bool HasTimerIn(TimeSpan wait)
    {
        lock (gate)
            return timers.Any(timer => timer.Due == now + wait);
    }

    /// <summary>Whether a timer rings by then.</summary>
    public bool HasTimerWithin(TimeSpan wait)
    {
        lock (gate)
            return timers.Any(timer => timer.Due <= now + wait);
    }

    /// <summary>Puts the wall clock forward or back, as an administrator does; no time goes by.</summary>
    public void Jump(TimeSpan by) => jumped += by;

    public void Advance(TimeSpan by)
    {
        Timer[] due;
        lock (gate)
        {
            now += by;
            due = [.. timers.Where(timer => timer.Due <= now)];
            foreach (var timer in due)
                timer.Due = null;
        }

        foreach (var timer in due)
            timer.Ring();
    }

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        var timer = new Timer(this, () => callback(state));
        timer.Change(dueTime, period);
        lock (gate)
            timers.Add(timer);
        return timer;
    }

    private sealed class Timer(ManualTime time, Action ring) : ITimer
    {
        public DateTimeOffset? Due { get; set; }

        public void Ring() => ring();

        public bool Change(TimeSpan dueTime, TimeSpan period)
        {
            lock (time.gate)
                Due = dueTime == Timeout.InfiniteTimeSpan ? null : time.now + dueTime;
            return true;
        }

        public void Dispose()
        {
            lock (time.gate)
                time.timers.Remove(this);
        }

        public ValueTask DisposeAsync()
        {
            Dispose();
            return ValueTask.CompletedTask;
        }
    }
}
