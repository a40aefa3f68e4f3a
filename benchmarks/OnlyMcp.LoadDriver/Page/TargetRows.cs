using OnlyMcp.LoadDriver.Report;
using static OnlyMcp.LoadDriver.Contenders;
using static OnlyMcp.LoadDriver.Page.Target;

namespace OnlyMcp.LoadDriver.Page;

/// <summary>All cases with a target.</summary>
internal static class TargetRows
{
    /// <summary>What the C# SDK's HTTP server was seen to do with a list of 100 tools.</summary>
    private const double RecordedLists = 7_000;

    public static IReadOnlyList<TargetRow> All { get; } =
    [
        new("http", "echo, 1", RateBy(Raw, 0.85), CpuBy(Raw, 1.3), BytesBeyond(Raw, 2500), SlowestBy(Raw, 1.3)) { RecordedCSharp = "14 k/s" },
        new("http", "echo, 32", RateBy(Raw, 0.85), CpuBy(Raw, 1.3), BytesBeyond(Raw, 2500)) { RecordedCSharp = "34 k/s, 49 us, 27.4 kB" },
        new("http", "echo, 256", RateBy(Raw, 0.85), CpuBy(Raw, 1.3), BytesBeyond(Raw, 2500), SlowestBy(Raw, 1.3)) { RecordedCSharp = "33 k/s" },
        new("http", "add, 32", RateBy(Raw, 0.8)) { RecordedCSharp = "31 k/s, 55 us, 28 kB" },
        new("http", "session echo, 32", RateBy(Raw, 0.8)) { RecordedCSharp = "47 k/s, 33 us" },
        new("http", "list of 100 tools, 32", AtLeast(Metric.CallsPerSecond, 3 * RecordedLists)) { RecordedCSharp = "7.0 k/s, 264 us, 140 kB" },
        new("stdio", "echo, window 1, after 20k, one core", AtLeast(Metric.CallsPerSecond, 60_000), AtMost(Metric.CpuMicroseconds, 12), AtMost(Metric.Bytes, 1500)),
        new("stdio", "echo, window 16, after 20k, one core", AtLeast(Metric.CallsPerSecond, 100_000), AtMost(Metric.CpuMicroseconds, 12), AtMost(Metric.Bytes, 1500)),
        new("stdio", "echo, window 1, after 150k, one core", AtLeast(Metric.CallsPerSecond, 70_000)),
        new("stdio", "echo, window 16, after 150k, one core", AtLeast(Metric.CallsPerSecond, 250_000), AtMost(Metric.CpuMicroseconds, 4)),
        new("client", "echo, 1", RateBy(Raw, 0.85), AtMost(Metric.Bytes, 7000)),
        new("client", "echo, 32", RateBy(Raw, 0.85), AtMost(Metric.Bytes, 7000)),
        new("memory", "echo, 1", RateBy(CSharp, 4), AtMost(Metric.Bytes, 3000)),
        new("memory", "echo, 32", RateBy(CSharp, 4), AtMost(Metric.Bytes, 3000)),
        new("start", "server/discover", AtMost(Metric.Milliseconds, 90)),
        new("start", "initialize", AtMost(Metric.Milliseconds, 90)),
        new("start", "tools/call, schema made from the method", AtMost(Metric.Milliseconds, 180)),
        new("idle", "sessions with their streams", AtMost(Metric.KilobytesResident, 22)),
        new("idle", "subscriptions", AtMost(Metric.KilobytesResident, 22)),
    ];
}
