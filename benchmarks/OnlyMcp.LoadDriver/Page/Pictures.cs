using System.Globalization;
using OnlyMcp.LoadDriver.Plots;
using OnlyMcp.LoadDriver.Report;

namespace OnlyMcp.LoadDriver.Page;

/// <summary>The plots of the page, as files beside it.</summary>
internal sealed class Pictures(string folder)
{
    /// <summary>Draws the contenders of each case side by side; a line of Markdown that shows it, or nothing if nobody has that figure.</summary>
    public string Bars(string file, string title, string unit, IReadOnlyList<Result> results, string metric, Func<string, bool>? isShown = null)
    {
        var groups = results
            .Where(result => result.Figures.ContainsKey(metric) && (isShown?.Invoke(result.Case) ?? true))
            .GroupBy(result => result.Case)
            .Select(group => new BarGroup(group.Key, [.. group.Select(result => (result.Contender, Spread.Median(result.Figures[metric])))]))
            .ToArray();
        return groups.Length == 0 ? "" : Show(file, title, new BarPlot(title, unit, groups).ToSvg());
    }

    /// <summary>Draws how a figure grows with the number that the names of the cases end with, as in <c>connections: 32</c>.</summary>
    public string Growth(string file, string title, string unit, IReadOnlyList<Result> results, string along, string metric, bool logarithmic = false)
    {
        var lines = results
            .Where(result => result.Case.StartsWith($"{along}: ", StringComparison.Ordinal) && result.Figures.ContainsKey(metric))
            .GroupBy(result => result.Contender)
            .Select(group => new Series(group.Key, [.. group.Select(result => (NumberOf(result.Case), Spread.Median(result.Figures[metric]))).Order()]))
            .ToArray();
        return lines.Length == 0 ? "" : Show(file, title, new LinePlot(title, along, unit, lines, logarithmic).ToSvg());
    }

    private string Show(string file, string title, string svg)
    {
        Directory.CreateDirectory(folder);
        File.WriteAllText(Path.Combine(folder, $"{file}.svg"), svg);
        return $"![{title}](images/performance/{file}.svg)\n\n";
    }

    private static double NumberOf(string name) => double.Parse(name[(name.LastIndexOf(' ') + 1)..], CultureInfo.InvariantCulture);
}
