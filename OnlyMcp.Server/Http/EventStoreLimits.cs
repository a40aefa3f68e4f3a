namespace OnlyMcp.Server.Http;

/// <summary>How much an <see cref="InMemoryEventStore"/> keeps. What is beyond a limit pushes out the oldest.</summary>
public sealed record EventStoreLimits
{
    /// <summary>How many messages of one session; 1,000.</summary>
    public int MaxEventsPerSession { get; init; } = 1000;

    /// <summary>How many bytes of one session's messages, and of any one message; 8 MiB.</summary>
    public long MaxBytesPerSession { get; init; } = 8 * 1024 * 1024;

    /// <summary>How many messages of all sessions together; 100,000.</summary>
    public int MaxEvents { get; init; } = 100_000;

    /// <summary>How many bytes of all sessions' messages together; 128 MiB.</summary>
    public long MaxBytes { get; init; } = 128 * 1024 * 1024;

    /// <summary>How long a message is kept; 10 minutes.</summary>
    public TimeSpan Lifetime { get; init; } = TimeSpan.FromMinutes(10);
}
