using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace OnlyMcp.Server.Changes;

/// <summary>Carries the news of changes within this process.</summary>
/// <param name="logger">Hears of what a subscriber let out; nobody by default.</param>
public sealed class InMemoryChangeBus(ILogger<InMemoryChangeBus>? logger = null) : IChangeBus
{
    private readonly ILogger logger = logger ?? NullLogger<InMemoryChangeBus>.Instance;
    private readonly Lock publishing = new();
    private readonly Lock gate = new();
    private readonly LinkedList<Subscription> subscriptions = new();

    /// <summary>All of them as they are told, until one comes or goes: with ten thousand, an array for each that does would be too much.</summary>
    private Subscription[]? told;

    /// <summary>How many listeners there are.</summary>
    public int Subscribers
    {
        get
        {
            lock (gate)
                return subscriptions.Count;
        }
    }

    /// <inheritdoc/>
    public ValueTask PublishAsync(Change change, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(change);

        // One change after another: all subscribers hear of them in the same order.
        lock (publishing)
        {
            foreach (var subscription in All())
                Tell(subscription, change);
        }

        return ValueTask.CompletedTask;
    }

    /// <inheritdoc/>
    public IDisposable Subscribe(Action<Change> listener)
    {
        ArgumentNullException.ThrowIfNull(listener);
        var subscription = new Subscription(this, listener);
        lock (gate)
        {
            subscriptions.AddLast(subscription.Place);
            told = null;
        }

        return subscription;
    }

    private Subscription[] All()
    {
        lock (gate)
            return told ??= [.. subscriptions];
    }

    private void End(Subscription subscription)
    {
        lock (gate)
        {
            if (subscription.Place.List is null)
                return;
            subscriptions.Remove(subscription.Place);
            told = null;
        }
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

    private sealed class Subscription : IDisposable
    {
        private readonly InMemoryChangeBus bus;

        public Subscription(InMemoryChangeBus bus, Action<Change> listener)
        {
            this.bus = bus;
            Listener = listener;
            Place = new(this);
        }

        public Action<Change> Listener { get; }

        public LinkedListNode<Subscription> Place { get; }

        public void Dispose() => bus.End(this);
    }
}
