using System.Diagnostics.CodeAnalysis;
using System.Reflection;
using System.Text.Json.Serialization.Metadata;

namespace OnlyMcp.Server.Tools.Binding;

/// <summary>
/// Reads <c>record struct P(int X, int Y = 7)</c> as its author means it. The serializer makes a structure without calling its
/// constructor, so that X could be left out and Y would be 0.
/// </summary>
[RequiresUnreferencedCode(ToolReflection.UnreferencedCode)]
[RequiresDynamicCode(ToolReflection.DynamicCode)]
internal static class RecordStructs
{
    public static void UseConstructor(JsonTypeInfo type)
    {
        if (!type.Type.IsValueType || type.CreateObject is null || type.Properties.Any(p => p.AssociatedParameter is not null)) return;
        if (type.Type.GetConstructors() is not [{ } constructor] || constructor.GetParameters() is not { Length: > 0 } parameters) return;

        foreach (ParameterInfo parameter in parameters)
        {
            JsonPropertyInfo? property = type.Properties.FirstOrDefault(p => IsOf(p, parameter));
            if (property is not null && !ParameterDefault.IsOptional(parameter, Nullability.Of(parameter)!)) property.IsRequired = true;
        }
        type.CreateObject = () => constructor.Invoke([.. parameters.Select(ParameterDefault.Of)]);
    }

    private static bool IsOf(JsonPropertyInfo property, ParameterInfo parameter) =>
        property.AttributeProvider is MemberInfo member && member.Name == parameter.Name && property.PropertyType == parameter.ParameterType;
}
