using System.Runtime.InteropServices;

namespace OnlyMcp.LoadDriver.Report;

/// <summary>Where the figures come from: without that they mean nothing.</summary>
internal static class Machine
{
    public static string Describe() =>
        $"{RuntimeInformation.FrameworkDescription}, {RuntimeInformation.OSDescription}, {Environment.ProcessorCount} cores; load before: {Load()}";

    /// <summary>How many threads wanted to run, on average over 1, 5 and 15 minutes, where the system tells.</summary>
    public static string Load() => File.Exists("/proc/loadavg") ? string.Join(' ', File.ReadAllText("/proc/loadavg").Split(' ')[..3]) : "unknown";
}
