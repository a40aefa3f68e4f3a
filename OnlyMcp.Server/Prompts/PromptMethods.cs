using System.Diagnostics.CodeAnalysis;
using System.Reflection;
using OnlyMcp.Protocol.Schema;
using OnlyMcp.Server.Tools;
using OnlyMcp.Server.Tools.Binding;
using OnlyMcp.Server.Tools.SchemaGeneration;

namespace OnlyMcp.Server.Prompts;

/// <summary>The methods of a class that are prompts, and what their attributes and documentation say about them.</summary>
[RequiresUnreferencedCode(ToolReflection.UnreferencedCode)]
[RequiresDynamicCode(ToolReflection.DynamicCode)]
internal static class PromptMethods
{
    /// <exception cref="ArgumentException">There are none.</exception>
    public static IReadOnlyList<MethodInfo> Of(Type type, bool instances) => MarkedMethods.Of(type, typeof(McpPromptAttribute), instances);

    public static Prompt Describe(MethodInfo method)
    {
        var said = method.GetCustomAttribute<McpPromptAttribute>()!;
        return new Prompt
        {
            Name = said.Name ?? MarkedMethods.NameOf(method),
            Title = said.Title,
            Description = said.Description ?? Documentation.Of(method),
            Icons = IconSource.Of(said.Icon),
        };
    }
}
