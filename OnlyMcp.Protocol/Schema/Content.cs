using System.Text.Json;
using System.Text.Json.Serialization;

namespace OnlyMcp.Protocol.Schema;

// Spec: 2026-07-28 server/tools §Tool Result
/// <summary>
/// One piece of what a tool answers or a prompt says: <see cref="TextContent"/>, <see cref="ImageContent"/>,
/// <see cref="AudioContent"/>, <see cref="ResourceLink"/> or <see cref="EmbeddedResource"/>. In a conversation with a language
/// model: the first three, <see cref="ToolUseContent"/> and <see cref="ToolResultContent"/>.
/// </summary>
[JsonConverter(typeof(ContentBlockConverter))]
public abstract record ContentBlock
{
    private protected ContentBlock() { }

    /// <summary>The kind of content, as the wire spells it.</summary>
    [JsonPropertyOrder(-1)]
    public abstract string Type { get; }

    /// <summary>Whom the content is for and how much it matters.</summary>
    [JsonPropertyOrder(StampOrder.Annotations)]
    public Annotations? Annotations { get; init; }

    /// <summary>Facts about the content that are not for the model, by key. Since 2025-06-18.</summary>
    [JsonPropertyName("_meta"), JsonPropertyOrder(StampOrder.Meta)]
    public IReadOnlyDictionary<string, JsonElement>? Meta { get; init; }
}

// Spec: 2026-07-28 server/tools §Text Content
/// <summary>Text.</summary>
public sealed record TextContent : ContentBlock
{
    /// <inheritdoc/>
    public override string Type => "text";

    /// <summary>The text itself.</summary>
    [JsonConverter(typeof(LongTextConverter))]
    public required string Text { get; init; }
}

// Spec: 2026-07-28 server/tools §Image Content
/// <summary>A picture.</summary>
public sealed record ImageContent : ContentBlock
{
    /// <inheritdoc/>
    public override string Type => "image";

    /// <summary>The picture's bytes, in the format that <see cref="MimeType"/> names; base64 on the wire.</summary>
    [JsonConverter(typeof(Base64Converter))]
    public required ReadOnlyMemory<byte> Data { get; init; }

    /// <summary>The picture's media type, such as <c>image/png</c>.</summary>
    public required string MimeType { get; init; }
}

// Spec: 2026-07-28 server/tools §Audio Content
/// <summary>A sound. Since 2025-03-26.</summary>
public sealed record AudioContent : ContentBlock
{
    /// <inheritdoc/>
    public override string Type => "audio";

    /// <summary>The sound's bytes, in the format that <see cref="MimeType"/> names; base64 on the wire.</summary>
    [JsonConverter(typeof(Base64Converter))]
    public required ReadOnlyMemory<byte> Data { get; init; }

    /// <summary>The sound's media type, such as <c>audio/wav</c>.</summary>
    public required string MimeType { get; init; }
}

// Spec: 2026-07-28 server/tools §Resource Links
/// <summary>A pointer to something that the client may read from the server when it wants to. Since 2025-06-18.</summary>
public sealed record ResourceLink : ContentBlock
{
    /// <inheritdoc/>
    public override string Type => "resource_link";

    /// <summary>The address to read it by.</summary>
    public required string Uri { get; init; }

    /// <summary>Its name, for code and logs; shown to people where <see cref="Title"/> is missing.</summary>
    public required string Name { get; init; }

    /// <summary>The name to show to people.</summary>
    public string? Title { get; init; }

    /// <summary>What it is, in words for a language model.</summary>
    public string? Description { get; init; }

    /// <summary>Its media type, if known.</summary>
    public string? MimeType { get; init; }

    /// <summary>Its size in bytes, before base64, if known.</summary>
    public long? Size { get; init; }

    /// <summary>Pictures to show beside the name. Since 2025-11-25.</summary>
    public IReadOnlyList<Icon>? Icons { get; init; }
}

// Spec: 2026-07-28 server/tools §Embedded Resources
/// <summary>Something of the server's resources, sent along whole.</summary>
public sealed record EmbeddedResource : ContentBlock
{
    /// <inheritdoc/>
    public override string Type => "resource";

    /// <summary>The contents, text or bytes.</summary>
    public required ResourceContents Resource { get; init; }
}

// Spec: 2026-07-28 server/prompts §PromptMessage
/// <summary>Who speaks, or is spoken to, in a conversation with a language model.</summary>
[JsonConverter(typeof(WireNameConverter<Role>))]
public enum Role
{
    /// <summary>The person.</summary>
    [JsonStringEnumMemberName("user")] User,

    /// <summary>The language model.</summary>
    [JsonStringEnumMemberName("assistant")] Assistant,
}
