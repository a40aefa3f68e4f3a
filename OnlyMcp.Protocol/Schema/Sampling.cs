using System.Text.Json;
using System.Text.Json.Serialization;

namespace OnlyMcp.Protocol.Schema;

// Spec: 2026-07-28 client/sampling §Creating Messages
/// <summary>
/// The wish that the client's language model go on with a conversation (<c>sampling/createMessage</c>). Deprecated since 2026-07-28.
/// </summary>
public sealed record CreateMessageRequestParams : RequestParams
{
    /// <summary>The conversation so far.</summary>
    public required IReadOnlyList<SamplingMessage> Messages { get; init; }

    /// <summary>What kind of model is wanted. The client may decide otherwise.</summary>
    public ModelPreferences? ModelPreferences { get; init; }

    /// <summary>What to tell the model before the conversation. The client may change it or leave it out.</summary>
    public string? SystemPrompt { get; init; }

    /// <summary>What else of the client's context to add; null means nothing.</summary>
    public IncludeContext? IncludeContext { get; init; }

    /// <summary>How freely the model may choose its words, on the scale of the model; null leaves it to the client.</summary>
    public double? Temperature { get; init; }

    /// <summary>The greatest length of the answer, in tokens.</summary>
    public required long MaxTokens { get; init; }

    /// <summary>Texts at which the model stops.</summary>
    public IReadOnlyList<string>? StopSequences { get; init; }

    /// <summary>What to hand on to the provider of the model, in a format that it defines: an object.</summary>
    public JsonElement? Metadata { get; init; }

    /// <summary>The tools that the model may use, if the client declared that it may. Since 2025-11-25.</summary>
    public IReadOnlyList<Tool>? Tools { get; init; }

    /// <summary>Whether the model may, or has to, use the tools; null means that it may. Since 2025-11-25.</summary>
    public ToolChoice? ToolChoice { get; init; }

    /// <summary>The wish that the answer come later, as a task. 2025-11-25 only.</summary>
    public TaskMetadata? Task { get; init; }
}

// Spec: 2026-07-28 client/sampling §Messages
/// <summary>One message of a conversation with a language model.</summary>
public sealed record SamplingMessage
{
    /// <summary>Who says it.</summary>
    public required Role Role { get; init; }

    /// <summary>
    /// What is said: text, pictures, sound, <see cref="ToolUseContent"/> and <see cref="ToolResultContent"/>. One piece is what
    /// every revision understands; several, or the last two, since 2025-11-25.
    /// </summary>
    [JsonConverter(typeof(SamplingContentConverter))]
    public required IReadOnlyList<ContentBlock> Content { get; init; }

    /// <summary>Facts about the message that are not for the model, by key. Since 2025-11-25.</summary>
    [JsonPropertyName("_meta"), JsonPropertyOrder(StampOrder.Meta)]
    public IReadOnlyDictionary<string, JsonElement>? Meta { get; init; }
}

// Spec: 2026-07-28 client/sampling §Sampling with Tools
/// <summary>The language model asks to run a tool; the server does, and asks the model again with the result. Since 2025-11-25.</summary>
public sealed record ToolUseContent : ContentBlock
{
    /// <inheritdoc/>
    public override string Type => "tool_use";

    /// <summary>The name of this use, unique in its conversation, under which the result is given.</summary>
    public required string Id { get; init; }

    /// <summary>The <see cref="Tool.Name"/> of the tool.</summary>
    public required string Name { get; init; }

    /// <summary>The arguments: an object that keeps to the tool's <see cref="Tool.InputSchema"/>.</summary>
    public required JsonElement Input { get; init; }
}

// Spec: 2026-07-28 client/sampling §Tool Result Messages
/// <summary>What came of a tool that the language model asked for. Since 2025-11-25.</summary>
public sealed record ToolResultContent : ContentBlock
{
    /// <inheritdoc/>
    public override string Type => "tool_result";

    /// <summary>The <see cref="ToolUseContent.Id"/> of the use.</summary>
    public required string ToolUseId { get; init; }

    /// <summary>The answer for a language model to read; as <see cref="CallToolResult.Content"/>.</summary>
    public required IReadOnlyList<ContentBlock> Content { get; init; }

