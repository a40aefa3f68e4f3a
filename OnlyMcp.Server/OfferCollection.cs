using System.Collections.Immutable;
using System.Diagnostics.CodeAnalysis;

namespace OnlyMcp.Server;

/// <summary>Things of one kind that a server offers, in the order in which they were added. Safe to change while the server runs.</summary>
/// <typeparam name="T">What is offered.</typeparam>
public abstract class OfferCollection<T>
    where T : class
{
    private readonly Lock gate = new();
    private volatile Snapshot current = new([], ImmutableDictionary<string, Offer<T>>.Empty, 0);

    private protected OfferCollection()
    {
    }

    /// <summary>Is raised after something was added or removed.</summary>
    public event EventHandler? Changed;

    /// <summary>Everything as it is now. SHOULD: the order is the same each time.</summary>
    public IReadOnlyList<T> All => current.Items;

    /// <summary>Everything with its number, which grows from one to the next.</summary>
    internal ImmutableArray<Offer<T>> Numbered => current.InOrder;

    /// <summary>Whether there has ever been anything: what was offered once stays offered, if only as an empty list.</summary>
    internal bool WasFilled => current.Added > 0;

    /// <summary>Hears of each thing before it is added.</summary>
    internal Action<T>? Adding { get; set; }

    /// <summary>What one such thing is called: <c>tool named</c>.</summary>
    private protected abstract string Kind { get; }

    /// <summary>Adds one.</summary>
    /// <exception cref="ArgumentException">There is one of that name, or address, already.</exception>
    public void Add(T item) => AddRange([item]);

    /// <summary>Adds several, all or none.</summary>
    /// <exception cref="ArgumentException">There is one of the same name, or address, already.</exception>
    public void AddRange(IReadOnlyList<T> items)
    {
        ArgumentNullException.ThrowIfNull(items);
        if (items.Count == 0)
            return;

        lock (gate)
        {
            var inOrder = current.InOrder;
            var byKey = current.ByKey;
            var added = current.Added;
            foreach (var item in items)
            {
                ArgumentNullException.ThrowIfNull(item, nameof(items));
                var offer = new Offer<T>(++added, KeyOf(item), item);
                if (byKey.ContainsKey(offer.Key))
                    throw new ArgumentException($"There is a {Kind} '{offer.Key}' already; it is unique in a server.", nameof(items));
                Check(item);
                Adding?.Invoke(item);
                inOrder = inOrder.Add(offer);
                byKey = byKey.Add(offer.Key, offer);
            }

            current = new Snapshot(inOrder, byKey, added);
        }

        Changed?.Invoke(this, EventArgs.Empty);
    }

    /// <summary>Removes the one of that name, or address; false if there is none. Requests in flight go on.</summary>
    public bool Remove(string key)
    {
        ArgumentNullException.ThrowIfNull(key);
        lock (gate)
        {
            if (!current.ByKey.TryGetValue(key, out var offer))
                return false;

            current = new Snapshot(current.InOrder.Remove(offer), current.ByKey.Remove(key), current.Added);
        }

        Changed?.Invoke(this, EventArgs.Empty);
        return true;
    }

    /// <summary>Finds the one of that name, or address. MUST: they are compared letter by letter.</summary>
    public bool TryFind(string key, [NotNullWhen(true)] out T? item)
    {
        item = current.ByKey.TryGetValue(key, out var offer) ? offer.Item : null;
        return item is not null;
    }

    /// <summary>The name, or address, that it is found by.</summary>
    private protected abstract string KeyOf(T item);

    /// <summary>What else must be true of it.</summary>
    /// <exception cref="ArgumentException">It is not; the message says what to do.</exception>
    private protected virtual void Check(T item)
    {
    }

    private sealed class Snapshot(ImmutableArray<Offer<T>> inOrder, ImmutableDictionary<string, Offer<T>> byKey, long added)
    {
        public ImmutableArray<Offer<T>> InOrder => inOrder;

        public ImmutableDictionary<string, Offer<T>> ByKey => byKey;

        public long Added => added;

        public IReadOnlyList<T> Items => field ??= [.. InOrder.Select(offer => offer.Item)];
    }
}

/// <summary>One thing that is offered.</summary>
/// <param name="Number">How many were added before it, and one; never given to another.</param>
/// <param name="Key">The name, or address, that it is found by.</param>
/// <param name="Item">The thing itself.</param>
internal sealed record Offer<T>(long Number, string Key, T Item);
