using System.Text.Json;
using System.Text.Json.Serialization;

namespace OnlyMcp.Protocol.Schema;

// Spec: 2026-07-28 server/resources §Resource Contents
/// <summary>What reading a resource gives: <see cref="TextResourceContents"/> or <see cref="BlobResourceContents"/>.</summary>
[JsonConverter(typeof(ResourceContentsConverter))]
public abstract record ResourceContents
{
    private protected ResourceContents() { }

    /// <summary>The resource's address.</summary>
    [JsonPropertyOrder(-2)]
    public required string Uri { get; init; }

    /// <summary>Its media type, if known.</summary>
    [JsonPropertyOrder(-1)]
    public string? MimeType { get; init; }

    /// <summary>Facts about the contents that are not for the model, by key. Since 2025-06-18.</summary>
    [JsonPropertyName("_meta"), JsonPropertyOrder(StampOrder.Meta)]
    public IReadOnlyDictionary<string, JsonElement>? Meta { get; init; }
}

// Spec: 2026-07-28 server/resources §Text Content
/// <summary>A resource that is text.</summary>
public sealed record TextResourceContents : ResourceContents
{
    /// <summary>The text itself.</summary>
    public required string Text { get; init; }
}

// Spec: 2026-07-28 server/resources §Binary Content
/// <summary>A resource that is bytes.</summary>
public sealed record BlobResourceContents : ResourceContents
{
    /// <summary>The bytes themselves; base64 on the wire.</summary>
    [JsonConverter(typeof(Base64Converter))]
    public required ReadOnlyMemory<byte> Blob { get; init; }
}

// Spec: 2026-07-28 server/resources §Annotations
/// <summary>Whom something is for, how much it matters and how fresh it is: hints, which a client may ignore.</summary>
public sealed record Annotations
{
    /// <summary>Whom it is for; null means anyone.</summary>
    public IReadOnlyList<Role>? Audience { get; init; }

    /// <summary>How much it matters, from 0 (may be left out) to 1 (is needed).</summary>
    public double? Priority { get; init; }

    /// <summary>
    /// When it last changed, in ISO 8601, such as <c>2025-01-12T15:00:58Z</c>; kept as the peer wrote it. Since 2025-06-18.
    /// </summary>
    public string? LastModified { get; init; }
}
