using System.Globalization;

namespace OnlyMcp.Protocol.JsonSchemas;

/// <summary>The sets that \p{...} names: the general categories of Unicode, and a few others that follow from those.</summary>
internal static class UnicodeProperties
{
    // One walk over all of Unicode, some milliseconds, the first time that any pattern asks.
    private static readonly Lazy<ILookup<UnicodeCategory, (int, int)>> ByCategory =
        new(() => Categorize().ToLookup(run => run.Category, run => run.Range));

    // Short name, long name, and what .NET calls it. One letter names the union of the categories that begin with it.
    private static readonly (string Short, string Long, UnicodeCategory Category)[] Categories =
    [
        ("Lu", "Uppercase_Letter", UnicodeCategory.UppercaseLetter),
        ("Ll", "Lowercase_Letter", UnicodeCategory.LowercaseLetter),
        ("Lt", "Titlecase_Letter", UnicodeCategory.TitlecaseLetter),
        ("Lm", "Modifier_Letter", UnicodeCategory.ModifierLetter),
        ("Lo", "Other_Letter", UnicodeCategory.OtherLetter),
        ("Mn", "Nonspacing_Mark", UnicodeCategory.NonSpacingMark),
        ("Mc", "Spacing_Mark", UnicodeCategory.SpacingCombiningMark),
        ("Me", "Enclosing_Mark", UnicodeCategory.EnclosingMark),
        ("Nd", "Decimal_Number", UnicodeCategory.DecimalDigitNumber),
        ("Nd", "digit", UnicodeCategory.DecimalDigitNumber),
        ("Nl", "Letter_Number", UnicodeCategory.LetterNumber),
        ("No", "Other_Number", UnicodeCategory.OtherNumber),
        ("Zs", "Space_Separator", UnicodeCategory.SpaceSeparator),
        ("Zl", "Line_Separator", UnicodeCategory.LineSeparator),
        ("Zp", "Paragraph_Separator", UnicodeCategory.ParagraphSeparator),
        ("Cc", "Control", UnicodeCategory.Control),
        ("Cc", "cntrl", UnicodeCategory.Control),
        ("Cf", "Format", UnicodeCategory.Format),
        ("Cs", "Surrogate", UnicodeCategory.Surrogate),
        ("Co", "Private_Use", UnicodeCategory.PrivateUse),
        ("Cn", "Unassigned", UnicodeCategory.OtherNotAssigned),
        ("Pc", "Connector_Punctuation", UnicodeCategory.ConnectorPunctuation),
        ("Pd", "Dash_Punctuation", UnicodeCategory.DashPunctuation),
        ("Ps", "Open_Punctuation", UnicodeCategory.OpenPunctuation),
        ("Pe", "Close_Punctuation", UnicodeCategory.ClosePunctuation),
        ("Pi", "Initial_Punctuation", UnicodeCategory.InitialQuotePunctuation),
        ("Pf", "Final_Punctuation", UnicodeCategory.FinalQuotePunctuation),
        ("Po", "Other_Punctuation", UnicodeCategory.OtherPunctuation),
        ("Sm", "Math_Symbol", UnicodeCategory.MathSymbol),
        ("Sc", "Currency_Symbol", UnicodeCategory.CurrencySymbol),
        ("Sk", "Modifier_Symbol", UnicodeCategory.ModifierSymbol),
        ("So", "Other_Symbol", UnicodeCategory.OtherSymbol),
    ];

    /// <summary>The set of that name ("L", "Letter", "gc=Lu", "General_Category=Uppercase_Letter", "Any", "ASCII"), or null.</summary>
    public static CodePointSet? Find(string name)
    {
        var value = name[(name.IndexOf('=', StringComparison.Ordinal) + 1)..];
        if (value.Length < name.Length && name[..^(value.Length + 1)] is not ("gc" or "General_Category"))
            return null;
        return value switch
        {
            "Any" => new CodePointSet((0, 0x10FFFF)),
            "ASCII" => new CodePointSet((0, 0x7F)),
            "Letter" => OfGroup("L"),
            "Mark" or "Combining_Mark" => OfGroup("M"),
            "Number" => OfGroup("N"),
            "Separator" => OfGroup("Z"),
            "Other" => OfGroup("C"),
            "Punctuation" or "punct" => OfGroup("P"),
            "Symbol" => OfGroup("S"),
            "Cased_Letter" or "LC" => Of(Categories[..3]),
            { Length: 1 } => OfGroup(value),
            _ => Of(Categories.Where(category => category.Short == value || category.Long == value)),
        };
    }

    private static CodePointSet? OfGroup(string letter) => Of(Categories.Where(category => category.Short[0] == letter[0]));

    private static CodePointSet? Of(IEnumerable<(string, string, UnicodeCategory Category)> categories)
    {
        var ranges = categories.SelectMany(category => ByCategory.Value[category.Category]).ToList();
        return ranges.Count == 0 ? null : new CodePointSet(ranges);
    }

    private static IEnumerable<(UnicodeCategory Category, (int, int) Range)> Categorize()
    {
        var (start, category) = (0, CharUnicodeInfo.GetUnicodeCategory(0));
        for (var codePoint = 1; codePoint <= 0x10FFFF; codePoint++)
        {
            var next = CharUnicodeInfo.GetUnicodeCategory(codePoint);
            if (next == category)
                continue;
            yield return (category, (start, codePoint - 1));
            (start, category) = (codePoint, next);
        }

        yield return (category, (start, 0x10FFFF));
    }
}
