using OnlyMcp.Protocol.JsonRpc;

namespace OnlyMcp.Client;

/// <summary>An answer that comes although its request was cancelled: the two may cross on their way.</summary>
/// <remarks>Spec: 2026-07-28 basic/patterns/cancellation §Timing Considerations</remarks>
internal static class LateAnswer
{
    private static readonly TimeSpan WaitingTime = TimeSpan.FromSeconds(5);

    /// <summary>Goes on waiting for a moment, beside the caller, who has gone on. It is no fault if nothing comes.</summary>
    public static async Task AwaitAsync(PendingRequest entry, Action<JsonBody> take, TimeProvider time, Inbox inbox)
    {
        using var _ = entry;
        using var limit = new CancellationTokenSource(WaitingTime, time);
        try
        {
            take(await entry.WaitAsync(limit.Token).ConfigureAwait(false));
        }
        catch (Exception fault)
        {
            inbox.LogUnanswered(entry.Request, fault);
        }
    }
}
