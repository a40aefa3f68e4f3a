using System.Diagnostics.CodeAnalysis;
using System.Reflection;
using System.Text.Json;
using OnlyMcp.Protocol.Schema;
using OnlyMcp.Server.Tools.Binding;
using OnlyMcp.Server.Tools.SchemaGeneration;

namespace OnlyMcp.Server.Tools;

/// <summary>The methods of a class that are tools, and what their attributes and documentation say about them.</summary>
[RequiresUnreferencedCode(ToolReflection.UnreferencedCode)]
[RequiresDynamicCode(ToolReflection.DynamicCode)]
internal static class ToolMethods
{
    private const BindingFlags AnyVisibility = BindingFlags.Public | BindingFlags.NonPublic;

    /// <exception cref="ArgumentException">There are none.</exception>
    public static IReadOnlyList<MethodInfo> Of(Type type, bool statics, bool instances)
    {
        var where = AnyVisibility | (statics ? BindingFlags.Static : 0) | (instances ? BindingFlags.Instance : 0) | BindingFlags.FlattenHierarchy;
        MethodInfo[] methods = [.. type.GetMethods(where).Where(method => method.IsDefined(typeof(McpToolAttribute)))];
        return methods.Length > 0
            ? methods
            : throw new ArgumentException($"No {(instances ? "" : "static ")}method of {type.Name} carries [McpTool].", nameof(type));
    }

    public static Tool Describe(MethodInfo method)
    {
        var said = method.GetCustomAttribute<McpToolAttribute>()!;
        return new Tool
        {
            Name = said.Name ?? NameOf(method),
            Title = said.Title,
            Description = said.Description ?? Documentation.Of(method),
            Annotations = said.ToAnnotations(),
            InputSchema = default,
        };
    }

    /// <summary><c>GetForecastAsync</c> is called <c>get_forecast</c>.</summary>
    private static string NameOf(MethodInfo method)
    {
        var name = method.Name.EndsWith("Async", StringComparison.Ordinal) && method.Name.Length > 5 ? method.Name[..^5] : method.Name;
        return JsonNamingPolicy.SnakeCaseLower.ConvertName(name);
    }
}
