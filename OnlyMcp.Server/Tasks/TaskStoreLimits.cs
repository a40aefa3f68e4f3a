namespace OnlyMcp.Server.Tasks;

/// <summary>
/// How much the stores of this library keep. Every limit is on from the start; what is over it is refused, nothing pushed out.
/// </summary>
public sealed record TaskStoreLimits
{
    /// <summary>How many tasks in all; 10,000.</summary>
    public int MaxTasks { get; init; } = 10_000;

    /// <summary>How many tasks of one owner; 1,000. Those of nobody in particular share what there is in all.</summary>
    public int MaxTasksPerOwner { get; init; } = 1000;

    /// <summary>
    /// How many bytes of one owner; 64 MiB, so that nobody's results take the room of others. Those of nobody in particular share what
    /// there is in all.
    /// </summary>
    public long MaxBytesPerOwner { get; init; } = 64 * 1024 * 1024;

    /// <summary>How many bytes in all, about as many as their JSON has; 256 MiB.</summary>
    public long MaxBytes { get; init; } = 256 * 1024 * 1024;
}
