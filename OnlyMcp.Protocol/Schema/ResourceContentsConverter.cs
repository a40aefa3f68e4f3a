using System.Text.Json;

namespace OnlyMcp.Protocol.Schema;

// Nothing but the member that is there tells text from bytes.
internal sealed class ResourceContentsConverter : OneOfConverter<ResourceContents>
{
    public override ResourceContents Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
    {
        return IsText(reader) ? Read<TextResourceContents>(ref reader, options) : Read<BlobResourceContents>(ref reader, options);
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
