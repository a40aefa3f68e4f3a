using OnlyMcp.LoadDriver.Report;

namespace OnlyMcp.LoadDriver.Page;

/// <summary>The results of one case, to be compared with each other round by round.</summary>
internal sealed class CaseFigures(IEnumerable<Result> results)
{
    private readonly Dictionary<string, Result> contenders = results.ToDictionary(result => result.Contender);

    public bool Has(string contender) => contenders.ContainsKey(contender);

    /// <summary>The median of a figure; not a number if nobody has measured it.</summary>
    public double Median(string contender, string metric) => Spread.Median(Rounds(contender, metric));

    /// <summary>The median of ours by another's, taken round by round.</summary>
    public double Ratio(string other, string metric) =>
        Spread.Median(Rounds(Contenders.Ours, metric).Zip(Rounds(other, metric), (ours, theirs) => ours / theirs));

    /// <summary>The median of what ours needs more than another.</summary>
    public double Beyond(string other, string metric) =>
        Spread.Median(Rounds(Contenders.Ours, metric).Zip(Rounds(other, metric), (ours, theirs) => ours - theirs));

    private IReadOnlyList<double> Rounds(string contender, string metric) =>
        contenders.TryGetValue(contender, out var result) && result.Figures.TryGetValue(metric, out var rounds) ? rounds : [];
}
