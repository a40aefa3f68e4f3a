using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace OnlyMcp.Protocol.Schema;

// Points in time travel as ISO 8601, written in UTC to the millisecond: 2026-01-31T10:30:00.000Z.
internal sealed class TimestampConverter : JsonConverter<DateTimeOffset>
{
    public override DateTimeOffset Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
    {
        if (reader.TokenType == JsonTokenType.String && reader.TryGetDateTime(out var day) && day.Kind == DateTimeKind.Unspecified)
            return new DateTimeOffset(day, TimeSpan.Zero); // a time without its zone is no time of this machine
        if (reader.TokenType == JsonTokenType.String && reader.TryGetDateTimeOffset(out var time)) return time.ToUniversalTime();
        throw new JsonException("Not a point in time as ISO 8601 writes it, such as 2026-01-31T10:30:00Z.");
    }

    public override void Write(Utf8JsonWriter writer, DateTimeOffset value, JsonSerializerOptions options)
    {
        Span<char> text = stackalloc char[24];
        value.UtcDateTime.TryFormat(text, out _, "yyyy-MM-dd'T'HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture);
        writer.WriteStringValue(text);
    }
}
