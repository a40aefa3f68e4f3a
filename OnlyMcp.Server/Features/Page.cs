using System.Collections.Immutable;
using OnlyMcp.Protocol.JsonRpc;
using OnlyMcp.Server.Authorization;

namespace OnlyMcp.Server.Features;

/// <summary>Cuts a list into pages: stateless, and stable while the list changes.</summary>
/// <remarks>
/// A cursor names the last thing of its page, so what is added or removed elsewhere makes nobody skip or repeat anything else.
/// Spec: 2026-07-28 server/utilities/pagination §Pagination Model
/// </remarks>
internal static class Page
{
    /// <param name="all">What is listed.</param>
    /// <param name="cursor">Where the client wants to go on; null for the beginning.</param>
    /// <param name="context">The request. A cursor of one method's list leads nowhere in another's; who may see less has a shorter list.</param>
    /// <param name="size">How many there are on a page; null for all.</param>
    /// <exception cref="JsonRpcException">The cursor is none (-32602).</exception>
    public static (IReadOnlyList<T> Items, string? Next) Of<T>(OfferCollection<T> all, string? cursor, RequestContext context, int? size)
        where T : class, IDemandsScopes
    {
        var method = context.Request.Method;
        var offers = ShownTo(context, all.Numbered);
        if (cursor is null && size is null)
            return (offers == all.Numbered ? all.All : [.. offers.Select(offer => offer.Item)], null);

        var start = cursor is null ? 0 : IndexAfter(Read(cursor, method), offers);
        var end = size is { } most && most < offers.Length - start ? start + most : offers.Length;
        var next = end < offers.Length ? Cursor.After(offers[end - 1], method) : null;
        return ([.. offers[start..end].Select(offer => offer.Item)], next);
    }

    // MAY: a list differs by what the caller's token allows.
    private static ImmutableArray<Offer<T>> ShownTo<T>(RequestContext context, ImmutableArray<Offer<T>> offers)
        where T : class, IDemandsScopes
    {
        foreach (var offer in offers)
        {
            if (!context.Shows(offer.Item))
                return offers.RemoveAll(hidden => !context.Shows(hidden.Item));
        }

        return offers;
    }

    // SHOULD: -32602 for a cursor that is none.
    private static Cursor Read(string cursor, string method) => Cursor.Parse(cursor, method) ?? throw new JsonRpcException(
        ErrorCode.InvalidParams, "The cursor is not one that this server handed out for this list; list from the start.");

    private static int IndexAfter<T>(Cursor cursor, ImmutableArray<Offer<T>> offers)
    {
        // Another server that stands for this one may have numbered otherwise: the name decides, and the number where it is gone.
        var at = IndexOf(cursor.Number, offers);
        if (at < offers.Length && cursor.Names(offers[at].Key))
            return at + 1;
        for (var i = 0; i < offers.Length; i++)
        {
            if (cursor.Names(offers[i].Key))
                return i + 1;
        }

        return at < offers.Length && offers[at].Number == cursor.Number ? at + 1 : at;
    }

    /// <summary>The place of the first offer with this number or a greater one.</summary>
    private static int IndexOf<T>(long number, ImmutableArray<Offer<T>> offers)
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
