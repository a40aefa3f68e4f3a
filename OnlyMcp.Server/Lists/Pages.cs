using OnlyMcp.Protocol.JsonRpc;
using OnlyMcp.Protocol.Schema;
using OnlyMcp.Server.Authorization;

namespace OnlyMcp.Server.Lists;

/// <summary>Cuts a list into pages: stateless, and stable while the list changes. What has been told is kept until the list changes.</summary>
/// <remarks>
/// A cursor names the last thing of its page, so what is added or removed elsewhere makes nobody skip or repeat anything else.
/// Spec: 2026-07-28 server/utilities/pagination §Pagination Model
/// </remarks>
/// <typeparam name="T">What is offered.</typeparam>
/// <typeparam name="TTold">What is told of it.</typeparam>
/// <param name="all">What is listed.</param>
/// <param name="options">How many are on a page, and how much may be kept.</param>
/// <param name="tell">What is told of one.</param>
/// <param name="answer">What a page is answered with, where the next one begins.</param>
internal sealed class Pages<T, TTold>(
    OfferCollection<T> all, McpServerOptions options, Func<T, TTold> tell, Func<IReadOnlyList<TTold>, string?, Result> answer)
    where T : class, IDemandsScopes
    where TTold : class
{
    private volatile PageShelf<T>? shelf;

    /// <summary>The page that a request asks for.</summary>
    /// <param name="cursor">Where the client wants to go on; null for the beginning.</param>
    /// <param name="context">The request. A cursor of one method's list leads nowhere in another's; who may see less has a shorter list.</param>
    /// <exception cref="JsonRpcException">The cursor is none (-32602).</exception>
    public Result At(string? cursor, RequestContext context)
    {
        var kept = shelf;
        if (kept?.Offers != all.Current)
            kept = Renew(all.Current);
        var view = kept.SeenBy(context);
        var start = cursor is null ? 0 : IndexAfter(Read(cursor, context.Request.Method), view.Offers.Span);
        if (view.PageAt(start) is not { } page)
            return Tell(kept, start, context);
        if (!IsStillTold(page, view.Offers.Span[start..]))
            return Tell(Renew(kept.Offers), start, context);

        context.Listed = page;
        return page.Answer;
    }

    private PageShelf<T> Renew(Offers<T> offers) => shelf = new PageShelf<T>(offers, options.Limits.MaxKeptListBytes);

    private Result Tell(PageShelf<T> kept, int start, RequestContext context)
    {
        var view = kept.SeenBy(context);
        var offers = view.Offers[start..];
        var isLast = options.PageSize is not { } size || size >= offers.Length;
        var shown = isLast ? offers : offers[..options.PageSize!.Value];
        var next = isLast ? null : Cursor.After(shown.Span[^1], context.Request.Method);
        var told = Array.ConvertAll(shown.ToArray(), offer => tell(offer.Item));
        var page = new ListPage(answer(told, next), told, kept.Budget);

        // Whoever makes cursors up begins where no page does: such pages would only fill the shelf.
        if (start % (options.PageSize ?? int.MaxValue) == 0 && kept.Put(view, start, page))
            context.Listed = page;
        return page.Answer;
    }

    /// <summary>Whether what is told of each is what was told: nobody is obliged to remove a tool before its description changes.</summary>
    private bool IsStillTold(ListPage page, ReadOnlySpan<Offer<T>> offers)
    {
        for (var i = 0; i < page.Told.Count; i++)
        {
            if (!ReferenceEquals(page.Told[i], tell(offers[i].Item)))
                return false;
        }

        return true;
    }

    // SHOULD: -32602 for a cursor that is none.
    private static Cursor Read(string cursor, string method) => Cursor.Parse(cursor, method) ?? throw new JsonRpcException(
        ErrorCode.InvalidParams, "The cursor is not one that this server handed out for this list; list from the start.");

    private static int IndexAfter(Cursor cursor, ReadOnlySpan<Offer<T>> offers)
    {
        // Another server that stands for this one may have numbered otherwise: the name decides, and the number where it is gone.
        var at = IndexOf(cursor.Number, offers);
        if (at < offers.Length && cursor.Names(offers[at]))
            return at + 1;
        for (var i = 0; i < offers.Length; i++)
        {
            if (cursor.Names(offers[i]))
                return i + 1;
        }

        return at < offers.Length && offers[at].Number == cursor.Number ? at + 1 : at;
    }

    /// <summary>The place of the first offer with this number or a greater one.</summary>
    private static int IndexOf(long number, ReadOnlySpan<Offer<T>> offers)
    {
        int low = 0, high = offers.Length;
        while (low < high)
        {
            var middle = (low + high) / 2;
            if (offers[middle].Number < number)
                low = middle + 1;
            else
                high = middle;
        }

        return low;
    }
}
