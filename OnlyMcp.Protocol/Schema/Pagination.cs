using System.Text.Json.Serialization;

namespace OnlyMcp.Protocol.Schema;

// Spec: 2026-07-28 server/utilities/pagination §Request Format
/// <summary>A request for one page of a list.</summary>
public abstract record PaginatedRequestParams : RequestParams
{
    /// <summary>
    /// Where to go on: the <see cref="PaginatedResult.NextCursor"/> of the page before, unchanged; null asks for the first page.
    /// </summary>
    public string? Cursor { get; init; }
}

// Spec: 2026-07-28 server/utilities/pagination §Response Format
/// <summary>One page of a list.</summary>
public abstract record PaginatedResult : CacheableResult
{
    /// <summary>What to ask the next page with, meaningful to the server only; null means that this page is the last.</summary>
    [JsonPropertyOrder(StampOrder.NextCursor)]
    public string? NextCursor { get; init; }
}
