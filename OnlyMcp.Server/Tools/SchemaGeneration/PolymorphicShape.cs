using System.Diagnostics.CodeAnalysis;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization.Metadata;
using OnlyMcp.Server.Tools.Binding;

namespace OnlyMcp.Server.Tools.SchemaGeneration;

/// <summary>A type with <c>[JsonDerivedType]</c>: one of its variants, each told by a constant discriminator.</summary>
[RequiresUnreferencedCode(ToolReflection.UnreferencedCode)]
[RequiresDynamicCode(ToolReflection.DynamicCode)]
internal static class PolymorphicShape
{
    public static JsonObject Of(JsonTypeInfo type, ShapeWriter writer) =>
        writer.Definitions.Of(type.Type, "any variant", () => new JsonObject { ["anyOf"] = new JsonArray([.. Variants(type, writer)]) });

    private static IEnumerable<JsonObject> Variants(JsonTypeInfo type, ShapeWriter writer)
    {
        JsonPolymorphismOptions options = type.PolymorphismOptions!;
        foreach (JsonDerivedType derived in options.DerivedTypes)
        {
            // Without a discriminator a variant is written but never read.
            if (derived.TypeDiscriminator is null && writer.Direction == SchemaDirection.Arguments) continue;
            yield return Variant(derived, type, writer);
        }
        bool isOwnVariant = !type.Type.IsAbstract && (writer.Direction == SchemaDirection.Arguments || options.DerivedTypes.All(d => d.DerivedType != type.Type));
        if (isOwnVariant) yield return writer.Definitions.Of(type.Type, null, () => ObjectShape.Of(type, writer));
    }

    private static JsonObject Variant(JsonDerivedType derived, JsonTypeInfo type, ShapeWriter writer)
    {
        JsonTypeInfo info = type.Options.GetTypeInfo(derived.DerivedType);
        string name = type.PolymorphismOptions!.TypeDiscriminatorPropertyName;
        return writer.Definitions.Of(derived.DerivedType, derived.TypeDiscriminator, () =>
        {
            JsonObject shape = ObjectShape.Of(info, writer);
            if (derived.TypeDiscriminator is { } discriminator) Tell(shape, name, discriminator);
            return shape;
        });
    }

    private static void Tell(JsonObject shape, string name, object discriminator)
    {
        JsonNode value = discriminator is int number ? JsonValue.Create(number) : JsonValue.Create((string)discriminator);
        ((JsonObject)shape["properties"]!).Insert(0, name, new JsonObject { ["const"] = value });
        if (shape["required"] is JsonArray required) required.Insert(0, name);
        else shape.Insert(shape.IndexOf("properties") + 1, "required", new JsonArray(name));
    }
}
