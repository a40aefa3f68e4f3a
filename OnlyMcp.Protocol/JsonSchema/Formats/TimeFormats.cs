using System.Globalization;
using System.Text.RegularExpressions;

namespace OnlyMcp.Protocol.JsonSchemas;

/// <summary>Dates and times of RFC 3339, in which every part is spelled out: JSON Schema 2020-12 Validation §7.3.1.</summary>
internal static partial class TimeFormats
{
    public static bool IsDateTime(string text)
        => text.Length > 11 && text[10] is 'T' or 't' && IsDate(text[..10]) && IsTime(text[11..]);

    public static bool IsDate(string text)
        => DateOnly.TryParseExact(text, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out _);

    public static bool IsTime(string text)
    {
        var match = Time().Match(text);
        if (!match.Success)
            return false;
        var (hour, minute, second) = (Part(match, "hour"), Part(match, "minute"), Part(match, "second"));
        var (offsetHour, offsetMinute) = (Part(match, "offsetHour"), Part(match, "offsetMinute"));
        if (hour > 23 || minute > 59 || second > 60 || offsetHour > 23 || offsetMinute > 59)
            return false;

        // RFC 3339 §5.7: a leap second is the last of a day in UTC.
        var sign = match.Groups["sign"].ValueSpan is "-" ? -1 : 1;
        var minuteOfDay = hour * 60 + minute - sign * (offsetHour * 60 + offsetMinute);
        return second < 60 || (minuteOfDay + 1440) % 1440 == 1439;
    }

    /// <summary>RFC 3339 Appendix A: weeks stand alone, and between two units none is left out.</summary>
    public static bool IsDuration(string text) => Duration().IsMatch(text) && text[^1] is not ('P' or 'T');

    private static int Part(Match match, string name)
        => match.Groups[name].Success ? int.Parse(match.Groups[name].ValueSpan, NumberStyles.None, CultureInfo.InvariantCulture) : 0;

    [GeneratedRegex(@"^(?<hour>[0-9]{2}):(?<minute>[0-9]{2}):(?<second>[0-9]{2})(\.[0-9]+)?([Zz]|(?<sign>[+-])(?<offsetHour>[0-9]{2}):(?<offsetMinute>[0-9]{2}))\z", RegexOptions.ExplicitCapture)]
    private static partial Regex Time();

    [GeneratedRegex(@"^P([0-9]+W|([0-9]+Y([0-9]+M([0-9]+D)?)?|[0-9]+M([0-9]+D)?|[0-9]+D)?(T([0-9]+H([0-9]+M([0-9]+S)?)?|[0-9]+M([0-9]+S)?|[0-9]+S))?)\z", RegexOptions.ExplicitCapture)]
    private static partial Regex Duration();
}
