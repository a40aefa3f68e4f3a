namespace OnlyMcp.Protocol.JsonSchemas;

/// <summary>What stands after a backslash in a pattern of ECMA-262: one character, or a set of them.</summary>
internal static class EcmaEscape
{
    public static readonly CodePointSet Word = new(('0', '9'), ('A', 'Z'), ('_', '_'), ('a', 'z'));

    private static readonly CodePointSet Digit = new(('0', '9'));

    // White space and line terminators of ECMA-262, among them the byte order mark.
    private static readonly CodePointSet Space = new(
        ('\t', '\r'), (' ', ' '), (0xA0, 0xA0), (0x1680, 0x1680), (0x2000, 0x200A), (0x2028, 0x2029), (0x202F, 0x202F), (0x205F, 0x205F),
        (0x3000, 0x3000), (0xFEFF, 0xFEFF));

    /// <summary>Reads an escape, backslash included.</summary>
    public static CodePointSet Read(PatternCursor cursor)
    {
        cursor.Take("\\");
        var letter = cursor.TakeCodePoint();
        return letter switch
        {
            'd' => Digit,
            'D' => Digit.Complement(),
            'w' => Word,
            'W' => Word.Complement(),
            's' => Space,
            'S' => Space.Complement(),
            'p' => ReadProperty(cursor),
            'P' => ReadProperty(cursor).Complement(),
            _ => Single(ReadCharacter(letter, cursor)),
        };
    }

    /// <summary>The number in an escape such as \1, or null if another escape stands here.</summary>
    public static string? TryTakeBackReference(PatternCursor cursor)
    {
        if (!Enumerable.Range(1, 9).Any(digit => cursor.StartsWith($"\\{digit}")))
            return null;
        cursor.Take("\\");
        var number = "";
        while (char.IsAsciiDigit(cursor.Peek))
            number += (char)cursor.TakeCodePoint();
        return number;
    }

    private static CodePointSet Single(int codePoint) => new((codePoint, codePoint));

    private static int ReadCharacter(int letter, PatternCursor cursor) => letter switch
    {
        'b' => '\b', // inside a class only; outside it is a word boundary
        'f' => '\f',
        'n' => '\n',
        'r' => '\r',
        't' => '\t',
        'v' => '\v',
        '0' when !char.IsAsciiDigit(cursor.Peek) => 0,
        'c' when char.IsAsciiLetter(cursor.Peek) => cursor.TakeCodePoint() % 32,
        'x' => cursor.TakeHex(2),
        'u' => ReadUnicode(cursor),
        < 128 when char.IsAsciiLetterOrDigit((char)letter) => throw cursor.Invalid($"\\{(char)letter} is no escape of ECMA-262"),
        _ => letter,
    };

    private static int ReadUnicode(PatternCursor cursor)
    {
        if (cursor.Take("{"))
            return cursor.ParseHex(cursor.TakeUntil('}'));
        var first = cursor.TakeHex(4);
        if (!char.IsHighSurrogate((char)first) || !cursor.StartsWith("\\uD") && !cursor.StartsWith("\\ud"))
            return first;
        cursor.Take("\\u");
        var second = (char)cursor.TakeHex(4);
        return char.IsLowSurrogate(second)
            ? char.ConvertToUtf32((char)first, second)
            : throw cursor.Invalid("half a surrogate pair is missing");
    }

    private static CodePointSet ReadProperty(PatternCursor cursor)
    {
        if (!cursor.Take("{"))
            throw cursor.Invalid("\\p needs a property in braces");
        var name = cursor.TakeUntil('}');
        return UnicodeProperties.Find(name) ?? throw cursor.Invalid($"the property \"{name}\" is not supported (general categories are)");
    }
}
