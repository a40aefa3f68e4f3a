using System.Globalization;
using System.Text;
using OnlyMcp.LoadDriver.Report;

namespace OnlyMcp.LoadDriver.Page;

/// <summary>Writes <c>docs/performance.md</c> and its plots from what the last run has left in its files.</summary>
internal static class PerformancePage
{
    public static async Task WriteAsync()
    {
        var files = Section.All.Select(section => ResultFile.Read(section.Name)).OfType<ResultFile>().ToArray();
        if (files.Length == 0)
            throw new InvalidDataException("Nothing has been measured yet: run the driver without arguments first.");

        var docs = Path.Combine(Repository.Root, "docs");
        var pictures = new Pictures(Path.Combine(docs, "images", "performance"));
        var page = new StringBuilder();
        page.Append(PageWords.Beginning);
        page.Append(CultureInfo.InvariantCulture, $"\n\n{MachineOf(files)}\n");
        page.Append(PageWords.AboveTargets).Append('\n').Append(TargetTable.Write([.. files.SelectMany(file => file.Results)], isWhole: true));
        page.Append(PageWords.BelowTargets);
        foreach (var file in files)
        {
            page.Append(CultureInfo.InvariantCulture, $"\n## {PageWords.TitleOf(file.Section)}\n\n{PageWords.About(file.Section)}\n\n");
            page.Append(PicturesOf(file, pictures));
            page.Append(ResultTable.Write(file.Results));
            page.Append(CultureInfo.InvariantCulture, $"\nIt took {file.Seconds:0} s on {file.At:yyyy-MM-dd}; load of the machine before {file.LoadBefore}, after {file.LoadAfter}.\n");
        }

        await File.WriteAllTextAsync(Path.Combine(docs, "performance.md"), page.ToString());
    }

    private static string MachineOf(ResultFile[] files)
    {
        var machine = files[0].Machine;
        var versions = string.Join(", ", machine.Versions.Select(version => $"{version.Key} {version.Value}"));
        return string.Create(
            CultureInfo.InvariantCulture,
            $"Measured on {files.Min(file => file.At):yyyy-MM-dd}: {machine.Processor}, {machine.Cores} cores, {machine.MemoryGigabytes} GB; {machine.System}; {machine.Runtime}; {versions}.");
    }

    private static string PicturesOf(ResultFile file, Pictures pictures) => file.Section switch
    {
        "http" =>
            pictures.Bars("http-rate", "Calls a second over HTTP", "calls/s", file.Results, Metric.CallsPerSecond)
            + pictures.Bars("http-cpu", "CPU of the server for a call over HTTP", "microseconds of user and system time", file.Results, Metric.CpuMicroseconds),
        "stdio" =>
            pictures.Bars("stdio-rate", "Calls a second over stdio", "calls/s", file.Results, Metric.CallsPerSecond)
            + pictures.Bars("stdio-cpu", "CPU of the server for a call over stdio", "microseconds of user and system time", file.Results, Metric.CpuMicroseconds),
        "client" => pictures.Bars("client-rate", "Calls a second of a client over HTTP", "calls/s", file.Results, Metric.CallsPerSecond),
        "memory" => pictures.Bars("memory-rate", "Calls a second of a client and a server in one process", "calls/s", file.Results, Metric.CallsPerSecond),
        "start" => pictures.Bars("start", "From the start of the process to the first answer", "milliseconds", file.Results, Metric.Milliseconds),
        "idle" => pictures.Bars("idle", "What an idle stream holds", "kB resident each", file.Results, Metric.KilobytesResident),
        "growth" => string.Concat(GrowthPlots.Select(plot =>
            pictures.Growth($"growth-{plot.File}", plot.Title, plot.Metric, file.Results, plot.Along, plot.Metric, plot.Logarithmic))),
        _ => "",
    };

    private static readonly (string File, string Title, string Along, string Metric, bool Logarithmic)[] GrowthPlots =
    [
        ("connections-rate", "More connections: calls a second", "connections", Metric.CallsPerSecond, false),
        ("connections-memory", "More connections: memory of the server", "connections", Metric.MegabytesResident, false),
        ("size-rate", "Larger messages: calls a second", "bytes", Metric.CallsPerSecond, true),
        ("size-memory", "Larger messages: memory of the server", "bytes", Metric.MegabytesResident, true),
        ("tools-rate", "More tools: calls a second", "tools", Metric.CallsPerSecond, false),
        ("tools-memory", "More tools: memory of the server", "tools", Metric.MegabytesResident, false),
        ("lists-rate", "More tools: lists a second, a hundred tools on a page", "tools listed", Metric.CallsPerSecond, false),
        ("sessions-rate", "More open sessions: calls a second", "sessions", Metric.CallsPerSecond, false),
        ("sessions-memory", "More open sessions: memory of the server", "sessions", Metric.MegabytesResident, false),
    ];
}
