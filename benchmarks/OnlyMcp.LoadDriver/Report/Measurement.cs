namespace OnlyMcp.LoadDriver.Report;

/// <summary>What a load came to.</summary>
/// <param name="Calls">How many calls were answered.</param>
/// <param name="Elapsed">In what time.</param>
/// <param name="Latencies">How long each took; null where that was not taken.</param>
internal readonly record struct Throughput(long Calls, TimeSpan Elapsed, Latencies? Latencies = null);

/// <summary>What a server's process has spent.</summary>
/// <param name="Cpu">User and system time of all its threads.</param>
/// <param name="Bytes">What it allocated on the managed heap; null for a program that cannot tell.</param>
internal readonly record struct Spent(TimeSpan Cpu, long? Bytes);

/// <summary>One server, one load, one round.</summary>
internal readonly record struct Measurement(Throughput Load, Spent Before, Spent After)
{
    public IReadOnlyDictionary<string, double> Figures()
    {
        var figures = new Dictionary<string, double>
        {
            [Metric.CallsPerSecond] = Load.Calls / Load.Elapsed.TotalSeconds,
            [Metric.CpuMicroseconds] = (After.Cpu - Before.Cpu).TotalMicroseconds / Load.Calls,
        };
        if (After.Bytes - Before.Bytes is { } bytes)
            figures[Metric.Bytes] = (double)bytes / Load.Calls;
        if (Load.Latencies is { } latencies)
        {
            figures[Metric.MedianMicroseconds] = latencies.At(0.5).TotalMicroseconds;
            figures[Metric.SlowMicroseconds] = latencies.At(0.99).TotalMicroseconds;
        }

        return figures;
    }
}
