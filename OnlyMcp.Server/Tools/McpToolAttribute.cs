namespace OnlyMcp.Server.Tools;

/// <summary>Marks a method that <c>AddTools</c> offers as a tool.</summary>
/// <remarks>
/// The hints tell a client what to expect; it must not trust them from a server that it does not trust.
/// Spec: 2026-07-28 server/tools §Tool
/// </remarks>
/// <param name="name">What the tool is called by; without one, the method's name in snake case and without <c>Async</c>.</param>
[AttributeUsage(AttributeTargets.Method)]
public sealed class McpToolAttribute(string? name = null) : Attribute
{
    private bool? readOnly;
    private bool? destructive;
    private bool? idempotent;
    private bool? openWorld;

    /// <summary>What the tool is called by, if it is not the method's name.</summary>
    public string? Name { get; } = name;

    /// <summary>A name for people.</summary>
    public string? Title { get; init; }

    /// <summary>What the tool does, for a model; without one, <c>[Description]</c> or the method's documentation says it.</summary>
    public string? Description { get; init; }

    /// <summary>Where a picture for it is: an address that begins with <c>https:</c>, <c>http:</c> or <c>data:</c>.</summary>
    public string? Icon { get; init; }

    /// <summary>Whether the tool changes nothing.</summary>
    public bool ReadOnly { get => readOnly ?? false; init => readOnly = value; }

    /// <summary>Whether the tool may destroy something, where it is not read-only.</summary>
    public bool Destructive { get => destructive ?? true; init => destructive = value; }

    /// <summary>Whether calling it twice with the same arguments does no more than calling it once.</summary>
    public bool Idempotent { get => idempotent ?? false; init => idempotent = value; }

    /// <summary>Whether it reaches into a world outside that nobody can list, such as the web.</summary>
    public bool OpenWorld { get => openWorld ?? true; init => openWorld = value; }

    /// <summary>What was said, and only that.</summary>
    internal Protocol.Schema.ToolAnnotations? ToAnnotations() =>
        (readOnly ?? destructive ?? idempotent ?? openWorld) is null
            ? null
            : new Protocol.Schema.ToolAnnotations
            {
                ReadOnlyHint = readOnly,
                DestructiveHint = destructive,
                IdempotentHint = idempotent,
                OpenWorldHint = openWorld,
            };
}
