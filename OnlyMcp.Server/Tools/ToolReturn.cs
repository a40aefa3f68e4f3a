using System.Diagnostics.CodeAnalysis;
using System.Reflection;
using System.Text.Json;
using System.Text.Json.Nodes;
using OnlyMcp.Protocol.Schema;
using OnlyMcp.Server.Tools.Binding;
using OnlyMcp.Server.Tools.SchemaGeneration;

namespace OnlyMcp.Server.Tools;

/// <summary>From what a method returns to a tool's result: text, content, or a value that is structured content and text at once.</summary>
/// <remarks>Spec: 2026-07-28 server/tools §Structured Content</remarks>
[RequiresUnreferencedCode(ToolReflection.UnreferencedCode)]
[RequiresDynamicCode(ToolReflection.DynamicCode)]
internal sealed class ToolReturn(MethodInfo method, JsonSerializerOptions options)
{
    private readonly bool isStructured = IsStructured(ReturnType.ResultOf(method.ReturnType));

    /// <summary>The schema of the structured content; null where there is none.</summary>
    public JsonElement? Schema => isStructured ? OutputSchema.Of(method, options) : null;

    public Result ToResult(object? value) => value switch
    {
        Result result => result,
        ContentBlock block => new CallToolResult { Content = [block] },
        IEnumerable<ContentBlock> blocks => new CallToolResult { Content = [.. blocks] },
        string text => ToolResults.Text(text),
        _ when isStructured => Structured(value),
        null => new CallToolResult { Content = [] },
        _ => ToolResults.Text(AsText(value)),
    };

    // SHOULD: structured content comes with its JSON as text, for clients that read no more than that.
    private CallToolResult Structured(object? value) =>
        ToolResults.Structured(value as JsonElement? ?? JsonSerializer.SerializeToElement(value, options));

    private string AsText(object value)
    {
        var json = JsonSerializer.Serialize(value, options);
        return json is ['"', ..] ? JsonSerializer.Deserialize<string>(json)! : json;
    }

    private static bool IsStructured(Type? type)
    {
        if (type is null || type == typeof(object) || type == typeof(string))
            return false;

        type = Nullable.GetUnderlyingType(type) ?? type;
        return !typeof(Result).IsAssignableFrom(type)
            && !typeof(ContentBlock).IsAssignableFrom(type)
            && !typeof(IEnumerable<ContentBlock>).IsAssignableFrom(type)
            && !IsOneValue(type);
    }

    /// <summary>A number, a date and their like: as text it says all that it says.</summary>
    private static bool IsOneValue(Type type) => type.IsPrimitive || type.IsEnum
        || type == typeof(decimal) || type == typeof(Guid) || type == typeof(Uri) || typeof(JsonValue).IsAssignableFrom(type)
        || type.Namespace == nameof(System) && typeof(IFormattable).IsAssignableFrom(type);
}
