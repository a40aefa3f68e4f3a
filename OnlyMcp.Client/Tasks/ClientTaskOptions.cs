namespace OnlyMcp.Client.Tasks;

/// <summary>How a client goes on with calls that servers answer later: with tasks.</summary>
/// <remarks>
/// Spec: ext-tasks tasks §Task Polling
/// Spec: 2025-11-25 basic/utilities/tasks §Getting Tasks
/// </remarks>
public sealed record ClientTaskOptions
{
    /// <summary>
    /// Whether a call may become a task; true by default. If false no server is told so, and tools that run as nothing else cannot be
    /// called.
    /// </summary>
    public bool IsEnabled { get; init; } = true;

    /// <summary>How often to ask how far a task has come where the server does not say; every second.</summary>
    public TimeSpan PollInterval { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>The shortest time between two such questions, whatever the server says; 50 ms, and 1 ms at least.</summary>
    /// <exception cref="ArgumentOutOfRangeException">It is shorter than 1 ms.</exception>
    public TimeSpan MinPollInterval
    {
        get;
        init => field = value >= TimeSpan.FromMilliseconds(1)
            ? value
            : throw new ArgumentOutOfRangeException(nameof(value), value, "Between two questions lies 1 ms at least: a server is not asked without a pause.");
    } = TimeSpan.FromMilliseconds(50);

    /// <summary>The longest, whatever the server says, even one that is asked too often; a minute.</summary>
    public TimeSpan MaxPollInterval { get; init; } = TimeSpan.FromMinutes(1);

    /// <summary>
    /// How long in a row the server may be out of reach, or refuse to be asked, before the wait for a task ends with the last failure;
    /// 10 minutes. The task goes on meanwhile. <see cref="Timeout.InfiniteTimeSpan"/> for no limit, zero for not at all.
    /// </summary>
    public TimeSpan GiveUpAfter { get; init; } = TimeSpan.FromMinutes(10);

    /// <summary>
    /// How long to wait for a task's result in one go, where the server answers when the task is done; 5 minutes. Then the client looks
    /// how far the task has come, and waits again. 2025-11-25 only.
    /// </summary>
    public TimeSpan ResultWait { get; init; } = TimeSpan.FromMinutes(5);
}
