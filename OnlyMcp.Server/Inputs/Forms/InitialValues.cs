using System.Diagnostics.CodeAnalysis;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization.Metadata;
using OnlyMcp.Server.Tools.Binding;
using OnlyMcp.Server.Tools.SchemaGeneration;

namespace OnlyMcp.Server.Inputs.Forms;

/// <summary>
/// The values that the members of a type have before anybody sets them: of a constructor's parameters, or of initialisers.
/// </summary>
[RequiresUnreferencedCode(ToolReflection.UnreferencedCode)]
[RequiresDynamicCode(ToolReflection.DynamicCode)]
internal sealed class InitialValues(JsonTypeInfo type)
{
    private readonly object? fresh = type.CreateObject?.Invoke();

    /// <summary>Null where nothing was said. Zero, false and an empty text look like nothing said.</summary>
    public JsonNode? Of(JsonPropertyInfo property)
    {
        if (MemberDefault.Of(property) is { } parameter)
            return parameter;
        if (fresh is null || property.IsRequired || property.Get?.Invoke(fresh) is not { } value || IsNothing(value))
            return null;

        return JsonSerializer.SerializeToNode(value, property.PropertyType, property.Options);
    }

    private static bool IsNothing(object value) => value switch
    {
        string text => text.Length == 0,
        ValueType => value.Equals(Activator.CreateInstance(value.GetType())),
        System.Collections.ICollection several => several.Count == 0,
        _ => false,
    };
}
