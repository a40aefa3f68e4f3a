using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;

namespace OnlyMcp.Protocol.Schema;

// Nothing but the member that is there tells text from bytes: a copy of the reader looks ahead for it.
internal sealed class ResourceContentsConverter : JsonConverter<ResourceContents>
{
    // A null in a list gets past the nullable annotations otherwise.
    public override bool HandleNull => true;

    public override ResourceContents Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
    {
        return IsText(reader) ? Read<TextResourceContents>(ref reader, options) : Read<BlobResourceContents>(ref reader, options);
    }

    public override void Write(Utf8JsonWriter writer, ResourceContents value, JsonSerializerOptions options)
    {
        ArgumentNullException.ThrowIfNull(value);
        JsonSerializer.Serialize(writer, value, options.GetTypeInfo(value.GetType()));
    }

    private static ResourceContents Read<T>(ref Utf8JsonReader reader, JsonSerializerOptions options) where T : ResourceContents
    {
        return JsonSerializer.Deserialize(ref reader, (JsonTypeInfo<T>)options.GetTypeInfo(typeof(T)))!;
    }

    // Choice: the specification is silent about contents with both members; the first one is taken.
    private static bool IsText(Utf8JsonReader ahead)
    {
        if (ahead.TokenType != JsonTokenType.StartObject) throw new JsonException("The contents of a resource are an object.");

        while (ahead.Read() && ahead.TokenType == JsonTokenType.PropertyName)
        {
            if (ahead.ValueTextEquals("text"u8)) return true;
            if (ahead.ValueTextEquals("blob"u8)) return false;
            ahead.Skip();
        }

        throw new JsonException("The contents of a resource need a member 'text' or 'blob'.");
    }
}
