using System.Diagnostics.CodeAnalysis;
using System.Reflection;
using System.Text.Json;

namespace OnlyMcp.Server.Tools.Binding;

/// <summary>The methods of a class that an attribute marks.</summary>
[RequiresUnreferencedCode(ToolReflection.UnreferencedCode)]
internal static class MarkedMethods
{
    private const BindingFlags Anywhere =
        BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.Static | BindingFlags.FlattenHierarchy;

    /// <param name="type">The class.</param>
    /// <param name="mark">The attribute.</param>
    /// <param name="instances">Whether there is an object to call methods on; otherwise only static ones count.</param>
    /// <exception cref="ArgumentException">There are none.</exception>
    public static IReadOnlyList<MethodInfo> Of(Type type, Type mark, bool instances)
    {
        var where = instances ? Anywhere | BindingFlags.Instance : Anywhere;
        MethodInfo[] methods = [.. type.GetMethods(where).Where(method => method.IsDefined(mark))];
        var written = mark.Name[..^nameof(Attribute).Length];
        return methods.Length > 0
            ? methods
            : throw new ArgumentException($"No {(instances ? "" : "static ")}method of {type.Name} carries [{written}].", nameof(type));
    }

    /// <summary><c>GetForecastAsync</c> is called <c>get_forecast</c>.</summary>
    public static string NameOf(MethodInfo method)
    {
        var name = method.Name.EndsWith("Async", StringComparison.Ordinal) && method.Name.Length > 5 ? method.Name[..^5] : method.Name;
        return JsonNamingPolicy.SnakeCaseLower.ConvertName(name);
    }
}
