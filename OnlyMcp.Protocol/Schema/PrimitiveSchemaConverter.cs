using System.Text.Json;

namespace OnlyMcp.Protocol.Schema;

// `type` tells text from numbers; choices are told from text, and from each other, by the member that holds what to choose from.
internal sealed class PrimitiveSchemaConverter : OneOfConverter<PrimitiveSchema>
{
    public override PrimitiveSchema Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
    {
        return LookAhead.Type(reader, "The schema of a field") switch
        {
            "string" => ReadString(ref reader, options),
            "number" => Read<NumberSchema>(ref reader, options),
            "integer" => Read<NumberSchema>(ref reader, options) with { IsInteger = true },
            "boolean" => Read<BooleanSchema>(ref reader, options),
            "array" => ReadArray(ref reader, options),
            string other => throw new JsonException(
                $"Unknown type of field: '{other}'. Known are string, number, integer, boolean, array."),
        };
    }

    private static PrimitiveSchema ReadString(ref Utf8JsonReader reader, JsonSerializerOptions options)
    {
        if (LookAhead.Has(reader, "oneOf"u8)) return Read<TitledSingleSelectEnumSchema>(ref reader, options);
        if (!LookAhead.Has(reader, "enum"u8)) return Read<StringSchema>(ref reader, options);
        if (!LookAhead.Has(reader, "enumNames"u8)) return Read<UntitledSingleSelectEnumSchema>(ref reader, options);
        return Read<LegacyTitledEnumSchema>(ref reader, options);
    }

    private static PrimitiveSchema ReadArray(ref Utf8JsonReader reader, JsonSerializerOptions options)
    {
        Utf8JsonReader items = reader;
        if (!LookAhead.TryFind(ref items, "items"u8) || items.TokenType != JsonTokenType.StartObject)
            throw new JsonException("The schema of a field of type 'array' needs a member 'items' that is an object.");

        if (LookAhead.Has(items, "anyOf"u8)) return Read<TitledMultiSelectEnumSchema>(ref reader, options);
        if (LookAhead.Has(items, "enum"u8)) return Read<UntitledMultiSelectEnumSchema>(ref reader, options);
        throw new JsonException("The items of a field of type 'array' need a member 'enum' or 'anyOf'.");
    }
}
