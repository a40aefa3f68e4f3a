using OnlyMcp.Server.RateLimits;

namespace OnlyMcp.Server;

// Spec: 2026-07-28 server/tools §Security Considerations
public sealed partial class McpServer
{
    /// <exception cref="RateLimitedException">The caller has had enough for the moment.</exception>
    internal static async ValueTask RequireRateAsync(IRateLimiter? limiter, RequestContext context, CancellationToken cancellationToken)
    {
        if (limiter is null)
            return;

        var wait = await limiter.TakeAsync(context, cancellationToken).ConfigureAwait(false);
        if (wait > TimeSpan.Zero)
            throw new RateLimitedException(wait);
    }
}
