namespace OnlyMcp.Server.Tasks;

/// <summary>
/// How a server keeps and bounds the tasks of its tools. A tool has tasks if it says so: see <see cref="Tools.ToolTasks"/>.
/// </summary>
/// <remarks>Spec: 2025-11-25 basic/utilities/tasks §Resource Management</remarks>
public sealed record TaskOptions
{
    /// <summary>Where tasks are kept; in this process, by default. <see cref="FileTaskStore"/> outlives it.</summary>
    public ITaskStore Store { get; init; } = new InMemoryTaskStore();

    /// <summary>How long a task may run and is kept, from its beginning, where neither its tool nor its client says; one hour.</summary>
    public TimeSpan TimeToLive { get; init; } = TimeSpan.FromHours(1);

    /// <summary>The longest time that a client may wish for; 24 hours.</summary>
    public TimeSpan MaxTimeToLive { get; init; } = TimeSpan.FromHours(24);

    /// <summary>
    /// For how much longer than its time to live a task is kept that has ended, so that its client has the time to ask; 5 minutes.
    /// </summary>
    public TimeSpan KeepResults { get; init; } = TimeSpan.FromMinutes(5);

    /// <summary>How long clients should wait between two questions about a task, where its tool does not say; one second.</summary>
    public TimeSpan PollInterval { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>How many tasks run at the same time; 1,000.</summary>
    public int MaxRunning { get; init; } = 1000;

    /// <summary>How many tasks of one caller run at the same time; 100.</summary>
    public int MaxRunningPerCaller { get; init; } = 100;

    /// <summary>
    /// How often a task runs again whose process has died under it, while it gets no further: no answer, and nothing done once; 3. After
    /// that it fails, for it may be what ends the process.
    /// </summary>
    public int MaxInterruptions { get; init; } = 3;

    /// <summary>The largest result that is kept, in bytes; 4 MiB. A task with a larger one fails, and says so.</summary>
    public int MaxResultBytes { get; init; } = 4 * 1024 * 1024;

    /// <summary>The longest status message, in characters; what is longer is cut. 1,000.</summary>
    public int MaxStatusMessageLength { get; init; } = 1000;

    /// <summary>How many tasks a page of the list of tasks has; 100.</summary>
    public int PageSize { get; init; } = 100;

    /// <summary>A status message within its bounds; no character is cut in two.</summary>
    internal string? Short(string? message)
    {
        var most = MaxStatusMessageLength;
        if (message is null || message.Length <= most)
            return message;
        return message[..(most > 0 && char.IsHighSurrogate(message[most - 1]) ? most - 1 : most)];
    }
}
