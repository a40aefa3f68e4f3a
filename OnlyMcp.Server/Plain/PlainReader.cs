using System.Text.Json;
using System.Text.Unicode;

namespace OnlyMcp.Server.Plain;

/// <summary>
/// Reads by hand what nearly every message holds, as far as it is plain: known members, each once, of the usual form. Whatever is not goes
/// to the contract of its type, which alone says what is wrong with a message.
/// </summary>
/// <remarks>
/// For the sake of the start: a contract and all that it is made of are compiled before the first message is read, and took a third of the
/// time to the first answer.
/// </remarks>
internal static class PlainReader
{
    /// <summary>The next member's name has been read, or false at the object's end.</summary>
    public static bool ReadName(ref Utf8JsonReader reader) => reader.Read() && reader.TokenType == JsonTokenType.PropertyName;

    /// <summary>The text that comes next, if it is one without escapes and was not read before.</summary>
    public static bool TryReadText(ref Utf8JsonReader reader, ref string? text)
    {
        reader.Read();
        if (text is not null || reader.TokenType != JsonTokenType.String || reader.ValueIsEscaped || !Utf8.IsValid(reader.ValueSpan))
            return false;

        text = reader.GetString();
        return true;
    }

    /// <summary>Passes over the metadata of a request, which the era has read; false if this is another member.</summary>
    public static bool TryPassMetadata(ref Utf8JsonReader reader) => reader.ValueTextEquals("_meta"u8) && reader.TrySkip();

    /// <summary>Whether an object comes next.</summary>
    public static bool TryEnter(ref Utf8JsonReader reader) => reader.Read() && reader.TokenType == JsonTokenType.StartObject;
}
