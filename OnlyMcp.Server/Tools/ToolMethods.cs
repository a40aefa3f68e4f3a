using System.Diagnostics.CodeAnalysis;
using System.Reflection;
using OnlyMcp.Protocol.Schema;
using OnlyMcp.Server.Tools.Binding;
using OnlyMcp.Server.Tools.SchemaGeneration;

namespace OnlyMcp.Server.Tools;

/// <summary>The methods of a class that are tools, and what their attributes and documentation say about them.</summary>
[RequiresUnreferencedCode(ToolReflection.UnreferencedCode)]
[RequiresDynamicCode(ToolReflection.DynamicCode)]
internal static class ToolMethods
{
    /// <exception cref="ArgumentException">There are none.</exception>
    public static IReadOnlyList<MethodInfo> Of(Type type, bool instances) => MarkedMethods.Of(type, typeof(McpToolAttribute), instances);

    public static Tool Describe(MethodInfo method)
    {
        var said = method.GetCustomAttribute<McpToolAttribute>()!;
        return new Tool
        {
            Name = said.Name ?? MarkedMethods.NameOf(method),
            Title = said.Title,
            Description = said.Description ?? Documentation.Of(method),
            Annotations = said.ToAnnotations(),
            Icons = IconSource.Of(said.Icon),
            InputSchema = default,
        };
    }
}
