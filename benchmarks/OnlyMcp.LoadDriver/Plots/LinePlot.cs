namespace OnlyMcp.LoadDriver.Plots;

/// <summary>Points of one contender, in the order of X.</summary>
internal sealed record Series(string Name, IReadOnlyList<(double X, double Y)> Points);

/// <summary>How something grows with something else.</summary>
/// <param name="Title">What is seen.</param>
/// <param name="Along">What the X axis counts.</param>
/// <param name="Unit">What the Y axis counts.</param>
/// <param name="Lines">The contenders.</param>
/// <param name="LogarithmicY">Whether each step of the Y axis multiplies; those of the X axis always do.</param>
internal sealed record LinePlot(string Title, string Along, string Unit, IReadOnlyList<Series> Lines, bool LogarithmicY = false)
{
    private const double Width = 640, Height = 360, Left = 62, Right = 20, Top = 58, Bottom = 44;

    public string ToSvg()
    {
        var svg = new Svg(Width, Height);
        var x = new Axis(Lines.SelectMany(line => line.Points).Select(point => Math.Max(point.X, 1)), Left, Width - Right, isLogarithmic: true);
        var y = new Axis(Lines.SelectMany(line => line.Points).Select(point => point.Y), Height - Bottom, Top, LogarithmicY);
        svg.Text(Left, 22, Title, look: "title");
        foreach (var tick in y.Ticks())
        {
            svg.Line(Left, y.At(tick), Width - Right, y.At(tick), "grid");
            svg.Text(Left - 6, y.At(tick) + 4, Axis.Short(tick), "end", "small");
        }

        foreach (var tick in x.Ticks())
        {
            svg.Line(x.At(tick), Height - Bottom, x.At(tick), Height - Bottom + 5, "axis");
            svg.Text(x.At(tick), Height - Bottom + 18, Axis.Short(tick), "middle", "small");
        }

        svg.Line(Left, Height - Bottom, Width - Right, Height - Bottom, "axis");
        svg.Text((Left + Width - Right) / 2, Height - 8, Along, "middle", "small");
        svg.Text(Width - Right, 44, Unit, "end", "small");
        for (var i = 0; i < Lines.Count; i++)
            Draw(svg, x, y, i);
        return svg.ToString();
    }

    private void Draw(Svg svg, Axis x, Axis y, int index)
    {
        var (name, points) = Lines[index];
        var color = Palette.Of(name, index);
        var places = points.Where(point => point.Y > 0 || !LogarithmicY).Select(point => (X: x.At(Math.Max(point.X, 1)), Y: y.At(point.Y))).ToArray();
        svg.Path(places, color);
        foreach (var (across, down) in places)
            svg.Dot(across, down, color);
        svg.Bar(Left + index * 110, 36, 10, 10, color);
        svg.Text(Left + index * 110 + 15, 45, name);
    }
}
