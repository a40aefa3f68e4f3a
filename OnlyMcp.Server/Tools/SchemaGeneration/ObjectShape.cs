using System.Diagnostics.CodeAnalysis;
using System.Reflection;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;
using OnlyMcp.Server.Tools.Binding;

namespace OnlyMcp.Server.Tools.SchemaGeneration;

/// <summary>An object: its members, which of them must be there, and whether there may be others.</summary>
[RequiresUnreferencedCode(ToolReflection.UnreferencedCode)]
[RequiresDynamicCode(ToolReflection.DynamicCode)]
internal static class ObjectShape
{
    public static JsonObject Of(JsonTypeInfo type, ShapeWriter writer)
    {
        var shape = new JsonObject { ["type"] = "object" };
        Annotations.Describe(shape, type.Type);
        var members = new JsonObject();
        var required = new JsonArray();
        foreach (JsonPropertyInfo property in type.Properties.Where(p => IsMember(p, writer.Direction)))
        {
            members[property.Name] = Member(property, writer);
            if (IsRequired(property, writer.Direction)) required.Add(property.Name);
        }

        shape["properties"] = members;
        if (required.Count > 0) shape["required"] = required;
        if (IsClosed(type, writer.Direction)) shape["additionalProperties"] = false;
        return shape;
    }

    private static JsonObject Member(JsonPropertyInfo property, ShapeWriter writer)
    {
        JsonObject shape = writer.Of(property.PropertyType, Nullability.Of(property), AllowsNull(property, writer.Direction), property.CustomConverter);
        Annotations.LayOver(shape, property);
        if (writer.Direction == SchemaDirection.Arguments && MemberDefault.Of(property) is { } value) shape["default"] = value;
        return shape;
    }

    private static bool IsMember(JsonPropertyInfo property, SchemaDirection direction) =>
        !property.IsExtensionData && (direction == SchemaDirection.Arguments || property.Get is not null);

    private static bool AllowsNull(JsonPropertyInfo property, SchemaDirection direction)
    {
        if (property.PropertyType.IsValueType) return Nullable.GetUnderlyingType(property.PropertyType) is not null;
        return direction == SchemaDirection.Arguments ? property.IsSetNullable : property.IsGetNullable;
    }

    // A result's member is always written, unless something decides about it each time.
    private static bool IsRequired(JsonPropertyInfo property, SchemaDirection direction) => direction == SchemaDirection.Arguments
        ? property.IsRequired
        : property.ShouldSerialize is null && property.Options.DefaultIgnoreCondition == JsonIgnoreCondition.Never;

    private static bool IsClosed(JsonTypeInfo type, SchemaDirection direction)
    {
        JsonUnmappedMemberHandling handling = type.UnmappedMemberHandling ?? type.Options.UnmappedMemberHandling;
        return direction == SchemaDirection.Arguments
            && handling == JsonUnmappedMemberHandling.Disallow
            && !type.Properties.Any(p => p.IsExtensionData);
    }
}
