using System.Diagnostics;
using OnlyMcp.LoadDriver.Load;
using OnlyMcp.LoadDriver.Report;

namespace OnlyMcp.LoadDriver.Clients;

/// <summary>Has so many callers at a time call as fast as they are answered, each with one call in flight.</summary>
internal static class CallerLoad
{
    /// <summary>Each place has numbers of its own.</summary>
    private const int NumbersOfAPlace = 300_000;

    /// <summary>The place that a number belongs to.</summary>
    public static int PlaceOf(int number) => (number - NumberedCall.Template) / NumbersOfAPlace;

    public static async Task<Throughput> RunAsync(ICaller caller, int callers, TimeSpan span)
    {
        var start = Stopwatch.GetTimestamp();
        var deadline = start + (long)(span.TotalSeconds * Stopwatch.Frequency);
        var counts = await Task.WhenAll(Enumerable.Range(0, callers).Select(place => Task.Run(() => CallUntilAsync(deadline, caller, place))));
        return new Throughput(counts.Sum(), Stopwatch.GetElapsedTime(start));
    }

    private static async Task<long> CallUntilAsync(long deadline, ICaller caller, int place)
    {
        var count = 0L;
        for (; Stopwatch.GetTimestamp() < deadline; count++)
            await caller.CallAsync(place, NumberedCall.Template + (place * NumbersOfAPlace) + (int)(count % NumbersOfAPlace));
        return count;
    }
}
