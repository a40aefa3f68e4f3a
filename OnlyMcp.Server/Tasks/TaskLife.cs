namespace OnlyMcp.Server.Tasks;

/// <summary>Watches how old a task becomes, and says when its time is over. By the steady clock: one that jumps ends nothing early.</summary>
/// <remarks>Spec: 2025-11-25 basic/utilities/tasks §TTL and Resource Management</remarks>
internal sealed class TaskLife : IAsyncDisposable
{
    private static readonly TimeSpan LongestTimer = TimeSpan.FromDays(40); // A timer bears 49.

    private readonly TimeProvider time;
    private readonly TimeSpan live;
    private readonly TimeSpan ageBefore;
    private readonly long began;
    private readonly Action whenOver;
    private readonly ITimer timer;

    /// <param name="time">The clock.</param>
    /// <param name="live">How old it may become.</param>
    /// <param name="age">How old it is already.</param>
    /// <param name="whenOver">Is called once, when it is older.</param>
    public TaskLife(TimeProvider time, TimeSpan live, TimeSpan age, Action whenOver)
    {
        this.time = time;
        this.live = live;
        this.whenOver = whenOver;
        ageBefore = age;
        began = time.GetTimestamp();
        timer = time.CreateTimer(_ => Look(), null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        Look();
    }

    public ValueTask DisposeAsync() => timer.DisposeAsync();

    private void Look()
    {
        var left = live - ageBefore - time.GetElapsedTime(began);
        if (left <= TimeSpan.Zero)
            whenOver();
        else
            timer.Change(left < LongestTimer ? left : LongestTimer, Timeout.InfiniteTimeSpan);
    }
}
