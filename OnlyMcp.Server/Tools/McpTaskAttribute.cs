using OnlyMcp.Protocol.Schema;

namespace OnlyMcp.Server.Tools;

/// <summary>Marks a tool whose calls become tasks, see <see cref="ToolTasks"/>. On a method, or on a lambda that becomes a tool.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class McpTaskAttribute : Attribute
{
    private double? timeToLive;
    private double? pollInterval;

    /// <inheritdoc cref="ToolTasks.Support"/>
    public TaskSupport Support { get; init; } = TaskSupport.Optional;

    /// <summary>
    /// After how many seconds a call that has not ended becomes a task; 0, the default, from its beginning,
    /// <see cref="double.PositiveInfinity"/> for none but those that call <see cref="RequestContext.AsTaskAsync"/>.
    /// </summary>
    public double AfterSeconds { get; init; }

    /// <inheritdoc cref="ToolTasks.WhenInterrupted"/>
    public InterruptedTask WhenInterrupted { get; init; } = InterruptedTask.Fails;

    /// <summary>How long a task of this tool may run and is kept; the server's time if it is not set.</summary>
    public double TimeToLiveSeconds { get => timeToLive ?? 0; init => timeToLive = value; }

    /// <summary>How long clients should wait between two questions; the server's time if it is not set.</summary>
    public double PollIntervalSeconds { get => pollInterval ?? 0; init => pollInterval = value; }

    internal ToolTasks ToTasks() => new()
    {
        Support = Support,
        After = Time(AfterSeconds),
        WhenInterrupted = WhenInterrupted,
        TimeToLive = timeToLive is { } live ? Time(live) : null,
        PollInterval = pollInterval is { } poll ? Time(poll) : null,
    };

    private static TimeSpan Time(double seconds) => double.IsPositiveInfinity(seconds) ? Timeout.InfiniteTimeSpan : TimeSpan.FromSeconds(seconds);
}
