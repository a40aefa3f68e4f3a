using System.Diagnostics.CodeAnalysis;
using System.Reflection;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;
using OnlyMcp.Server.Tools.Binding;

namespace OnlyMcp.Server.Tools.SchemaGeneration;

/// <summary>Writes the schema of a type by reading the serializer's own metadata: what it reads or writes is what the schema says.</summary>
[RequiresUnreferencedCode(ToolReflection.UnreferencedCode)]
[RequiresDynamicCode(ToolReflection.DynamicCode)]
internal sealed class ShapeWriter(SchemaDirection direction, JsonSerializerOptions options)
{
    public SchemaDirection Direction { get; } = direction;

    public Definitions Definitions { get; } = new();

    /// <param name="type">The type of the value, nullable or not.</param>
    /// <param name="annotations">The nullable annotations of the place where the value stands, for those of its elements.</param>
    /// <param name="allowsNull">Whether null may stand there itself.</param>
    /// <param name="converter">The converter of the member, if it names one.</param>
    public JsonObject Of(Type type, NullabilityInfo? annotations, bool allowsNull, JsonConverter? converter = null)
    {
        JsonTypeInfo info = options.GetTypeInfo(Nullable.GetUnderlyingType(type) ?? type);
        JsonObject shape = (converter ?? info.Converter) is IWireShape wire ? wire.Shape() : OfKind(info, annotations, converter);
        return allowsNull ? NullableShape.Of(shape) : shape;
    }

    private JsonObject OfKind(JsonTypeInfo type, NullabilityInfo? annotations, JsonConverter? converter)
    {
        if (converter is not null) return WireTypes.Of(type.Type, converter);
        return type.Kind switch
        {
            JsonTypeInfoKind.Object when type.PolymorphismOptions is not null => PolymorphicShape.Of(type, this),
            JsonTypeInfoKind.Object => Definitions.Of(type.Type, null, () => ObjectShape.Of(type, this)),
            JsonTypeInfoKind.Enumerable => new JsonObject { ["type"] = "array", ["items"] = Element(type, annotations) },
            JsonTypeInfoKind.Dictionary => Dictionary(type, annotations),
            _ => WireTypes.Of(type.Type, type.Converter),
        };
    }

    private JsonObject Dictionary(JsonTypeInfo type, NullabilityInfo? annotations)
    {
        var shape = new JsonObject { ["type"] = "object" };
        JsonObject? names = (options.GetTypeInfo(type.KeyType!).Converter as IWireShape)?.NameShape();
        if (names is not null) shape["propertyNames"] = names;
        shape["additionalProperties"] = Element(type, annotations);
        return shape;
    }

    private JsonObject Element(JsonTypeInfo collection, NullabilityInfo? annotations)
    {
        NullabilityInfo? element = Nullability.OfElement(annotations, collection);
        return Of(collection.ElementType!, element, Nullability.AllowsNull(collection.ElementType!, element));
    }
}
