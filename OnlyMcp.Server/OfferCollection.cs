using System.Collections.Concurrent;
using System.Diagnostics.CodeAnalysis;

namespace OnlyMcp.Server;

/// <summary>Things of one kind that a server offers, in the order in which they were added. Safe to change while the server runs.</summary>
/// <typeparam name="T">What is offered.</typeparam>
public abstract class OfferCollection<T>
    where T : class
{
    private readonly Lock gate = new();
    private readonly ConcurrentDictionary<string, Offer<T>> byKey = new(StringComparer.Ordinal);
    private volatile Offers<T> current = Offers<T>.None;

    private protected OfferCollection()
    {
    }

    /// <summary>Is raised after something was added or removed.</summary>
    public event EventHandler? Changed;

    /// <summary>Everything as it is now. SHOULD: the order is the same each time.</summary>
    public IReadOnlyList<T> All => current.Items;

    /// <summary>Everything as it is now, with its numbers, which grow from one to the next; another after each change.</summary>
    internal Offers<T> Current => current;

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
            current = current.With(Enter(items));

        Changed?.Invoke(this, EventArgs.Empty);
    }

    /// <summary>Removes the one of that name, or address; false if there is none. Requests in flight go on.</summary>
    public bool Remove(string key)
    {
        ArgumentNullException.ThrowIfNull(key);
        lock (gate)
        {
            if (!byKey.TryRemove(key, out var offer))
                return false;

            current = current.Without(offer);
        }

        Changed?.Invoke(this, EventArgs.Empty);
        return true;
    }

    /// <summary>Finds the one of that name, or address. MUST: they are compared letter by letter.</summary>
    public bool TryFind(string key, [NotNullWhen(true)] out T? item)
    {
        // What is just being added is found when all of it is there.
        item = byKey.TryGetValue(key, out var offer) && offer.Number <= current.Added ? offer.Item : null;
        return item is not null;
    }

    /// <summary>The name, or address, that it is found by.</summary>
    private protected abstract string KeyOf(T item);

    /// <summary>What else must be true of it.</summary>
    /// <exception cref="ArgumentException">It is not; the message says what to do.</exception>
    private protected virtual void Check(T item)
    {
    }

    /// <summary>Numbers what is added, and makes it known: all or none.</summary>
    private Offer<T>[] Enter(IReadOnlyList<T> items)
    {
        var entered = new List<Offer<T>>(items.Count);
        try
        {
            foreach (var item in items)
            {
                ArgumentNullException.ThrowIfNull(item, nameof(items));
                var offer = new Offer<T>(current.Added + entered.Count + 1, KeyOf(item), item);
                if (byKey.ContainsKey(offer.Key))
                    throw new ArgumentException($"There is a {Kind} '{offer.Key}' already; it is unique in a server.", nameof(items));
                Check(item);
                Adding?.Invoke(item);
                byKey[offer.Key] = offer;
                entered.Add(offer);
            }
        }
        catch
        {
            foreach (var offer in entered)
                byKey.TryRemove(offer.Key, out _);
            throw;
        }

        return [.. entered];
    }
}
