using System.Globalization;
using System.Text;

namespace OnlyMcp.LoadDriver.Plots;

/// <summary>A picture that is being drawn: the few shapes that a plot needs.</summary>
internal sealed class Svg(double width, double height)
{
    private readonly StringBuilder shapes = new();

    public void Line(double x1, double y1, double x2, double y2, string look) =>
        Add($"""<line x1="{x1:0.#}" y1="{y1:0.#}" x2="{x2:0.#}" y2="{y2:0.#}" class="{look}"/>""");

    public void Path(IEnumerable<(double X, double Y)> points, string color) => Add(
        $"""<polyline fill="none" stroke="{color}" stroke-width="2" points="{string.Join(' ', points.Select(point => string.Create(CultureInfo.InvariantCulture, $"{point.X:0.#},{point.Y:0.#}")))}"/>""");

    public void Dot(double x, double y, string color) => Add($"""<circle cx="{x:0.#}" cy="{y:0.#}" r="3" fill="{color}"/>""");

    public void Bar(double x, double y, double wide, double high, string color) =>
        Add($"""<rect x="{x:0.#}" y="{y:0.#}" width="{wide:0.#}" height="{high:0.#}" fill="{color}"/>""");

    /// <summary>Words at a point.</summary>
    /// <param name="x">From the left.</param>
    /// <param name="y">The line the words stand on, from the top.</param>
    /// <param name="text">The words.</param>
    /// <param name="anchor">Which end of them stands there: <c>start</c>, <c>middle</c> or <c>end</c>.</param>
    /// <param name="look">A class of the style sheet.</param>
    public void Text(double x, double y, string text, string anchor = "start", string look = "") =>
        Add($"""<text x="{x:0.#}" y="{y:0.#}" text-anchor="{anchor}" class="{look}">{text.Replace("&", "&amp;").Replace("<", "&lt;")}</text>""");

    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $$"""
        <svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {{width}} {{height}}" width="{{width}}" height="{{height}}" font-family="sans-serif" font-size="12">
        <style>text { fill: #24292f } .title { font-size: 15px; font-weight: bold } .small { font-size: 11px; fill: #57606a } .grid { stroke: #d8dee4 } .axis { stroke: #57606a }</style>
        <rect width="100%" height="100%" fill="#ffffff"/>
        {{shapes}}</svg>

        """);

    private void Add(FormattableString shape) => shapes.Append(shape.ToString(CultureInfo.InvariantCulture)).Append('\n');
}
