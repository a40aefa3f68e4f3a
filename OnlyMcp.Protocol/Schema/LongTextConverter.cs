using System.Text.Json;
using System.Text.Json.Serialization;

namespace OnlyMcp.Protocol.Schema;

// Text that may be long is written piece by piece: in one piece, the writer takes room for the worst that escaping could make of it, six
// characters for each, and has the pool keep that.
internal sealed class LongTextConverter : JsonConverter<string>
{
    private const int Piece = 4096;

    public override string? Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
    {
        return reader.GetString();
    }

    public override void Write(Utf8JsonWriter writer, string value, JsonSerializerOptions options)
    {
        ReadOnlySpan<char> rest = value;
        if (rest.Length <= Piece)
        {
            writer.WriteStringValue(rest);
            return;
        }

        for (; rest.Length > Piece; rest = rest[Piece..])
        {
            writer.WriteStringValueSegment(rest[..Piece], isFinalSegment: false);
        }

        writer.WriteStringValueSegment(rest, isFinalSegment: true);
    }
}
