namespace OnlyMcp.LoadDriver.Report;

/// <summary>
/// Prints results as a table in Markdown: for each metric that somebody has the median and its spread,
/// and beside it how it stands to the floor's.
/// </summary>
internal static class ResultTable
{
    private static readonly (string Metric, string Sign, Func<double, double, double> Compare)[] Comparisons =
    [
        (Metric.CallsPerSecond, "/", (figure, floor) => figure / floor),
        (Metric.CpuMicroseconds, "/", (figure, floor) => figure / floor),
        (Metric.Bytes, "-", (figure, floor) => figure - floor),
        (Metric.SlowMicroseconds, "/", (figure, floor) => figure / floor),
    ];

    /// <param name="title">Stands above the table.</param>
    /// <param name="results">A line for each.</param>
    /// <param name="floor">Whom the others are compared with, round by round; without a contender of that name nothing is compared.</param>
    public static void Print(string title, IReadOnlyList<Result> results, string floor = Contenders.Raw) =>
        Console.WriteLine($"\n{title}\n\n{Write(results, floor)}");

    /// <inheritdoc cref="Print"/>
    public static string Write(IReadOnlyList<Result> results, string floor = Contenders.Raw)
    {
        var metrics = results.SelectMany(result => result.Figures.Keys).Distinct().ToArray();
        var hasFloor = results.Any(result => result.Contender == floor);
        var compared = Comparisons.Where(comparison => hasFloor && metrics.Contains(comparison.Metric)).ToArray();
        var table = new MarkdownTable(["case", "contender", .. metrics, .. compared.Select(comparison => $"{comparison.Metric} {comparison.Sign} {floor}")]);
        foreach (var result in results)
        {
            table.Add(
            [
                result.Case,
                result.Contender,
                .. metrics.Select(metric => Spread.Show(result.Figures.GetValueOrDefault(metric) ?? [])),
                .. compared.Select(comparison => Compared(result, FloorOf(result), comparison.Metric, comparison.Compare)),
            ]);
        }

        return table.ToString();

        Result? FloorOf(Result result) =>
            results.FirstOrDefault(other => other.Contender == floor && other.Case == result.Case && other != result);
    }

    private static string Compared(Result result, Result? floor, string metric, Func<double, double, double> compare) =>
        result.Figures.TryGetValue(metric, out var figures) && floor is not null && floor.Figures.TryGetValue(metric, out var floors)
            ? Spread.Show([.. figures.Zip(floors, compare)])
            : "";
}
