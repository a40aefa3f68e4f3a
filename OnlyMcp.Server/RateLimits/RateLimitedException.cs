using System.Globalization;
using System.Text;
using OnlyMcp.Protocol.JsonRpc;

namespace OnlyMcp.Server.RateLimits;

/// <summary>The caller has had enough for the moment: it is told how long to wait.</summary>
/// <remarks>
/// Choice: an error response, and no result with <c>isError</c>: it is the client's program that should wait, while a model would only
/// call once more. The code lies outside of what JSON-RPC reserves, as the specification asks, and is the number that HTTP has for it.
/// Spec: 2026-07-28 basic §Error Codes
/// </remarks>
/// <param name="retryAfter">How long to wait; the error's data says it in seconds: <c>{"retryAfter":1.5}</c>.</param>
public sealed class RateLimitedException(TimeSpan retryAfter) : JsonRpcException(new JsonRpcError(
    ErrorCode.RateLimited,
    $"Too many requests: try again in {Seconds(retryAfter)} s.",
    new JsonBody(Encoding.UTF8.GetBytes($$"""{"retryAfter":{{Seconds(retryAfter)}}}"""))))
{
    /// <summary>How long to wait.</summary>
    public TimeSpan RetryAfter { get; } = retryAfter;

    /// <summary>Rounded up, so that who waits so long has waited long enough.</summary>
    private static string Seconds(TimeSpan time) =>
        (Math.Ceiling(time.TotalSeconds * 1000) / 1000).ToString("0.###", CultureInfo.InvariantCulture);
}
