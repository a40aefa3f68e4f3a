using System.Text.Json;
using System.Text.Json.Serialization;

namespace OnlyMcp.Protocol.Schema;

// A single piece of content travels bare, which is all that revisions before 2025-11-25 understand, and several as an array.
internal sealed class SamplingContentConverter : JsonConverter<IReadOnlyList<ContentBlock>>
{
    private readonly PieceConverter pieces = new();

    public override IReadOnlyList<ContentBlock> Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
    {
        if (reader.TokenType != JsonTokenType.StartArray) return [pieces.Read(ref reader, typeof(ContentBlock), options)];

        List<ContentBlock> content = [];
        while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
        {
            try
            {
                content.Add(pieces.Read(ref reader, typeof(ContentBlock), options));
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
        if (value.Count != 1) writer.WriteStartArray();
        foreach (ContentBlock piece in value) pieces.Write(writer, piece, options);
        if (value.Count != 1) writer.WriteEndArray();
    }

    private sealed class PieceConverter : OneOfConverter<ContentBlock>
    {
        public override ContentBlock Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
        {
            return LookAhead.Type(reader, "Content") switch
            {
                "text" => Read<TextContent>(ref reader, options),
                "image" => Read<ImageContent>(ref reader, options),
                "audio" => Read<AudioContent>(ref reader, options),
                "tool_use" => Read<ToolUseContent>(ref reader, options),
                "tool_result" => Read<ToolResultContent>(ref reader, options),
                string other => throw new JsonException(
                    $"Unknown type of content: '{other}'. Known here are text, image, audio, tool_use, tool_result."),
            };
        }
    }
}
