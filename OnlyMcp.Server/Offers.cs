using OnlyMcp.Server.Lists;

namespace OnlyMcp.Server;

/// <summary>What is offered at one moment, in order.</summary>
/// <remarks>
/// The one that follows it shares the array where something was added behind, so that adding one by one costs no copy of all each
/// time: this one sees no further than its count, and only the latest is added to.
/// </remarks>
internal sealed class Offers<T>
    where T : class
{
    private readonly Offer<T>[] array;
    private readonly int count;

    private Offers(Offer<T>[] array, int count, long added)
    {
        this.array = array;
        this.count = count;
        Added = added;
    }

    public static Offers<T> None { get; } = new([], 0, 0);

    /// <summary>How many have been added up to now; the number of the last one.</summary>
    public long Added { get; }

    public ReadOnlyMemory<Offer<T>> InOrder => array.AsMemory(0, count);

    public IReadOnlyList<T> Items => field ??= Array.ConvertAll(InOrder.ToArray(), offer => offer.Item);

    public Offers<T> With(ReadOnlySpan<Offer<T>> more)
    {
        var total = checked(count + more.Length);
        var target = array;
        if (total > target.Length)
        {
            target = new Offer<T>[Math.Max(total, target.Length * 2)];
            InOrder.CopyTo(target);
        }

        more.CopyTo(target.AsSpan(count));
        return new Offers<T>(target, total, Added + more.Length);
    }

    public Offers<T> Without(Offer<T> gone)
    {
        var rest = Array.FindAll(InOrder.ToArray(), offer => offer != gone);
        return new Offers<T>(rest, rest.Length, Added);
    }
}

/// <summary>One thing that is offered.</summary>
/// <param name="number">How many were added before it, and one; never given to another.</param>
/// <param name="key">The name, or address, that it is found by.</param>
/// <param name="item">The thing itself.</param>
internal sealed class Offer<T>(long number, string key, T item)
{
    private ulong digest;

    public long Number => number;

    public string Key => key;

    public T Item => item;

    /// <summary>What a cursor calls it by; found on first use.</summary>
    public ulong Digest
    {
        get
        {
            var known = Volatile.Read(ref digest);
            if (known == 0)
                Volatile.Write(ref digest, known = Cursor.DigestOf(Key));
            return known;
        }
    }
}
