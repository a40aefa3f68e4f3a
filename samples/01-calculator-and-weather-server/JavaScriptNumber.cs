using System.Globalization;

namespace CalculatorAndWeatherServer;

/// <summary>
/// Numbers as JavaScript prints them: <c>3</c>, <c>0.3333333333333333</c>, <c>1e+21</c>, <c>1e-7</c>, and no minus before zero.
/// </summary>
internal static class JavaScriptNumber
{
    public static string Format(double value) => value switch
    {
        0 => "0",
        double.NaN => "NaN",
        double.PositiveInfinity => "Infinity",
        < 0 => "-" + Format(-value),
        _ => Positive(value),
    };

    private static string Positive(double value)
    {
        var (digits, point) = Shortest(value);
        return point switch
        {
            > 21 or < -5 => digits.Insert(1, digits.Length > 1 ? "." : "") + (point > 0 ? $"e+{point - 1}" : $"e{point - 1}"),
            <= 0 => "0." + new string('0', -point) + digits,
            _ when point >= digits.Length => digits.PadRight(point, '0'),
            _ => digits.Insert(point, "."),
        };
    }

    /// <summary>The fewest digits that read back as the same number, and where its point stands among them.</summary>
    private static (string Digits, int Point) Shortest(double value)
    {
        // Both languages print the fewest digits that are enough; they differ in how they set them.
        var text = value.ToString("R", CultureInfo.InvariantCulture).Split('E');
        var parts = text[0].Split('.');
        var exponent = text.Length > 1 ? int.Parse(text[1], CultureInfo.InvariantCulture) : 0;
        var digits = string.Concat(parts);
        var leadingZeros = digits.Length - digits.TrimStart('0').Length;
        return (digits.Trim('0'), parts[0].Length - leadingZeros + exponent);
    }
}
