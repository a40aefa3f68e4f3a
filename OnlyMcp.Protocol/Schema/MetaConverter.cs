using System.Collections.Frozen;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace OnlyMcp.Protocol.Schema;

// The `_meta` of a result. As with ContentListConverter, the serializer would do the same at a greater expense.
internal sealed class MetaConverter : JsonConverter<IReadOnlyDictionary<string, JsonElement>>
{
    public override IReadOnlyDictionary<string, JsonElement> Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
    {
        return JsonSerializer.Deserialize(ref reader, ((McpJson)options.TypeInfoResolver!).IReadOnlyDictionaryStringJsonElement)!;
    }

    public override void Write(Utf8JsonWriter writer, IReadOnlyDictionary<string, JsonElement> value, JsonSerializerOptions options)
    {
        writer.WriteStartObject();
        if (value is FrozenDictionary<string, JsonElement> same)
        {
            // The same for every result of a server: walked without an enumerator.
            foreach ((string name, JsonElement item) in same) WriteMember(writer, name, item);
        }
        else
        {
            foreach ((string name, JsonElement item) in value) WriteMember(writer, name, item);
        }

        writer.WriteEndObject();
    }

    private static void WriteMember(Utf8JsonWriter writer, string name, JsonElement item)
    {
        writer.WritePropertyName(name);
        item.WriteTo(writer);
    }
}
