namespace OnlyMcp.Server.Resources;

/// <summary>Marks a method that <c>AddResources</c> offers as a resource, or as a template where the address has variables in braces.</summary>
/// <remarks>Spec: 2026-07-28 server/resources §Resource</remarks>
/// <param name="uri">The address, such as <c>config://app</c>, or a template for it, such as <c>weather://{city}</c>.</param>
[AttributeUsage(AttributeTargets.Method)]
public sealed class McpResourceAttribute(string uri) : Attribute
{
    /// <summary>The address, or a template for it.</summary>
    public string Uri { get; } = uri;

    /// <summary>Its name, for code and logs; without one, the method's name in snake case and without <c>Async</c>.</summary>
    public string? Name { get; init; }

    /// <summary>A name for people.</summary>
    public string? Title { get; init; }

    /// <summary>What it is, for a model; without one, <c>[Description]</c> or the method's documentation says it.</summary>
    public string? Description { get; init; }

    /// <summary>Its media type, such as <c>text/markdown</c>.</summary>
    public string? MimeType { get; init; }

    /// <summary>Where a picture for it is: an address that begins with <c>https:</c>, <c>http:</c> or <c>data:</c>.</summary>
    public string? Icon { get; init; }

    /// <summary>Whether the address has variables.</summary>
    internal bool IsTemplate => Uri.Contains('{', StringComparison.Ordinal);
}
