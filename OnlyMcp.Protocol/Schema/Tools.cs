using System.Text.Json;
using System.Text.Json.Serialization;

namespace OnlyMcp.Protocol.Schema;

// Spec: 2026-07-28 server/tools §Tool
/// <summary>A function of the server that a language model may call, described so that the model can.</summary>
public sealed record Tool
{
    /// <summary>The name to call it by, unique on its server.</summary>
    public required string Name { get; init; }

    /// <summary>The name to show to people. Since 2025-06-18.</summary>
    public string? Title { get; init; }

    /// <summary>What it does and when to use it, in words for a language model.</summary>
    public string? Description { get; init; }

    /// <summary>
    /// The JSON Schema that its arguments keep to: an object whose <c>type</c> is <c>object</c>.
    /// It follows JSON Schema 2020-12 unless its <c>$schema</c> names another dialect.
    /// </summary>
    public required JsonElement InputSchema { get; init; }

    /// <summary>
    /// The JSON Schema that its <see cref="CallToolResult.StructuredContent"/> keeps to. Since 2025-06-18, for objects only;
    /// since 2026-07-28 for any value.
    /// </summary>
    public JsonElement? OutputSchema { get; init; }

    /// <summary>Hints about what a call may do. Since 2025-03-26.</summary>
    public ToolAnnotations? Annotations { get; init; }

    /// <summary>How it may be run. 2025-11-25 only.</summary>
    public ToolExecution? Execution { get; init; }

    /// <summary>Pictures to show beside the name. Since 2025-11-25.</summary>
    public IReadOnlyList<Icon>? Icons { get; init; }

    /// <summary>Facts about the tool that are not for the model, by key. Since 2025-06-18.</summary>
    [JsonPropertyName("_meta"), JsonPropertyOrder(StampOrder.Meta)]
    public IReadOnlyDictionary<string, JsonElement>? Meta { get; init; }
}

// Spec: 2026-07-28 server/tools §Tool
/// <summary>
/// Hints about what calling a tool may do. The server claims them and nobody checks them: unless the server is trusted, decide
/// nothing by them. Since 2025-03-26.
/// </summary>
public sealed record ToolAnnotations
{
    /// <summary>The name to show to people where <see cref="Tool.Title"/> is missing.</summary>
    public string? Title { get; init; }

    /// <summary>A call changes nothing. Null means false.</summary>
    public bool? ReadOnlyHint { get; init; }

    /// <summary>A call may overwrite or delete, not just add; means something only for tools that change things. Null means true.</summary>
    public bool? DestructiveHint { get; init; }

    /// <summary>
    /// The same call twice changes no more than once; means something only for tools that change things. Null means false.
    /// </summary>
    public bool? IdempotentHint { get; init; }

    /// <summary>A call may reach things outside the server's own, such as the web. Null means true.</summary>
    public bool? OpenWorldHint { get; init; }
}

// Spec: 2026-07-28 server/tools §Listing Tools
/// <summary>The question which tools a server has (<c>tools/list</c>).</summary>
public sealed record ListToolsRequestParams : PaginatedRequestParams;

// Spec: 2026-07-28 server/tools §Listing Tools
/// <summary>The tools of a server, or one page of them.</summary>
public sealed record ListToolsResult : PaginatedResult
{
    /// <summary>The tools of this page, in an order that stays the same while the tools do.</summary>
    public required IReadOnlyList<Tool> Tools { get; init; }
}

// Spec: 2026-07-28 server/tools §Calling Tools
/// <summary>The wish to run a tool (<c>tools/call</c>).</summary>
public sealed record CallToolRequestParams : RequestParams
{
    /// <summary>The <see cref="Tool.Name"/> of the tool.</summary>
    public required string Name { get; init; }

    /// <summary>The arguments: an object that keeps to the tool's <see cref="Tool.InputSchema"/>; null stands for an empty one.</summary>
    public JsonElement? Arguments { get; init; }

    /// <summary>
    /// The wish that the call be a task, a <see cref="TaskMetadata"/>. 2025-11-25 only; other revisions pass over whatever stands there.
    /// </summary>
    public JsonElement? Task { get; init; }

    /// <summary>What the server asked for in its last answer, under the keys that it asked with. Since 2026-07-28.</summary>
    public IReadOnlyDictionary<string, JsonElement>? InputResponses { get; init; }

    /// <summary>
    /// What the server wanted to get back with those answers, unchanged; meaningful to the server only. Since 2026-07-28.
    /// </summary>
    public string? RequestState { get; init; }
}

// Spec: 2026-07-28 server/tools §Tool Result
/// <summary>What a tool has answered, whether it succeeded or failed.</summary>
public sealed record CallToolResult : Result
{
    /// <summary>The answer for a language model to read: text, pictures and the like; empty when there is nothing to say.</summary>
    public required IReadOnlyList<ContentBlock> Content { get; init; }

    /// <summary>
    /// The answer for code to read, which keeps to the tool's <see cref="Tool.OutputSchema"/>. Since 2025-06-18, an object;
    /// since 2026-07-28 any JSON value, null among them: C# null means that there is none.
    /// </summary>
    [JsonConverter(typeof(JsonNullIsAValueConverter))]
    public JsonElement? StructuredContent { get; init; }

    /// <summary>The tool has failed, and <see cref="Content"/> says why, so that a model can try again better. Null means false.</summary>
    public bool? IsError { get; init; }
}

// Spec: 2026-07-28 server/tools §List Changed Notification
/// <summary>
/// The news that a list of tools, prompts or resources (or, until 2025-11-25, roots) has changed and is worth asking for again.
/// The method says which list.
/// </summary>
public sealed record ListChangedNotificationParams : NotificationParams;
