using System.Text.Json;
using System.Text.Json.Serialization;

namespace OnlyMcp.Protocol.Schema;

// Spec: 2026-07-28 client/roots §Listing Roots
/// <summary>
/// The question which folders a client lets the server work in (<c>roots/list</c>). Deprecated since 2026-07-28.
/// </summary>
public sealed record ListRootsRequestParams : RequestParams;

// Spec: 2026-07-28 client/roots §Listing Roots
/// <summary>The folders that a client lets the server work in.</summary>
public sealed record ListRootsResult : Result
{
    /// <summary>The folders, and files.</summary>
    public required IReadOnlyList<Root> Roots { get; init; }
}

// Spec: 2026-07-28 client/roots §Root
/// <summary>A folder, or file, that a client lets the server work in.</summary>
public sealed record Root
{
    /// <summary>Its address, which begins with <c>file://</c>.</summary>
    public required string Uri { get; init; }

    /// <summary>The name to show to people.</summary>
    public string? Name { get; init; }

    /// <summary>Facts about the folder, by key. Since 2025-06-18.</summary>
    [JsonPropertyName("_meta"), JsonPropertyOrder(StampOrder.Meta)]
    public IReadOnlyDictionary<string, JsonElement>? Meta { get; init; }
}
