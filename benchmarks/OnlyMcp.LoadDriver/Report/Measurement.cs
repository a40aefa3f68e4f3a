namespace OnlyMcp.LoadDriver.Report;

/// <summary>What a load came to.</summary>
internal readonly record struct Throughput(long Calls, TimeSpan Elapsed);

/// <summary>What a server's process has spent.</summary>
/// <param name="Cpu">User and system time of all its threads.</param>
/// <param name="Bytes">What it allocated on the managed heap.</param>
internal readonly record struct Spent(TimeSpan Cpu, long Bytes);

/// <summary>One server, one load, one round.</summary>
internal readonly record struct Measurement(Throughput Load, Spent Before, Spent After)
{
    public double CallsPerSecond => Load.Calls / Load.Elapsed.TotalSeconds;

    public double CpuMicroseconds => (After.Cpu - Before.Cpu).TotalMicroseconds / Load.Calls;

    public double Bytes => (double)(After.Bytes - Before.Bytes) / Load.Calls;
}

/// <summary>The rounds of one load: the server's, and beside each the floor's.</summary>
/// <param name="Case">What was called.</param>
/// <param name="Width">How many connections or calls in flight.</param>
/// <param name="Rounds">Both measurements of each round.</param>
internal sealed record Row(string Case, int Width, IReadOnlyList<(Measurement Ours, Measurement Raw)> Rounds);
