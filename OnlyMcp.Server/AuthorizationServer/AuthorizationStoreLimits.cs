namespace OnlyMcp.Server.AuthorizationServers;

/// <summary>
/// How much the stores of this library keep. Every limit is on from the start; what is over it is refused, nothing pushed out. They are
/// counted kind by kind, so that whoever registers clients without end takes no room from what others have signed in for.
/// </summary>
public sealed record AuthorizationStoreLimits
{
    /// <summary>How many entries of one kind; 100,000.</summary>
    public int MaxEntriesOfAKind { get; init; } = 100_000;

    /// <summary>How many bytes the entries of one kind take, about as many as their JSON has; 128 MiB.</summary>
    public long MaxBytesOfAKind { get; init; } = 128 * 1024 * 1024;

    /// <summary>How many bytes one entry takes; 128 KiB.</summary>
    public int MaxEntryBytes { get; init; } = 128 * 1024;
}
