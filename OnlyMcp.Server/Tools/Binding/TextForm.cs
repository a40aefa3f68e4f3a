using System.Text.RegularExpressions;

namespace OnlyMcp.Server.Tools.Binding;

/// <summary>How a type is spelled as a JSON string: one pattern, checked by the schema and by the binder alike.</summary>
/// <param name="Pattern">Anchored at both ends, and the same in .NET and ECMAScript.</param>
/// <param name="Format">The name that the specification of JSON Schema gives to this form, where the pattern stays within it.</param>
/// <param name="Encoding">The <c>contentEncoding</c>, for bytes.</param>
/// <param name="Expected">The end of the sentence "expected ...".</param>
/// <remarks>
/// <c>format</c> alone is an annotation: validators differ in whether they look at it.
/// Gap: a pattern knows no calendar. 30 February passes the schema and is refused by the binder, as is what lies beyond the years 1 to 9999.
/// </remarks>
internal sealed partial record TextForm(Regex Pattern, string Expected, string? Format = null, string? Encoding = null)
{
    private const string Day = "[0-9]{4}-(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01])";
    private const string Clock = "([01][0-9]|2[0-3]):[0-5][0-9]:[0-5][0-9]";
    private const string Offset = "(Z|[+-](0[0-9]|1[0-3]):[0-5][0-9])";

    public static readonly TextForm DateTime =
        new(DateTimePattern(), "a date and time with its offset, such as 2026-05-31T09:30:00Z", "date-time");

    public static readonly TextForm Date = new(DatePattern(), "a date, such as 2026-05-31", "date");

    // No format: "time" demands an offset, which TimeOnly has not.
    public static readonly TextForm Time = new(TimePattern(), "a time of day, such as 09:30:00");

    // No format: "duration" is ISO 8601 (PT1H30M), which System.Text.Json does not read.
    public static readonly TextForm Duration = new(DurationPattern(), "a duration as [-][days.]hours:minutes:seconds, such as 1.02:30:00");

    public static readonly TextForm Uuid = new(UuidPattern(), "a UUID, such as 0b6f1c1e-8a52-4c1f-9a0e-3d1f6f1f2a77", "uuid");

    // Gap: what System.Uri refuses beyond this pattern (a port above 65535, a bad IPv6 host) is refused by the binder alone.
    public static readonly TextForm Uri = new(UriPattern(), "an absolute URI, such as https://example.com/a", "uri");

    public static readonly TextForm Base64 = new(Base64Pattern(), "base64", Encoding: "base64");

    public static readonly TextForm Version = new(VersionPattern(), "a version of two to four numbers, such as 1.2.3");

    // One UTF-16 unit; what is written as a surrogate pair is two of them.
    public static readonly TextForm Character = new(CharacterPattern(), "a single character");

    /// <summary>Whether the whole text is in this form. (In .NET, <c>$</c> alone would let a final newline pass.)</summary>
    public bool Matches(string text) => Pattern.Match(text) is { Success: true } match && match.Length == text.Length;

    [GeneratedRegex($@"^{Day}T{Clock}(\.[0-9]{{1,9}})?{Offset}$")]
    private static partial Regex DateTimePattern();

    [GeneratedRegex($"^{Day}$")]
    private static partial Regex DatePattern();

    [GeneratedRegex(@"^([01][0-9]|2[0-3]):[0-5][0-9](:[0-5][0-9](\.[0-9]{1,7})?)?$")]
    private static partial Regex TimePattern();

    [GeneratedRegex($@"^-?([0-9]{{1,7}}\.)?{Clock}(\.[0-9]{{1,7}})?$")]
    private static partial Regex DurationPattern();

    [GeneratedRegex("^[0-9a-fA-F]{8}-([0-9a-fA-F]{4}-){3}[0-9a-fA-F]{12}$")]
    private static partial Regex UuidPattern();

    [GeneratedRegex(@"^[A-Za-z][A-Za-z0-9+.-]*:[^ \t\r\n]+$")]
    private static partial Regex UriPattern();

    [GeneratedRegex("^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/][AQgw]==|[A-Za-z0-9+/]{2}[AEIMQUYcgkosw048]=)?$")]
    private static partial Regex Base64Pattern();

    [GeneratedRegex(@"^[0-9]{1,9}(\.[0-9]{1,9}){1,3}$")]
    private static partial Regex VersionPattern();

    [GeneratedRegex(@"^[\u0000-\uFFFF]$")]
    private static partial Regex CharacterPattern();
}
