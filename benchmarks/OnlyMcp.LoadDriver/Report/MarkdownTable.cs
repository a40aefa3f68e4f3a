using System.Text;

namespace OnlyMcp.LoadDriver.Report;

/// <summary>A table that is easy on the eye before it is rendered, too.</summary>
internal sealed class MarkdownTable(params string[] header)
{
    private readonly List<string[]> lines = [header];

    public void Add(params string[] cells) => lines.Add(cells);

    public override string ToString()
    {
        var widths = header.Select((_, column) => lines.Max(line => line[column].Length)).ToArray();
        var text = new StringBuilder();
        AddLine(header);
        AddLine([.. widths.Select(width => new string('-', width))]);
        foreach (var line in lines.Skip(1))
            AddLine(line);
        return text.ToString();

        void AddLine(string[] line) => text.Append("| ").AppendJoin(" | ", line.Select((cell, column) => cell.PadRight(widths[column]))).Append(" |\n");
    }
}
