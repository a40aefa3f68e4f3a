using OnlyMcp.Server.RateLimits;

namespace OnlyMcp.Server;

// Spec: 2026-07-28 server/tools §Security Considerations
public sealed partial class McpServer
{
    /// <exception cref="RateLimitedException">The caller has had enough for the moment.</exception>
    internal static ValueTask RequireRateAsync(IRateLimiter? limiter, RequestContext context, CancellationToken cancellationToken)
    {
        if (limiter is null)
            return ValueTask.CompletedTask;

        var taking = limiter.TakeAsync(context, cancellationToken);
        if (!taking.IsCompletedSuccessfully)
            return RequireRateAsync(taking);

        RequireNone(taking.Result);
        return ValueTask.CompletedTask;
    }

    private static async ValueTask RequireRateAsync(ValueTask<TimeSpan> taking) => RequireNone(await taking.ConfigureAwait(false));

    private static void RequireNone(TimeSpan wait)
    {
        if (wait > TimeSpan.Zero)
            throw new RateLimitedException(wait);
    }
}
