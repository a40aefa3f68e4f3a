using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;

namespace OnlyMcp.Protocol.Schema;

// Which content it is stands in the member `type`, wherever that is in the object: a copy of the reader looks ahead for it.
// (Polymorphism by attributes answers an object without `type` with NotSupportedException: a peer's mistake would look like ours.)
internal sealed class ContentBlockConverter : JsonConverter<ContentBlock>
{
    // A null in a list gets past the nullable annotations otherwise.
    public override bool HandleNull => true;

    public override ContentBlock Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
    {
        return FindType(reader) switch
        {
            "text" => Read<TextContent>(ref reader, options),
            "image" => Read<ImageContent>(ref reader, options),
            "audio" => Read<AudioContent>(ref reader, options),
            "resource_link" => Read<ResourceLink>(ref reader, options),
            "resource" => Read<EmbeddedResource>(ref reader, options),
            string other => throw new JsonException(
                $"Unknown type of content: '{other}'. Known are text, image, audio, resource_link, resource."),
        };
    }

    public override void Write(Utf8JsonWriter writer, ContentBlock value, JsonSerializerOptions options)
    {
        ArgumentNullException.ThrowIfNull(value);
        JsonSerializer.Serialize(writer, value, options.GetTypeInfo(value.GetType()));
    }

    private static ContentBlock Read<T>(ref Utf8JsonReader reader, JsonSerializerOptions options) where T : ContentBlock
    {
        return JsonSerializer.Deserialize(ref reader, (JsonTypeInfo<T>)options.GetTypeInfo(typeof(T)))!;
    }

    private static string FindType(Utf8JsonReader ahead)
    {
        if (ahead.TokenType != JsonTokenType.StartObject) throw new JsonException("Content is an object.");

        while (ahead.Read() && ahead.TokenType == JsonTokenType.PropertyName)
        {
            bool isType = ahead.ValueTextEquals("type"u8);
            ahead.Read();
            if (!isType) ahead.Skip();
            else if (ahead.TokenType == JsonTokenType.String) return ahead.GetString()!;
            else break;
        }

        throw new JsonException("Content needs a member 'type' that is a string.");
    }
}
