using OnlyMcp.Protocol.Schema;

namespace OnlyMcp.Server.Tools;

/// <summary>How the calls of a tool become tasks: the client gets an answer at once, and the result when it asks for it later.</summary>
/// <remarks>
/// Clients that do not know tasks wait for the result as ever. In 2025-11-25 it is the client that wishes for a task, call by call;
/// <see cref="After"/> has no say there.
/// Spec: ext-tasks tasks §Capability Negotiation
/// Spec: 2025-11-25 basic/utilities/tasks §Tool-Level Negotiation
/// </remarks>
public sealed record ToolTasks
{
    private static readonly TimeSpan LongestWait = TimeSpan.FromDays(40);

    /// <summary>Whether clients that do not know tasks may call the tool too (<see cref="TaskSupport.Optional"/>, the default) or not.</summary>
    public TaskSupport Support { get; init; } = TaskSupport.Optional;

    /// <summary>
    /// After how long a call that has not ended becomes a task: zero, the default, for each call from its beginning;
    /// <see cref="Timeout.InfiniteTimeSpan"/> for none but those that call <see cref="RequestContext.AsTaskAsync"/>.
    /// </summary>
    /// <exception cref="ArgumentOutOfRangeException">It is negative, or more than 40 days.</exception>
    public TimeSpan After
    {
        get;
        init => field = value == Timeout.InfiniteTimeSpan || (value >= TimeSpan.Zero && value <= LongestWait)
            ? value
            : throw new ArgumentOutOfRangeException(
                nameof(After), value, "A call becomes a task after a time from 0 to 40 days, or never by itself.");
    }

    /// <summary>What becomes of a task whose process has died under it; it fails, by default.</summary>
    public InterruptedTask WhenInterrupted { get; init; } = InterruptedTask.Fails;

    /// <summary>
    /// How long a task of this tool may run and is kept; the server's <see cref="Tasks.TaskOptions.TimeToLive"/> if null,
    /// for ever if <see cref="Timeout.InfiniteTimeSpan"/>.
    /// </summary>
    /// <exception cref="ArgumentOutOfRangeException">It is no time at all.</exception>
    public TimeSpan? TimeToLive
    {
        get;
        init => field = value is null || value > TimeSpan.Zero || value == Timeout.InfiniteTimeSpan
            ? value
            : throw new ArgumentOutOfRangeException(nameof(TimeToLive), value, "A task lives for some time, or for ever.");
    }

    /// <summary>How long clients should wait between two questions; the server's <see cref="Tasks.TaskOptions.PollInterval"/> if null.</summary>
    /// <exception cref="ArgumentOutOfRangeException">It is negative.</exception>
    public TimeSpan? PollInterval
    {
        get;
        init => field = value is null || value >= TimeSpan.Zero
            ? value
            : throw new ArgumentOutOfRangeException(nameof(PollInterval), value, "Between two questions there is some time, or none.");
    }
}

/// <summary>What becomes of a task whose process has died under it, when a server opens its store again.</summary>
public enum InterruptedTask
{
    /// <summary>It has failed.</summary>
    Fails,

    /// <summary>
    /// Its tool runs again, from the beginning, with the same arguments and the answers that the client has given; what stands in
    /// <see cref="RequestContext.OnceAsync{T}(string, Func{CancellationToken, Task{T}}, CancellationToken)"/> and was done is not done again.
    /// It fails when this has happened too often: see <see cref="Tasks.TaskOptions.MaxInterruptions"/>.
    /// </summary>
    RunsAgain,
}
