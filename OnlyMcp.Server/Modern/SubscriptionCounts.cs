using OnlyMcp.Protocol.JsonRpc;
using OnlyMcp.Server.Eras;

namespace OnlyMcp.Server.Modern;

/// <summary>Counts the subscriptions of each pipe and each principal, and lets nobody have too many.</summary>
/// <remarks>Spec: 2026-07-28 basic/patterns/subscriptions §Multiple Concurrent Subscriptions</remarks>
internal sealed class SubscriptionCounts(ServerLimits limits)
{
    private readonly Lock gate = new();
    private readonly Dictionary<object, int> counts = [];

    /// <summary>Counts one until the result is disposed; null if nothing tells whose it is.</summary>
    /// <exception cref="RefusedRequestException">There are too many (429).</exception>
    public IDisposable? Enter(Exchange exchange)
    {
        var (owner, most) = exchange.Conversation is { } pipe
            ? (pipe, limits.MaxSubscriptionsPerPipe)
            : ((object?)PrincipalItems.KeyOf(exchange.Principal), limits.MaxSubscriptionsPerPrincipal);

        // Over HTTP somebody unknown is held by the limit for all alone.
        if (owner is null)
            return null;

        lock (gate)
        {
            var count = counts.GetValueOrDefault(owner);
            if (count >= most)
            {
                throw new RefusedRequestException(
                    429,
                    ErrorCode.InternalError,
                    $"{most} subscriptions are open, and no more may be: end one of them, or ask for more within one.");
            }

            counts[owner] = count + 1;
            return new Place(this, owner);
        }
    }

    private void Leave(object owner)
    {
        lock (gate)
        {
            if (--counts[owner] == 0)
                counts.Remove(owner);
        }
    }

    private sealed class Place(SubscriptionCounts counts, object owner) : IDisposable
    {
        public void Dispose() => counts.Leave(owner);
    }
}
