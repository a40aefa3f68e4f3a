namespace OnlyMcp.Server.Prompts;

/// <summary>Marks a method that <c>AddPrompts</c> offers as a prompt.</summary>
/// <remarks>Spec: 2026-07-28 server/prompts §Prompt</remarks>
/// <param name="name">What the prompt is called by; without one, the method's name in snake case and without <c>Async</c>.</param>
[AttributeUsage(AttributeTargets.Method)]
public sealed class McpPromptAttribute(string? name = null) : Attribute
{
    /// <summary>What the prompt is called by, if it is not the method's name.</summary>
    public string? Name { get; } = name;

    /// <summary>A name for people.</summary>
    public string? Title { get; init; }

    /// <summary>What the prompt is good for, for people; without one, <c>[Description]</c> or the method's documentation says it.</summary>
    public string? Description { get; init; }

    /// <summary>Where a picture for it is: an address that begins with <c>https:</c>, <c>http:</c> or <c>data:</c>.</summary>
    public string? Icon { get; init; }
}