    /// <summary>The answer for code to read; as <see cref="CallToolResult.StructuredContent"/>.</summary>
    [JsonConverter(typeof(JsonNullIsAValueConverter))]
    public JsonElement? StructuredContent { get; init; }

    /// <summary>The tool has failed, and <see cref="Content"/> says why. Null means false.</summary>
    public bool? IsError { get; init; }
}

// Spec: 2026-07-28 client/sampling §Context Inclusion
/// <summary>What else of the client's context a conversation with its language model is given.</summary>
[JsonConverter(typeof(WireNameConverter<IncludeContext>))]
public enum IncludeContext
{
    /// <summary>Nothing.</summary>
    [JsonStringEnumMemberName("none")] None,

    /// <summary>What comes from the server that asks. Deprecated since 2025-11-25.</summary>
    [JsonStringEnumMemberName("thisServer")] ThisServer,

    /// <summary>What comes from all of the client's servers. Deprecated since 2025-11-25.</summary>
    [JsonStringEnumMemberName("allServers")] AllServers,
}

// Spec: 2026-07-28 client/sampling §Tool Choice Modes
/// <summary>Whether the language model may, or has to, use the tools that it is given. Since 2025-11-25.</summary>
public sealed record ToolChoice
{
    /// <summary>Null means <see cref="ToolChoiceMode.Auto"/>.</summary>
    public ToolChoiceMode? Mode { get; init; }
}

// Spec: 2026-07-28 client/sampling §Tool Choice Modes
/// <summary>Whether the language model may, or has to, use the tools that it is given. Since 2025-11-25.</summary>
[JsonConverter(typeof(WireNameConverter<ToolChoiceMode>))]
public enum ToolChoiceMode
{
    /// <summary>The model decides.</summary>
    [JsonStringEnumMemberName("auto")] Auto,

    /// <summary>The model uses one at least before it answers.</summary>
    [JsonStringEnumMemberName("required")] Required,

    /// <summary>The model uses none.</summary>
    [JsonStringEnumMemberName("none")] None,
}

// Spec: 2026-07-28 client/sampling §Model Preferences
/// <summary>What kind of language model is wanted.</summary>
public sealed record ModelPreferences
{
    /// <summary>Models that would do, the best one first; they matter more than the numbers.</summary>
    public IReadOnlyList<ModelHint>? Hints { get; init; }

    /// <summary>How much a low price matters, from 0 to 1.</summary>
    public double? CostPriority { get; init; }

    /// <summary>How much a fast answer matters, from 0 to 1.</summary>
    public double? SpeedPriority { get; init; }

    /// <summary>How much a good answer matters, from 0 to 1.</summary>
    public double? IntelligencePriority { get; init; }
}

// Spec: 2026-07-28 client/sampling §Model Hints
/// <summary>A language model that would do.</summary>
public sealed record ModelHint
{
    /// <summary>A part of the model's name; the client may take another model that is much the same.</summary>
    public string? Name { get; init; }
}

// Spec: 2026-07-28 client/sampling §Result Fields
/// <summary>What the client's language model has said.</summary>
public sealed record CreateMessageResult : Result
{
    /// <summary>Who says it: the model.</summary>
    public required Role Role { get; init; }

    /// <summary>What is said; as <see cref="SamplingMessage.Content"/>.</summary>
    [JsonConverter(typeof(SamplingContentConverter))]
    public required IReadOnlyList<ContentBlock> Content { get; init; }

    /// <summary>The name of the model.</summary>
    public required string Model { get; init; }

    /// <summary>Why the model stopped: one of <see cref="StopReasons"/>, or a word of the model's provider.</summary>
    public string? StopReason { get; init; }
}

// Spec: 2026-07-28 client/sampling §Result Fields
/// <summary>Why a language model stops, in the words that the protocol defines.</summary>
public static class StopReasons
{
    /// <summary>The answer is complete.</summary>
    public const string EndTurn = "endTurn";

    /// <summary>One of <see cref="CreateMessageRequestParams.StopSequences"/> was met.</summary>
    public const string StopSequence = "stopSequence";

    /// <summary>The answer reached <see cref="CreateMessageRequestParams.MaxTokens"/>.</summary>
    public const string MaxTokens = "maxTokens";

    /// <summary>The model asks to run tools. Since 2025-11-25.</summary>
    public const string ToolUse = "toolUse";
}
