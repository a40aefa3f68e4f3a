using System.Text.Json;
using System.Text.Json.Serialization;

namespace OnlyMcp.Protocol.Schema;

// What the serializer would do itself, without the array of its own that it sets up for what stands within something else.
internal sealed class ContentListConverter : JsonConverter<IReadOnlyList<ContentBlock>>
{
    private readonly ContentBlockConverter blocks = new();

    public override IReadOnlyList<ContentBlock> Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
    {
        if (reader.TokenType != JsonTokenType.StartArray) throw new JsonException("Not a list.");

        List<ContentBlock> content = [];
        while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
        {
            try
            {
                content.Add(blocks.Read(ref reader, typeof(ContentBlock), options));
            }
            catch (JsonException fault)
            {
                throw Part.At($"[{content.Count}]", fault);
            }
        }

        return content;
    }

    public override void Write(Utf8JsonWriter writer, IReadOnlyList<ContentBlock> value, JsonSerializerOptions options)
    {
        writer.WriteStartArray();
        for (int i = 0; i < value.Count; i++) blocks.Write(writer, value[i], options);
        writer.WriteEndArray();
    }
}
