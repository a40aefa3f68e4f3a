namespace OnlyMcp.LoadDriver.Report;

/// <summary>What is measured, each with its unit. The names stand above the columns and in the files of results.</summary>
internal static class Metric
{
    public const string CallsPerSecond = "calls/s";

    /// <summary>User and system time of the measured process per call, the driver's left out.</summary>
    public const string CpuMicroseconds = "cpu us";

    /// <summary>What the measured process allocates on the managed heap per call.</summary>
    public const string Bytes = "bytes";

    public const string MedianMicroseconds = "p50 us";
    public const string SlowMicroseconds = "p99 us";
    public const string Milliseconds = "ms";
    public const string CpuMilliseconds = "cpu ms";
    public const string KilobytesResident = "kB RSS";

    /// <summary>Resident once everything that is not in use has been collected.</summary>
    public const string KilobytesCollected = "kB RSS collected";

    public const string KilobytesOnHeap = "kB heap";

    /// <summary>Resident, once collected, after all has been closed.</summary>
    public const string KilobytesLeft = "kB RSS left";

    /// <summary>What is left, beyond that, after as many have been opened and closed once more.</summary>
    public const string KilobytesLeftAgain = "kB left again";

    /// <summary>From a change to the last client that is told of it.</summary>
    public const string MillisecondsToLast = "ms to last";

    public const string MegabytesOnHeap = "MB heap";
    public const string Handles = "handles";
    public const string Threads = "threads";
    public const string Sessions = "sessions";
    public const string SessionsPerSecond = "sessions/s";
    public const string MegabytesResident = "MB RSS";
}
