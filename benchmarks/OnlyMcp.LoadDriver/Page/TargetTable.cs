using OnlyMcp.LoadDriver.Report;

namespace OnlyMcp.LoadDriver.Page;

/// <summary>The one table: what everybody came to, and whether ours has reached what it was to reach.</summary>
internal static class TargetTable
{
    private static readonly (string Metric, string Unit, double Scale)[] Shown =
    [
        (Metric.CallsPerSecond, "k/s", 1e-3), (Metric.CpuMicroseconds, "us", 1), (Metric.Bytes, "kB", 1e-3),
        (Metric.Milliseconds, "ms", 1), (Metric.CpuMilliseconds, "ms of CPU", 1), (Metric.KilobytesResident, "kB", 1),
    ];

    /// <param name="results">What was measured.</param>
    /// <param name="isWhole">Whether every case of its sections was.</param>
    /// <exception cref="InvalidOperationException">It was, and there is a target for a case that no section has.</exception>
    public static string Write(IReadOnlyList<Result> results, bool isWhole)
    {
        var table = new MarkdownTable("case", "raw floor", "C# SDK", "TypeScript v2", "ours", "targets");
        foreach (var row in TargetRows.All)
        {
            var figures = new CaseFigures(results.Where(result => row.IsAbout(result)));
            if (!figures.Has(Contenders.Ours))
            {
                if (isWhole && results.Any(result => result.Section == row.Section))
                    throw new InvalidOperationException($"'{row.Section}' has no case '{row.Case}', for which there is a target.");
                continue;
            }

            table.Add(
                $"{row.Section}: {row.Case}",
                Show(figures, Contenders.Raw),
                figures.Has(Contenders.CSharp) ? Show(figures, Contenders.CSharp) : row.RecordedCSharp is { } recorded ? $"*{recorded}*" : "",
                Show(figures, Contenders.TypeScript2),
                Show(figures, Contenders.Ours),
                string.Join("; ", row.Targets.Select(target => target.Judge(figures))));
        }

        return table.ToString();
    }

    private static string Show(CaseFigures figures, string contender) => string.Join(", ", Shown
        .Select(shown => (Figure: figures.Median(contender, shown.Metric) * shown.Scale, shown.Unit))
        .Where(shown => !double.IsNaN(shown.Figure))
        .Select(shown => $"{Spread.Show(shown.Figure)} {shown.Unit}"));
}
