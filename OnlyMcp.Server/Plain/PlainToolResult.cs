using System.Text.Json;
using OnlyMcp.Protocol.Schema;

namespace OnlyMcp.Server.Plain;

/// <summary>What a tool has answered, written by hand where its content is text.</summary>
internal sealed class PlainToolResult : PlainWriter<CallToolResult>
{
    public static readonly PlainToolResult Instance = new();

    /// <summary>The contract writes long text piece by piece.</summary>
    private const int LongestText = 4096;

    public override void Write(Utf8JsonWriter writer, CallToolResult value, JsonSerializerOptions options)
    {
        if (!IsPlain(value.Content))
        {
            JsonSerializer.Serialize(writer, value, McpJson.Wire.CallToolResult);
            return;
        }

        writer.WriteStartObject();
        writer.WriteStartArray("content");
        for (var i = 0; i < value.Content.Count; i++)
        {
            writer.WriteStartObject();
            writer.WriteString("type", "text");
            writer.WriteString("text", ((TextContent)value.Content[i]).Text);
            writer.WriteEndObject();
        }

        writer.WriteEndArray();
        if (value.StructuredContent is { } structured)
        {
            writer.WritePropertyName("structuredContent");
            structured.WriteTo(writer);
        }

        if (value.IsError is { } isError)
            writer.WriteBoolean("isError", isError);
        WriteStamp(writer, value);
        writer.WriteEndObject();
    }

    private static bool IsPlain(IReadOnlyList<ContentBlock>? content)
    {
        if (content is null)
            return false;

        // By position: this runs for every call, and an enumerator of an interface is an object.
        for (var i = 0; i < content.Count; i++)
        {
            if (content[i] is not TextContent { Text.Length: <= LongestText, Annotations: null, Meta: null })
                return false;
        }

        return true;
    }
}
