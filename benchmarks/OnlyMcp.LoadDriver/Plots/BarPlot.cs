namespace OnlyMcp.LoadDriver.Plots;

/// <summary>What is compared: the bars of one case.</summary>
internal sealed record BarGroup(string Name, IReadOnlyList<(string Contender, double Value)> Bars);

/// <summary>Contenders side by side, case below case, each case to a scale of its own.</summary>
/// <param name="Title">What is seen.</param>
/// <param name="Unit">What a bar's length counts.</param>
/// <param name="Groups">The cases.</param>
internal sealed record BarPlot(string Title, string Unit, IReadOnlyList<BarGroup> Groups)
{
    private const double Width = 720, Left = 70, Right = 70, Top = 60, Thick = 14, Gap = 30;

    public string ToSvg()
    {
        var svg = new Svg(Width, Top + Groups.Sum(group => group.Bars.Count * Thick + Gap));
        svg.Text(12, 22, Title, look: "title");
        svg.Text(12, 40, $"{Unit}; each case to its own scale", look: "small");
        var y = Top;
        foreach (var group in Groups)
        {
            var x = new Axis(group.Bars.Select(bar => bar.Value), Left, Width - Right, isLogarithmic: false);
            svg.Text(12, y + 8, group.Name);
            y += Gap / 2;
            foreach (var (contender, value) in group.Bars)
            {
                svg.Text(Left - 6, y + Thick - 3, contender, "end", "small");
                svg.Bar(Left, y + 1, Math.Max(x.At(value) - Left, 0.5), Thick - 3, Palette.Of(contender, 0));
                svg.Text(x.At(value) + 5, y + Thick - 3, Axis.Short(value), look: "small");
                y += Thick;
            }

            y += Gap / 2;
        }

        return svg.ToString();
    }
}
