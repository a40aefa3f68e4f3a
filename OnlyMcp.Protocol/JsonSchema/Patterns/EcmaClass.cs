namespace OnlyMcp.Protocol.JsonSchemas;

/// <summary>A character class of ECMA-262: [a-z], [^\s"].</summary>
internal static class EcmaClass
{
    /// <summary>Reads a class, brackets included.</summary>
    public static CodePointSet Read(PatternCursor cursor)
    {
        cursor.Take("[");
        var isNegated = cursor.Take("^");
        var members = new List<CodePointSet>();
        while (!cursor.Take("]"))
            members.Add(ReadMember(cursor));
        var union = CodePointSet.Union(members);
        return isNegated ? union.Complement() : union;
    }

    private static CodePointSet ReadMember(PatternCursor cursor)
    {
        var first = ReadAtom(cursor);

        // A hyphen at the end of the class, or beside a set such as \d, stands for itself.
        if (cursor.Peek != '-' || cursor.StartsWith("-]") || !IsSingle(first))
            return first;
        cursor.Take("-");
        var last = ReadAtom(cursor);
        if (!IsSingle(last))
            return CodePointSet.Union([first, last, new CodePointSet(('-', '-'))]);
        var (from, to) = (first.Ranges[0].First, last.Ranges[0].First);
        return from <= to ? new CodePointSet((from, to)) : throw cursor.Invalid("a range runs backwards");
    }

    private static CodePointSet ReadAtom(PatternCursor cursor)
    {
        if (cursor.Peek == '\\')
            return EcmaEscape.Read(cursor);
        var codePoint = cursor.TakeCodePoint();
        return new CodePointSet((codePoint, codePoint));
    }

    private static bool IsSingle(CodePointSet set) => set.Ranges is [var only] && only.First == only.Last;
}
