using System.Text.Json.Serialization;

namespace OnlyMcp.Protocol.Schema;

// Spec: 2026-07-28 server/utilities/caching §Cacheable Model
/// <summary>An answer that the client may keep and use again for a while.</summary>
public abstract record CacheableResult : Result
{
    /// <summary>
    /// How long the answer stays fresh, in milliseconds from its arrival; 0 means not at all. Since 2026-07-28, required there.
    /// </summary>
    [JsonPropertyOrder(StampOrder.TtlMs)]
    public long? TtlMs { get; init; }

    /// <summary>Who may be given the kept answer. Since 2026-07-28, required there.</summary>
    [JsonPropertyOrder(StampOrder.CacheScope)]
    public CacheScope? CacheScope { get; init; }
}

// Spec: 2026-07-28 server/utilities/caching §Cache Scope Field
/// <summary>Who may be given an answer that a cache has kept.</summary>
[JsonConverter(typeof(WireNameConverter<CacheScope>))]
public enum CacheScope
{
    /// <summary>Only whoever asked with the same authorization.</summary>
    [JsonStringEnumMemberName("private")] Private,

    /// <summary>Anyone: the answer says nothing about a user.</summary>
    [JsonStringEnumMemberName("public")] Public,
}
