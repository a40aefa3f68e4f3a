using System.Text.Json.Serialization;

namespace OnlyMcp.Protocol.Schema;

// Spec: 2026-07-28 server/utilities/completion §CompleteRequest
/// <summary>The question how to go on with a value that a user is typing (<c>completion/complete</c>).</summary>
public sealed record CompleteRequestParams : RequestParams
{
    /// <summary>What the value is for: a prompt or a resource template.</summary>
    public required CompletionReference Ref { get; init; }

    /// <summary>The argument and what has been typed of it.</summary>
    public required CompletionArgument Argument { get; init; }

    /// <summary>What is known already. Since 2025-06-18.</summary>
    public CompletionContext? Context { get; init; }
}

// Spec: 2026-07-28 server/utilities/completion §Reference Types
/// <summary>What a value is completed for: <see cref="PromptReference"/> or <see cref="ResourceTemplateReference"/>.</summary>
[JsonConverter(typeof(CompletionReferenceConverter))]
public abstract record CompletionReference
{
    private protected CompletionReference() { }

    /// <summary>The kind of reference, as the wire spells it.</summary>
    [JsonPropertyOrder(-1)]
    public abstract string Type { get; }
}

// Spec: 2026-07-28 server/utilities/completion §Reference Types
/// <summary>The argument of a prompt is completed.</summary>
public sealed record PromptReference : CompletionReference
{
    /// <inheritdoc/>
    public override string Type => "ref/prompt";

    /// <summary>The <see cref="Prompt.Name"/> of the prompt.</summary>
    public required string Name { get; init; }

    /// <summary>The name to show to people. Since 2025-06-18.</summary>
    public string? Title { get; init; }
}

// Spec: 2026-07-28 server/utilities/completion §Reference Types
/// <summary>A part of a resource's address is completed.</summary>
public sealed record ResourceTemplateReference : CompletionReference
{
    /// <inheritdoc/>
    public override string Type => "ref/resource";

    /// <summary>The <see cref="ResourceTemplate.UriTemplate"/> of the template, or the address of a resource.</summary>
    public required string Uri { get; init; }
}

// Spec: 2026-07-28 server/utilities/completion §CompleteRequest
/// <summary>An argument and what has been typed of it.</summary>
public sealed record CompletionArgument
{
    /// <summary>The name of the prompt's argument, or of the part of the address.</summary>
    public required string Name { get; init; }

    /// <summary>What has been typed, maybe nothing yet.</summary>
    public required string Value { get; init; }
}

// Spec: 2026-07-28 server/utilities/completion §CompleteRequest
/// <summary>What is known already while a value is completed. Since 2025-06-18.</summary>
public sealed record CompletionContext
{
    /// <summary>The arguments that have their value, by name.</summary>
    public IReadOnlyDictionary<string, string>? Arguments { get; init; }
}

// Spec: 2026-07-28 server/utilities/completion §CompleteResult
/// <summary>How the value may go on.</summary>
public sealed record CompleteResult : Result
{
    /// <summary>The proposals.</summary>
    public required Completion Completion { get; init; }
}

// Spec: 2026-07-28 server/utilities/completion §Completion Results
/// <summary>Proposals for a value that a user is typing.</summary>
public sealed record Completion
{
    /// <summary>The whole values, the best one first; 100 at most.</summary>
    public required IReadOnlyList<string> Values { get; init; }

    /// <summary>How many there are in all, if known.</summary>
    public long? Total { get; init; }

    /// <summary>There are more than these. Null means that the server does not say.</summary>
    public bool? HasMore { get; init; }
}
