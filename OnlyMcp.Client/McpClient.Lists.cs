using System.Runtime.CompilerServices;
using OnlyMcp.Protocol.Schema;

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
        object? session = null;
        do
        {
            // MUST NOT: a cursor is taken into another session, which somebody else may have opened meanwhile.
            if (pages.Cursor is not null && era.Session != session)
                throw new SessionLostException(method, null);
            var page = await ask(pages.Cursor, cancellationToken).ConfigureAwait(false);
            session = era.Session;
            foreach (var item in items(page))
                yield return item;
            pages.Turn(page.NextCursor);
        }
        while (pages.Cursor is not null);
    }
}
