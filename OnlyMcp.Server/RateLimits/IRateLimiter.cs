namespace OnlyMcp.Server.RateLimits;

/// <summary>Decides whether a caller may have one more answer now, or has had enough for the moment.</summary>
/// <remarks>
/// Spec: 2026-07-28 server/tools §Security Considerations
/// Spec: 2026-07-28 server/utilities/completion §Security
/// </remarks>
public interface IRateLimiter
{
    /// <summary>
    /// Counts a request against its <see cref="RequestContext.Caller"/>: <see cref="TimeSpan.Zero"/> lets it through; anything longer
    /// refuses it, and says how long the caller should wait.
    /// </summary>
    ValueTask<TimeSpan> TakeAsync(RequestContext context, CancellationToken cancellationToken);
}
