using System.Runtime.InteropServices;

namespace OnlyMcp.LoadDriver.Report;

/// <summary>Where the figures come from: without that they mean nothing.</summary>
/// <param name="Processor">Its model, where the system tells.</param>
/// <param name="Cores">How many of them this process may use.</param>
/// <param name="MemoryGigabytes">How much memory there is for it.</param>
/// <param name="System">The operating system.</param>
/// <param name="Runtime">The version of .NET.</param>
/// <param name="Versions">That of each contender that has one.</param>
internal sealed record Machine(
    string Processor, int Cores, double MemoryGigabytes, string System, string Runtime, IReadOnlyDictionary<string, string> Versions)
{
    public static Machine Here() => new(
        ProcessorModel(),
        Environment.ProcessorCount,
        Math.Round(GC.GetGCMemoryInfo().TotalAvailableMemoryBytes / 1e9, 1),
        RuntimeInformation.OSDescription,
        RuntimeInformation.FrameworkDescription,
        Contenders.Versions());

    /// <summary>How many threads wanted to run, on average over 1, 5 and 15 minutes, where the system tells.</summary>
    public static string Load() =>
        File.Exists("/proc/loadavg") ? string.Join(' ', File.ReadAllText("/proc/loadavg").Split(' ')[..3]) : "unknown";

    public override string ToString() =>
        $"{Processor}, {Cores} cores, {MemoryGigabytes} GB; {System}; {Runtime}; "
        + string.Join(", ", Versions.Select(version => $"{version.Key} {version.Value}"));

    private static string ProcessorModel()
    {
        const string file = "/proc/cpuinfo";
        var lines = File.Exists(file) ? File.ReadLines(file) : [];
        var model = lines.FirstOrDefault(line => line.StartsWith("model name", StringComparison.Ordinal));
        return model?.Split(':', 2)[1].Trim() ?? RuntimeInformation.ProcessArchitecture.ToString();
    }
}
