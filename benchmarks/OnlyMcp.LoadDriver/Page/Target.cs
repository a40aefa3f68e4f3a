using System.Globalization;
using OnlyMcp.LoadDriver.Report;

namespace OnlyMcp.LoadDriver.Page;

/// <summary>One thing that ours is to reach in a case.</summary>
/// <param name="Words">What is looked at, such as <c>rate by raw</c>.</param>
/// <param name="Figure">How it is found.</param>
/// <param name="Bound">What it should be.</param>
/// <param name="IsLeast">Whether it should be so much at least; otherwise it should be so much at most.</param>
internal sealed record Target(string Words, Func<CaseFigures, double> Figure, double Bound, bool IsLeast)
{
    public static Target RateBy(string other, double least) =>
        new($"rate by {other}", figures => figures.Ratio(other, Metric.CallsPerSecond), least, IsLeast: true);

    public static Target CpuBy(string other, double most) => new($"CPU by {other}", figures => figures.Ratio(other, Metric.CpuMicroseconds), most, IsLeast: false);

    public static Target SlowestBy(string other, double most) => new($"p99 by {other}", figures => figures.Ratio(other, Metric.SlowMicroseconds), most, IsLeast: false);

    public static Target BytesBeyond(string other, double most) => new($"bytes beyond {other}", figures => figures.Beyond(other, Metric.Bytes), most, IsLeast: false);

    public static Target AtLeast(string metric, double least) => new(metric, figures => figures.Median(Contenders.Ours, metric), least, IsLeast: true);

    public static Target AtMost(string metric, double most) => new(metric, figures => figures.Median(Contenders.Ours, metric), most, IsLeast: false);

    public bool IsReached(double figure) => IsLeast ? figure >= Bound : figure <= Bound;

    public string Judge(CaseFigures figures)
    {
        // A miss is told more exactly: rounded, it could look like the bound.
        var figure = Figure(figures);
        var shown = IsReached(figure) ? Spread.Show(figure) : figure.ToString("#,0.###", CultureInfo.InvariantCulture);
        var verdict = double.IsNaN(figure) ? "not measured" : IsReached(figure) ? "reached" : "**missed**";
        return $"{Words} {shown} ({(IsLeast ? "at least" : "at most")} {Bound.ToString("#,0.##", CultureInfo.InvariantCulture)}): {verdict}";
    }
}
