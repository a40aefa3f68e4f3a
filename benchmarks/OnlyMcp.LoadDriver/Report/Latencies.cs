using System.Diagnostics;
using System.Numerics;

namespace OnlyMcp.LoadDriver.Report;

/// <summary>How long calls took: counts in classes that are at most one per cent wide, so that adding a call allocates nothing.</summary>
internal sealed class Latencies
{
    private const int Precision = 7;

    private readonly int[] counts = new int[(40 - Precision + 1) << Precision];
    private long count;

    /// <param name="ticks">Of <see cref="Stopwatch"/>.</param>
    public void Add(long ticks)
    {
        counts[Math.Min(ClassOf((ulong)ticks), counts.Length - 1)]++;
        count++;
    }

    public void Add(Latencies others)
    {
        for (var i = 0; i < counts.Length; i++)
            counts[i] += others.counts[i];
        count += others.count;
    }

    /// <summary>The time that such a share of all calls did not exceed.</summary>
    public TimeSpan At(double share)
    {
        var left = (long)(share * count);
        var place = 0;
        while (place < counts.Length - 1 && (left -= counts[place]) >= 0)
            place++;
        return Stopwatch.GetElapsedTime(0, LeastIn(place));
    }

    // Small numbers have a class each; of a larger one its highest bits make the class, and how many follow them.
    private static int ClassOf(ulong ticks)
    {
        var shift = Math.Max(0, BitOperations.Log2(ticks) - Precision);
        return (shift << Precision) + (int)(ticks >> shift);
    }

    private static long LeastIn(int place)
    {
        var shift = Math.Max(0, (place >> Precision) - 1);
        return (long)(place - (shift << Precision)) << shift;
    }
}
