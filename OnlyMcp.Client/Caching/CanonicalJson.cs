using System.Buffers;
using System.Text;
using System.Text.Json;

namespace OnlyMcp.Client.Caching;

/// <summary>Writes an object in one way alone: members by name, no space, no metadata.</summary>
internal static class CanonicalJson
{
    public static string Of(JsonElement parameters)
    {
        var output = new ArrayBufferWriter<byte>();
        using (var writer = new Utf8JsonWriter(output))
            Write(parameters, writer, isTop: true);
        return Encoding.UTF8.GetString(output.WrittenSpan);
    }

    private static void Write(JsonElement value, Utf8JsonWriter writer, bool isTop = false)
    {
        switch (value.ValueKind)
        {
            case JsonValueKind.Object:
                writer.WriteStartObject();
                foreach (var member in value.EnumerateObject().OrderBy(member => member.Name, StringComparer.Ordinal))
                {
                    if (isTop && member.NameEquals("_meta"u8))
                        continue;
                    writer.WritePropertyName(member.Name);
                    Write(member.Value, writer);
                }

                writer.WriteEndObject();
                break;
            case JsonValueKind.Array:
                writer.WriteStartArray();
                foreach (var item in value.EnumerateArray())
                    Write(item, writer);
                writer.WriteEndArray();
                break;
            default:
                value.WriteTo(writer);
                break;
        }
    }
}
