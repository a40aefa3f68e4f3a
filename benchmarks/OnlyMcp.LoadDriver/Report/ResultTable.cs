using System.Globalization;

namespace OnlyMcp.LoadDriver.Report;

/// <summary>Prints rows as a table in Markdown: medians, and behind them in brackets the least and the most of all rounds.</summary>
internal static class ResultTable
{
    private static readonly string[] Columns =
    [
        "case", "width", "calls/s", "raw calls/s", "rate / raw", "CPU us/call", "raw CPU", "CPU / raw", "bytes/call", "raw bytes", "beyond raw",
    ];

    public static void Print(string title, IReadOnlyList<Row> rows)
    {
        string[][] cells = [Columns, .. rows.Select(Cells)];
        var widths = Columns.Select((_, column) => cells.Max(row => row[column].Length)).ToArray();
        Console.WriteLine($"\n{title}\n");
        PrintLine(cells[0]);
        PrintLine([.. widths.Select(width => new string('-', width))]);
        foreach (var row in cells.Skip(1))
            PrintLine(row);
        Console.WriteLine();

        void PrintLine(string[] line) => Console.WriteLine($"| {string.Join(" | ", line.Select((cell, column) => cell.PadRight(widths[column])))} |");
    }

    private static string[] Cells(Row row) =>
    [
        row.Case,
        row.Width.ToString(CultureInfo.InvariantCulture),
        Spread(row, round => round.Ours.CallsPerSecond / 1000, "0.0k"),
        Median(row, round => round.Raw.CallsPerSecond / 1000, "0.0k"),
        Spread(row, round => round.Ours.CallsPerSecond / round.Raw.CallsPerSecond, "0.00"),
        Spread(row, round => round.Ours.CpuMicroseconds, "0.0"),
        Median(row, round => round.Raw.CpuMicroseconds, "0.0"),
        Spread(row, round => round.Ours.CpuMicroseconds / round.Raw.CpuMicroseconds, "0.00"),
        Median(row, round => round.Ours.Bytes, "0"),
        Median(row, round => round.Raw.Bytes, "0"),
        Median(row, round => round.Ours.Bytes - round.Raw.Bytes, "0"),
    ];

    private static string Median(Row row, Func<(Measurement Ours, Measurement Raw), double> figure, string format) =>
        Sorted(row, figure)[row.Rounds.Count / 2].ToString(format, CultureInfo.InvariantCulture);

    private static string Spread(Row row, Func<(Measurement Ours, Measurement Raw), double> figure, string format)
    {
        var sorted = Sorted(row, figure);
        return string.Create(
            CultureInfo.InvariantCulture, $"{Median(row, figure, format)} [{sorted[0].ToString(format, CultureInfo.InvariantCulture)}-{sorted[^1].ToString(format, CultureInfo.InvariantCulture)}]");
    }

    private static double[] Sorted(Row row, Func<(Measurement Ours, Measurement Raw), double> figure) => [.. row.Rounds.Select(figure).Order()];
}
