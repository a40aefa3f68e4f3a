using System.Text;
using OnlyMcp.Protocol.Transport;

namespace OnlyMcp.Client;

/// <summary>Goes from page to page of a list, and notices when the pages go round in a circle.</summary>
/// <remarks>Spec: 2026-07-28 server/utilities/pagination §Pagination Flow</remarks>
internal sealed class PageTurner(string method, int maxPages)
{
    private readonly HashSet<string> seen = new(StringComparer.Ordinal);

    /// <summary>What to ask the next page with; null before the first page and behind the last.</summary>
    public string? Cursor { get; private set; }

    /// <summary>Takes the cursor that a page ended with.</summary>
    /// <exception cref="ProtocolFaultException">The same cursor came before, or there are too many pages.</exception>
    public void Turn(string? next)
    {
        // MUST: a missing cursor is the end; an empty one is a cursor like any other.
        if (next is not null && !seen.Add(next))
            throw new ProtocolFaultException($"'{method}' gave the same cursor twice: it would never end.", Encoding.UTF8.GetBytes(next));
        if (seen.Count >= maxPages)
            throw new ProtocolFaultException($"'{method}' has more than the {maxPages} pages that are asked for (ClientLimits.MaxPages).");

        Cursor = next;
    }
}
