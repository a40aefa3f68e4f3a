namespace OnlyMcp.Client.Subscriptions;

/// <summary>How a client goes on listening when the way to the server breaks.</summary>
/// <remarks>Spec: 2026-07-28 basic/patterns/subscriptions §Graceful Closure</remarks>
public sealed record ListenOptions
{
    /// <summary>How long to wait before listening again, about: each wait is up to half shorter or longer, by chance; 500 ms.</summary>
    public TimeSpan RetryDelay { get; init; } = TimeSpan.FromMilliseconds(500);

    /// <summary>The wait doubles with each failure, up to this; 30 seconds.</summary>
    public TimeSpan MaxRetryDelay { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>
    /// How long in a row it may fail before the listening ends with the last failure; 10 minutes.
    /// <see cref="Timeout.InfiniteTimeSpan"/> for as long as somebody listens, zero for not at all.
    /// </summary>
    public TimeSpan GiveUpAfter { get; init; } = TimeSpan.FromMinutes(10);
}
