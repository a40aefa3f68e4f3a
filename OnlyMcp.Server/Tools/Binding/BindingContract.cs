using System.ComponentModel.DataAnnotations;
using System.Diagnostics.CodeAnalysis;
using System.Reflection;
using System.Runtime.CompilerServices;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;

namespace OnlyMcp.Server.Tools.Binding;

/// <summary>What the serializer's reading of a user's type lacks to be stated as a schema and held to.</summary>
[RequiresUnreferencedCode(ToolReflection.UnreferencedCode)]
[RequiresDynamicCode(ToolReflection.DynamicCode)]
internal static class BindingContract
{
    public static void Tighten(JsonTypeInfo type)
    {
        if (type.Kind != JsonTypeInfoKind.Object) return;
        for (int i = type.Properties.Count - 1; i >= 0; i--)
        {
            if (IsBound(type, type.Properties[i])) Tighten(type.Properties[i]);
            else type.Properties.RemoveAt(i);
        }
        RecordStructs.UseConstructor(type);
        NullElements.Refuse(type);
    }

    private static void Tighten(JsonPropertyInfo property)
    {
        // Numbers as strings, which [JsonNumberHandling] allows for a single member, cannot be read by a converter of ours.
        property.NumberHandling = null;
        if (property.IsExtensionData) return;
        if (IsDefined<RequiredAttribute>(property))
        {
            property.IsRequired = true;
            if (!property.PropertyType.IsValueType) property.IsSetNullable = false;
        }
        else if (property.AssociatedParameter is { IsNullable: true } && !IsDefined<RequiredMemberAttribute>(property)) property.IsRequired = false;
    }

    /// <summary>
    /// A property without a setter is not bound: System.Text.Json would skip its value in silence, so here it becomes an unknown member.
    /// </summary>
    private static bool IsBound(JsonTypeInfo type, JsonPropertyInfo property) =>
        property.Set is not null || property.AssociatedParameter is not null || property.IsExtensionData || IsPopulated(type, property);

    private static bool IsPopulated(JsonTypeInfo type, JsonPropertyInfo property)
    {
        JsonObjectCreationHandling handling = property.ObjectCreationHandling
            ?? type.PreferredPropertyObjectCreationHandling ?? type.Options.PreferredObjectCreationHandling;
        return handling == JsonObjectCreationHandling.Populate && property.Get is not null;
    }

    private static bool IsDefined<T>(JsonPropertyInfo property) where T : Attribute =>
        property.AttributeProvider?.IsDefined(typeof(T), inherit: true) == true
        || property.AssociatedParameter?.AttributeProvider?.IsDefined(typeof(T), inherit: true) == true;
}
