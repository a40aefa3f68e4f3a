namespace OnlyMcp.Server.Tools;

/// <summary>Has a tool's parameter stand in an HTTP header too, <c>Mcp-Param-{name}</c>, so that a proxy can route or limit by it.</summary>
/// <remarks>
/// For strings, whole numbers and booleans. Never for a secret: whoever stands between client and server can read the header.
/// Spec: 2026-07-28 server/tools §x-mcp-header
/// </remarks>
/// <param name="name">The header's name without <c>Mcp-Param-</c>; unique within the tool, whatever the case.</param>
[AttributeUsage(AttributeTargets.Parameter | AttributeTargets.Property | AttributeTargets.Field)]
public sealed class McpHeaderAttribute(string name) : Attribute
{
    /// <summary>The header's name without <c>Mcp-Param-</c>.</summary>
    public string Name { get; } = name;
}
