using System.Text.Json;
using System.Text.Json.Serialization;

namespace OnlyMcp.Protocol.Schema;

// Spec: 2026-07-28 server/resources §Resource
/// <summary>Something that a client may read from the server: a file, a record, a page.</summary>
public sealed record Resource
{
    /// <summary>The address to read it by, unique on its server.</summary>
    public required string Uri { get; init; }

    /// <summary>Its name, for code and logs; shown to people where <see cref="Title"/> is missing.</summary>
    public required string Name { get; init; }

    /// <summary>The name to show to people. Since 2025-06-18.</summary>
    public string? Title { get; init; }

    /// <summary>What it is, in words for a language model.</summary>
    public string? Description { get; init; }

    /// <summary>Its media type, if known.</summary>
    public string? MimeType { get; init; }

    /// <summary>Whom it is for, how much it matters and how fresh it is.</summary>
    public Annotations? Annotations { get; init; }

    /// <summary>Its size in bytes, before base64, if known.</summary>
    public long? Size { get; init; }

    /// <summary>Pictures to show beside the name. Since 2025-11-25.</summary>
    public IReadOnlyList<Icon>? Icons { get; init; }

    /// <summary>Facts about the resource that are not for the model, by key. Since 2025-06-18.</summary>
    [JsonPropertyName("_meta"), JsonPropertyOrder(StampOrder.Meta)]
    public IReadOnlyDictionary<string, JsonElement>? Meta { get; init; }
}

// Spec: 2026-07-28 server/resources §Resource Templates
/// <summary>Resources whose addresses differ in some parts only, described together.</summary>
public sealed record ResourceTemplate
{
    /// <summary>The addresses, with the parts that differ in braces, as RFC 6570 defines: <c>file:///{path}</c>.</summary>
    public required string UriTemplate { get; init; }

    /// <summary>Its name, for code and logs; shown to people where <see cref="Title"/> is missing.</summary>
    public required string Name { get; init; }

    /// <summary>The name to show to people. Since 2025-06-18.</summary>
    public string? Title { get; init; }

    /// <summary>What these resources are, in words for a language model.</summary>
    public string? Description { get; init; }

    /// <summary>Their media type, if all have the same.</summary>
    public string? MimeType { get; init; }

    /// <summary>Whom they are for, how much they matter and how fresh they are.</summary>
    public Annotations? Annotations { get; init; }

    /// <summary>Pictures to show beside the name. Since 2025-11-25.</summary>
    public IReadOnlyList<Icon>? Icons { get; init; }

    /// <summary>Facts about the template that are not for the model, by key. Since 2025-06-18.</summary>
    [JsonPropertyName("_meta"), JsonPropertyOrder(StampOrder.Meta)]
    public IReadOnlyDictionary<string, JsonElement>? Meta { get; init; }
}

// Spec: 2026-07-28 server/resources §Listing Resources
/// <summary>The question which resources a server has (<c>resources/list</c>).</summary>
public sealed record ListResourcesRequestParams : PaginatedRequestParams;

// Spec: 2026-07-28 server/resources §Listing Resources
/// <summary>The resources of a server, or one page of them.</summary>
public sealed record ListResourcesResult : PaginatedResult
{
    /// <summary>The resources of this page.</summary>
    public required IReadOnlyList<Resource> Resources { get; init; }
}

// Spec: 2026-07-28 server/resources §Resource Templates
/// <summary>The question which resource templates a server has (<c>resources/templates/list</c>).</summary>
public sealed record ListResourceTemplatesRequestParams : PaginatedRequestParams;

// Spec: 2026-07-28 server/resources §Resource Templates
/// <summary>The resource templates of a server, or one page of them.</summary>
public sealed record ListResourceTemplatesResult : PaginatedResult
{
    /// <summary>The resource templates of this page.</summary>
    public required IReadOnlyList<ResourceTemplate> ResourceTemplates { get; init; }
}

// Spec: 2026-07-28 server/resources §Reading Resources
/// <summary>The wish to read a resource (<c>resources/read</c>).</summary>
public sealed record ReadResourceRequestParams : RequestParams
{
    /// <summary>The resource's address: one that was listed, or one that a template gives.</summary>
    public required string Uri { get; init; }

    /// <summary>What the server asked for in its last answer, under the keys that it asked with. Since 2026-07-28.</summary>
    public IReadOnlyDictionary<string, JsonElement>? InputResponses { get; init; }

    /// <summary>
    /// What the server wanted to get back with those answers, unchanged; meaningful to the server only. Since 2026-07-28.
    /// </summary>
    public string? RequestState { get; init; }
}

// Spec: 2026-07-28 server/resources §Reading Resources
/// <summary>What a resource holds.</summary>
public sealed record ReadResourceResult : CacheableResult
{
    /// <summary>The contents; several where one address stands for several things, such as the files of a folder.</summary>
    public required IReadOnlyList<ResourceContents> Contents { get; init; }
}

// Spec: 2026-07-28 server/resources §Subscriptions
/// <summary>The news that a resource has changed and is worth reading again (<c>notifications/resources/updated</c>).</summary>
public sealed record ResourceUpdatedNotificationParams : NotificationParams
{
    /// <summary>The resource's address; it may lie below the one that was subscribed to.</summary>
    public required string Uri { get; init; }
}

// Spec: 2026-07-28 server/resources §Error Handling
/// <summary>What an error says when there is no such resource.</summary>
public sealed record ResourceNotFoundErrorData
{
    /// <summary>The address that leads nowhere.</summary>
    public required string Uri { get; init; }
}

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
    [JsonConverter(typeof(LongTextConverter))]
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
