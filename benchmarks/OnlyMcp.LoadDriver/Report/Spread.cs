using System.Globalization;

namespace OnlyMcp.LoadDriver.Report;

/// <summary>Several rounds in few words: the median, and in brackets the least and the most.</summary>
internal static class Spread
{
    public static double Median(IEnumerable<double> figures)
    {
        double[] sorted = [.. figures.Order()];
        return sorted.Length == 0 ? double.NaN : (sorted[(sorted.Length - 1) / 2] + sorted[sorted.Length / 2]) / 2;
    }

    public static string Show(IReadOnlyList<double> figures) => figures.Count switch
    {
        0 => "",
        1 => Show(figures[0]),
        _ => $"{Show(Median(figures))} [{Show(figures.Min())}-{Show(figures.Max())}]",
    };

    public static string Show(double figure) => Math.Abs(figure) switch
    {
        >= 1_000_000 => (figure / 1_000_000).ToString("0.00M", CultureInfo.InvariantCulture),
        >= 1_000 => (figure / 1_000).ToString("0.00k", CultureInfo.InvariantCulture),
        >= 100 => figure.ToString("0", CultureInfo.InvariantCulture),
        >= 10 => figure.ToString("0.0", CultureInfo.InvariantCulture),
        _ => figure.ToString("0.00", CultureInfo.InvariantCulture),
    };
}
