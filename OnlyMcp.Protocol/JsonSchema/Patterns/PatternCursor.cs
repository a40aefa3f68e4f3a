using System.Globalization;

namespace OnlyMcp.Protocol.JsonSchemas;

/// <summary>Reads a pattern from left to right, one code point at a time.</summary>
internal sealed class PatternCursor(string source)
{
    private int position;

    public bool AtEnd => position >= source.Length;

    public char Peek => AtEnd ? '\0' : source[position];

    public bool StartsWith(string text) => string.CompareOrdinal(source, position, text, 0, text.Length) == 0;

    public bool Take(string text)
    {
        var found = StartsWith(text);
        if (found)
            position += text.Length;
        return found;
    }

    public int TakeCodePoint()
    {
        if (AtEnd)
            throw Invalid("it ends too early");
        var codePoint = char.IsSurrogatePair(source, position) ? char.ConvertToUtf32(source, position) : source[position];
        position += codePoint > 0xFFFF ? 2 : 1;
        return codePoint;
    }

    public string TakeUntil(char end)
    {
        var start = position;
        position = source.IndexOf(end, start);
        if (position < 0)
            throw Invalid($"a '{end}' is missing");
        return source[start..position++];
    }

    public int TakeHex(int digits)
    {
        if (position + digits > source.Length)
            throw Invalid("a hexadecimal escape is cut off");
        var text = source.AsSpan(position, digits);
        position += digits;
        return ParseHex(text);
    }

    public ArgumentException Invalid(string problem) => new($"{problem}, at position {Math.Max(position, 0)}");

    public int ParseHex(ReadOnlySpan<char> text)
        => int.TryParse(text, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var value) && value is >= 0 and <= 0x10FFFF
            ? value
            : throw Invalid($"\"{text}\" is no hexadecimal code point");
}
