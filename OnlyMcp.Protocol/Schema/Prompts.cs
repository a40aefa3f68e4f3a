using System.Text.Json;
using System.Text.Json.Serialization;

namespace OnlyMcp.Protocol.Schema;

// Spec: 2026-07-28 server/prompts §Prompt
/// <summary>A prepared message, or conversation, for a language model, which the server fills in on demand.</summary>
public sealed record Prompt
{
    /// <summary>The name to ask for it by, unique on its server.</summary>
    public required string Name { get; init; }

    /// <summary>The name to show to people. Since 2025-06-18.</summary>
    public string? Title { get; init; }

    /// <summary>What it is good for, in words for people.</summary>
    public string? Description { get; init; }

    /// <summary>What it is filled in with; null means nothing.</summary>
    public IReadOnlyList<PromptArgument>? Arguments { get; init; }

    /// <summary>Pictures to show beside the name. Since 2025-11-25.</summary>
    public IReadOnlyList<Icon>? Icons { get; init; }

    /// <summary>Facts about the prompt that are not for the model, by key. Since 2025-06-18.</summary>
    [JsonPropertyName("_meta"), JsonPropertyOrder(StampOrder.Meta)]
    public IReadOnlyDictionary<string, JsonElement>? Meta { get; init; }
}

// Spec: 2026-07-28 server/prompts §Prompt
/// <summary>One thing that a prompt is filled in with: a string.</summary>
public sealed record PromptArgument
{
    /// <summary>The name to give the value under, unique in its prompt.</summary>
    public required string Name { get; init; }

    /// <summary>The name to show to people. Since 2025-06-18.</summary>
    public string? Title { get; init; }

    /// <summary>What the value means, in words for people.</summary>
    public string? Description { get; init; }

    /// <summary>The prompt cannot be had without it. Null means false.</summary>
    public bool? Required { get; init; }
}

// Spec: 2026-07-28 server/prompts §Listing Prompts
/// <summary>The question which prompts a server has (<c>prompts/list</c>).</summary>
public sealed record ListPromptsRequestParams : PaginatedRequestParams;

// Spec: 2026-07-28 server/prompts §Listing Prompts
/// <summary>The prompts of a server, or one page of them.</summary>
public sealed record ListPromptsResult : PaginatedResult
{
    /// <summary>The prompts of this page.</summary>
    public required IReadOnlyList<Prompt> Prompts { get; init; }
}

// Spec: 2026-07-28 server/prompts §Getting a Prompt
/// <summary>The wish to have a prompt filled in (<c>prompts/get</c>).</summary>
public sealed record GetPromptRequestParams : RequestParams
{
    /// <summary>The <see cref="Prompt.Name"/> of the prompt.</summary>
    public required string Name { get; init; }

    /// <summary>The values to fill in, by <see cref="PromptArgument.Name"/>; null stands for none.</summary>
    public IReadOnlyDictionary<string, string>? Arguments { get; init; }

    /// <summary>What the server asked for in its last answer, under the keys that it asked with. Since 2026-07-28.</summary>
    public IReadOnlyDictionary<string, JsonElement>? InputResponses { get; init; }

    /// <summary>
    /// What the server wanted to get back with those answers, unchanged; meaningful to the server only. Since 2026-07-28.
    /// </summary>
    public string? RequestState { get; init; }
}

// Spec: 2026-07-28 server/prompts §Getting a Prompt
/// <summary>A prompt, filled in.</summary>
public sealed record GetPromptResult : Result
{
    /// <summary>What it is good for, in words for people.</summary>
    public string? Description { get; init; }

    /// <summary>What to give the language model, in this order.</summary>
    public required IReadOnlyList<PromptMessage> Messages { get; init; }
}

// Spec: 2026-07-28 server/prompts §PromptMessage
/// <summary>One message of a prompt.</summary>
public sealed record PromptMessage
{
    /// <summary>Who says it.</summary>
    public required Role Role { get; init; }

    /// <summary>What is said.</summary>
    public required ContentBlock Content { get; init; }
}
