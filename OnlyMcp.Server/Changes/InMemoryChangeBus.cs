using System.Collections.Immutable;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace OnlyMcp.Server.Changes;

/// <summary>Carries the news of changes within this process.</summary>
/// <param name="logger">Hears of what a subscriber let out; nobody by default.</param>
public sealed class InMemoryChangeBus(ILogger<InMemoryChangeBus>? logger = null) : IChangeBus
{
    private readonly ILogger logger = logger ?? NullLogger<InMemoryChangeBus>.Instance;
    private readonly Lock publishing = new();
    private ImmutableArray<Subscription> subscriptions = [];

    /// <summary>How many listeners there are.</summary>
    public int Subscribers => subscriptions.Length;

    /// <inheritdoc/>
    public ValueTask PublishAsync(Change change, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(change);

        // One change after another: all subscribers hear of them in the same order.
        lock (publishing)
        {
            foreach (var subscription in subscriptions)
                Tell(subscription, change);
        }

        return ValueTask.CompletedTask;
    }

    /// <inheritdoc/>
    public IDisposable Subscribe(Action<Change> listener)
    {
        ArgumentNullException.ThrowIfNull(listener);
        var subscription = new Subscription(this, listener);
        ImmutableInterlocked.Update(ref subscriptions, (all, one) => all.Add(one), subscription);
        return subscription;
    }

    private void Tell(Subscription subscription, Change change)
    {
        try
        {
            subscription.Listener(change);
        }
        catch (Exception fault)
        {
            // One subscriber's failure is no reason for the others not to hear.
            logger.LogError(fault, "A subscriber failed to take {Change}.", change);
        }
    }

    private sealed class Subscription(InMemoryChangeBus bus, Action<Change> listener) : IDisposable
    {
        public Action<Change> Listener => listener;

        public void Dispose() => ImmutableInterlocked.Update(ref bus.subscriptions, (all, one) => all.Remove(one), this);
    }
}
