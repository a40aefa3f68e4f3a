using System.Globalization;
using System.Runtime.InteropServices;
using System.Text;
using System.Text.Json;

namespace OnlyMcp.Protocol.JsonSchemas;

/// <summary>The characters of JSON strings and names, taken from their bytes in the document.</summary>
/// <remarks>
/// JsonElement.GetString throws on an escape such as "\ud800" that is half a character, and a stranger may send one. Here nothing
/// throws: half a character reads as U+FFFD, the replacement character, in schemas and in values alike.
/// </remarks>
internal static class JsonText
{
    private const int Replacement = 0xFFFD;

    /// <summary>The bytes between the quotes of a string, escapes undone.</summary>
    public static ReadOnlySpan<byte> Utf8(JsonElement text) => Unescape(Raw(text));

    /// <summary>The bytes of a member's name, escapes undone.</summary>
    public static ReadOnlySpan<byte> Utf8(JsonProperty member) => Unescape(JsonMarshal.GetRawUtf8PropertyName(member));

    public static string Read(JsonElement text) => Encoding.UTF8.GetString(Utf8(text));

    public static string Read(JsonProperty member) => Encoding.UTF8.GetString(Utf8(member));

    /// <summary>The bytes between the quotes of a string as they stand in the document.</summary>
    public static ReadOnlySpan<byte> Raw(JsonElement text) => JsonMarshal.GetRawUtf8Value(text)[1..^1];

    /// <summary>JSON Schema 2020-12 Validation §6.3.1: length is counted in Unicode code points.</summary>
    public static int CountCodePoints(JsonElement text)
    {
        var count = 0;
        foreach (var value in Utf8(text))
        {
            // Every byte but a continuation (10xxxxxx) opens a code point.
            if ((value & 0b1100_0000) != 0b1000_0000)
                count++;
        }

        return count;
    }

    private static ReadOnlySpan<byte> Unescape(ReadOnlySpan<byte> raw)
    {
        var firstEscape = raw.IndexOf((byte)'\\');
        return firstEscape < 0 ? raw : UnescapeFrom(firstEscape, raw);
    }

    private static ReadOnlySpan<byte> UnescapeFrom(int firstEscape, ReadOnlySpan<byte> raw)
    {
        // An escape is never shorter than the bytes that it stands for.
        var plain = new byte[raw.Length];
        raw[..firstEscape].CopyTo(plain);
        var written = firstEscape;
        for (var position = firstEscape; position < raw.Length;)
        {
            if (raw[position] == '\\')
                written += new Rune(ReadEscape(raw, ref position)).EncodeToUtf8(plain.AsSpan(written));
            else
                plain[written++] = raw[position++];
        }

        return plain.AsSpan(0, written);
    }

    private static int ReadEscape(ReadOnlySpan<byte> raw, ref int position)
    {
        var kind = raw[position + 1];
        if (kind == 'u')
            return ReadUnicodeEscape(raw, ref position);
        position += 2;
        return kind switch
        {
            (byte)'b' => '\b',
            (byte)'f' => '\f',
            (byte)'n' => '\n',
            (byte)'r' => '\r',
            (byte)'t' => '\t',
            _ => kind,
        };
    }

    private static int ReadUnicodeEscape(ReadOnlySpan<byte> raw, ref int position)
    {
        var first = ReadHex(raw.Slice(position + 2, 4));
        position += 6;
        if (!char.IsSurrogate(first))
            return first;
        if (!char.IsHighSurrogate(first) || !raw[position..].StartsWith("\\u"u8))
            return Replacement;
        var second = ReadHex(raw.Slice(position + 2, 4));
        if (!char.IsLowSurrogate(second))
            return Replacement;
        position += 6;
        return char.ConvertToUtf32(first, second);
    }

    private static char ReadHex(ReadOnlySpan<byte> digits)
        => (char)ushort.Parse(digits, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture);
}
