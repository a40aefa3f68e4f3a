using System.Diagnostics.CodeAnalysis;
using System.Reflection;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization.Metadata;
using OnlyMcp.Server.Tools.Binding;

namespace OnlyMcp.Server.Tools.SchemaGeneration;

/// <summary>The <c>default</c> of a member: that of the parameter which it is or which its constructor takes. Null is not stated.</summary>
[RequiresUnreferencedCode(ToolReflection.UnreferencedCode)]
[RequiresDynamicCode(ToolReflection.DynamicCode)]
internal static class MemberDefault
{
    public static JsonNode? Of(JsonPropertyInfo property)
    {
        ICustomAttributeProvider? source = property.AssociatedParameter?.AttributeProvider ?? property.AttributeProvider;
        if (source is not ParameterInfo { HasDefaultValue: true } parameter || property.CustomConverter is not null) return null;
        // "= default" of a structure: its zeros tell a reader nothing, and not every one of them can be written.
        if (parameter.DefaultValue is null) return null;
        object value = ParameterDefault.Of(parameter)!;
        return JsonSerializer.SerializeToNode(value, property.PropertyType, property.Options);
    }
}
