using System.Text;

namespace OnlyMcp.Protocol.JsonSchemas;

/// <summary>Rewrites a pattern of ECMA-262 (with the flag u) as a .NET pattern of the same meaning.</summary>
/// <remarks>
/// Read otherwise in .NET: "." and classes see halves of a surrogate pair, \d \w \s \b know all of Unicode, "$" matches before a last
/// line feed, \p{Letter} has other names, and some letters after a backslash are anchors that ECMA-262 does not have.
/// Gap: \p{Script=...} is refused, since .NET knows no scripts; named groups are numbered after the unnamed ones.
/// </remarks>
internal sealed class EcmaPattern(string source)
{
    private static readonly CodePointSet AnyButLineEnds = new CodePointSet(('\n', '\n'), ('\r', '\r'), (0x2028, 0x2029)).Complement();

    private static readonly string[] GroupOpenings = ["(?:", "(?=", "(?!", "(?<=", "(?<!"];

    private readonly PatternCursor cursor = new(source);
    private readonly StringBuilder output = new();

    /// <exception cref="ArgumentException">It is not a regular expression of ECMA-262.</exception>
    public string Translate()
    {
        while (!cursor.AtEnd)
            TranslateNext();
        return output.ToString();
    }

    private void TranslateNext()
    {
        switch (cursor.Peek)
        {
            case '\\':
                TranslateEscape();
                break;
            case '[':
                output.Append(EcmaClass.Read(cursor).ToRegex());
                break;
            case '(':
                TranslateGroup();
                break;
            case '.':
                cursor.TakeCodePoint();
                output.Append(AnyButLineEnds.ToRegex());
                break;
            case '$':
                cursor.TakeCodePoint();
                output.Append(@"\z");
                break;
            default:
                AppendLiteral(cursor.TakeCodePoint());
                break;
        }
    }

    private void TranslateGroup()
    {
        if (GroupOpenings.FirstOrDefault(cursor.Take) is { } opening)
            output.Append(opening);
        else if (cursor.Take("(?<"))
            output.Append("(?<").Append(cursor.TakeUntil('>')).Append('>');
        else if (cursor.StartsWith("(?"))
            throw cursor.Invalid("it has a kind of group that ECMA-262 does not know");
        else
            AppendLiteral(cursor.TakeCodePoint());
    }

    private void TranslateEscape()
    {
        if (cursor.Take(@"\b"))
            output.Append(WordBoundary(same: false));
        else if (cursor.Take(@"\B"))
            output.Append(WordBoundary(same: true));
        else if (cursor.Take(@"\k<"))
            output.Append(@"\k<").Append(cursor.TakeUntil('>')).Append('>');
        else if (EcmaEscape.TryTakeBackReference(cursor) is { } number)
            output.Append("(?:\\").Append(number).Append(')');
        else
            output.Append(EcmaEscape.Read(cursor).ToRegex());
    }

    private static string WordBoundary(bool same)
    {
        var word = EcmaEscape.Word.ToRegex();
        return same ? $"(?:(?<={word})(?={word})|(?<!{word})(?!{word}))" : $"(?:(?<={word})(?!{word})|(?<!{word})(?={word}))";
    }

    // Beyond 16 bits a character is two for .NET: a group keeps them together under a quantifier.
    private void AppendLiteral(int codePoint)
    {
        if (codePoint > 0xFFFF)
            output.Append("(?:").Append(char.ConvertFromUtf32(codePoint)).Append(')');
        else
            output.Append((char)codePoint);
    }
}
