using System.Collections.Concurrent;
using OnlyMcp.Server.Authorization;

namespace OnlyMcp.Server.Lists;

/// <summary>The pages of a list that have been told since it last changed: for each kind of caller its own.</summary>
/// <param name="offers">The list.</param>
/// <param name="mostBytes">How much may be kept; what is more is made anew for each request.</param>
internal sealed class PageShelf<T>(Offers<T> offers, long mostBytes)
    where T : class, IDemandsScopes
{
    /// <summary>What a view takes, and what a page takes beside its bytes: a generous guess.</summary>
    private const int Overhead = 1024;

    private readonly PageView<T> everything = new(offers.InOrder);
    private readonly ConcurrentDictionary<ulong, PageView<T>> parts = new();

    /// <summary>Of all that demand the same scopes one: who sees it sees the others.</summary>
    private readonly T[] demanding =
    [
        .. offers.Items.Where(item => item.Scopes.Count > 0).DistinctBy(item => string.Join(' ', item.Scopes), StringComparer.Ordinal),
    ];

    public Offers<T> Offers => offers;

    public ByteBudget Budget { get; } = new(mostBytes);

    // MAY: a list differs by what the caller's token allows.
    public PageView<T> SeenBy(RequestContext context)
    {
        if (demanding.Length > 64)
            return PartFor(context);

        var seen = 0UL;
        var all = true;
        for (var i = 0; i < demanding.Length; i++)
        {
            if (context.Shows(demanding[i]))
                seen |= 1UL << i;
            else
                all = false;
        }

        if (all)
            return everything;
        if (parts.TryGetValue(seen, out var part))
            return part;
        part = PartFor(context);
        return Budget.Take(Overhead + (part.Offers.Length * (long)IntPtr.Size)) ? parts.GetOrAdd(seen, part) : part;
    }

    /// <summary>Keeps a page; false if there is no room for it.</summary>
    public bool Put(PageView<T> view, int start, ListPage page)
    {
        if (!Budget.Take(Overhead + (page.Told.Count * (long)IntPtr.Size)))
            return false;

        view.Put(start, page);
        return true;
    }

    private PageView<T> PartFor(RequestContext context) =>
        new(Array.FindAll(offers.InOrder.ToArray(), offer => context.Shows(offer.Item)));
}

/// <summary>What callers with the same rights see of a list.</summary>
internal sealed class PageView<T>(ReadOnlyMemory<Offer<T>> offers)
    where T : class
{
    private readonly ConcurrentDictionary<int, ListPage> pages = new();

    public ReadOnlyMemory<Offer<T>> Offers => offers;

    /// <summary>The page that begins there, if it is kept.</summary>
    public ListPage? PageAt(int start) => pages.GetValueOrDefault(start);

    public void Put(int start, ListPage page) => pages[start] = page;
}

/// <summary>How much may still be kept.</summary>
internal sealed class ByteBudget(long bytes)
{
    private long left = bytes;

    /// <summary>Takes some; false, and nothing is taken, if there is too little.</summary>
    public bool Take(long wanted)
    {
        if (Interlocked.Add(ref left, -wanted) >= 0)
            return true;

        Interlocked.Add(ref left, wanted);
        return false;
    }
}
