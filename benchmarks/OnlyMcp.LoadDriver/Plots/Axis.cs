using System.Globalization;

namespace OnlyMcp.LoadDriver.Plots;

/// <summary>Maps figures to places along an edge of a plot.</summary>
internal sealed class Axis
{
    private static readonly string[] Units = ["", "k", "M", "G"];

    private readonly double least;
    private readonly double most;
    private readonly double from;
    private readonly double to;
    private readonly bool isLogarithmic;

    /// <param name="figures">Everything that must find its place; not empty.</param>
    /// <param name="from">Where the least stands.</param>
    /// <param name="to">Where the most stands.</param>
    /// <param name="isLogarithmic">Whether each step multiplies; otherwise the axis begins at zero.</param>
    public Axis(IEnumerable<double> figures, double from, double to, bool isLogarithmic)
    {
        var sorted = figures.Where(figure => !isLogarithmic || figure > 0).Order().ToArray();
        (this.from, this.to, this.isLogarithmic) = (from, to, isLogarithmic);
        if (isLogarithmic)
            (least, most) = (Math.Floor(Math.Log10(sorted[0])), Math.Max(Math.Ceiling(Math.Log10(sorted[^1])), Math.Floor(Math.Log10(sorted[0])) + 1));
        else
            (least, most) = (0, StepsUp(sorted[^1]));
    }

    public double At(double figure) => from + (to - from) * ((isLogarithmic ? Math.Log10(figure) : figure) - least) / (most - least);

    /// <summary>Where a line with a figure belongs.</summary>
    public IEnumerable<double> Ticks()
    {
        if (isLogarithmic)
            return Enumerable.Range((int)least, (int)(most - least) + 1).Select(power => Math.Pow(10, power));

        var step = Step(most);
        return Enumerable.Range(0, (int)Math.Round(most / step) + 1).Select(index => index * step);
    }

    /// <summary>A figure in few letters: 12.5k.</summary>
    public static string Short(double figure)
    {
        var unit = 0;
        for (; Math.Abs(figure) >= 1000 && unit < Units.Length - 1; unit++)
            figure /= 1000;
        return figure.ToString(figure is > -10 and < 10 ? "0.##" : "0.#", CultureInfo.InvariantCulture) + Units[unit];
    }

    private static double StepsUp(double figure) => figure <= 0 ? 1 : Math.Ceiling(figure / Step(figure)) * Step(figure);

    private static double Step(double most)
    {
        var power = Math.Pow(10, Math.Floor(Math.Log10(most)));
        return (most / power) switch { <= 2 => power / 4, <= 5 => power / 2, _ => power };
    }
}
