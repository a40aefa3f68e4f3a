using System.Runtime.CompilerServices;
using OnlyMcp.Protocol.Schema;
using OnlyMcp.Protocol.Transport;

namespace OnlyMcp.Client;

// Spec: 2026-07-28 server/utilities/pagination §Pagination Flow
public sealed partial class McpClient
{
    /// <summary>Asks for page after page as the items are read.</summary>
    private async IAsyncEnumerable<TItem> ReadPagesAsync<TPage, TItem>(
        string method,
        Func<string?, CancellationToken, Task<TPage>> ask,
        Func<TPage, IReadOnlyList<TItem>> items,
        [EnumeratorCancellation] CancellationToken cancellationToken)
        where TPage : PaginatedResult
    {
        var pages = new PageTurner(method, options.Limits.MaxPages);
        do
        {
            var page = await ask(pages.Cursor, cancellationToken).ConfigureAwait(false);
            foreach (var item in items(page))
                yield return item;
            pages.Turn(page.NextCursor);
        }
        while (pages.Cursor is not null);
    }

    /// <summary>Reads a list of a result item by item. The records say that no item is null; a server may send one all the same.</summary>
    private static TItem[] ReadItems<TItem>(string method, IReadOnlyList<TItem> items, Func<TItem, TItem> read)
        where TItem : class =>
        items.Contains(null!)
            ? throw new ProtocolFaultException($"The result of '{method}' has another shape than it should: a list in it holds null.")
            : [.. items.Select(read)];
}
