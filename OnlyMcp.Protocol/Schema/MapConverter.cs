using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;

namespace OnlyMcp.Protocol.Schema;

// The same as ListConverter, for what stands under names.
internal sealed class MapConverter<T> : JsonConverter<IReadOnlyDictionary<string, T>> where T : class
{
    public override IReadOnlyDictionary<string, T> Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
    {
        if (reader.TokenType != JsonTokenType.StartObject) throw new JsonException("Not an object.");

        Dictionary<string, T> values = new(StringComparer.Ordinal);
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            string name = reader.GetString()!;
            reader.Read();
            if (!values.TryAdd(name, Part.ReadMember<T>(ref reader, name, options)))
                throw new JsonException($"The name '{name}' comes twice.");
        }

        return values;
    }

    public override void Write(Utf8JsonWriter writer, IReadOnlyDictionary<string, T> value, JsonSerializerOptions options)
    {
        var type = (JsonTypeInfo<T>)options.GetTypeInfo(typeof(T));
        writer.WriteStartObject();
        foreach ((string name, T item) in value)
        {
            ArgumentNullException.ThrowIfNull(item);
            writer.WritePropertyName(name);
            JsonSerializer.Serialize(writer, item, type);
        }

        writer.WriteEndObject();
    }
}
