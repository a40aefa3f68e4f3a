using System.Collections.Concurrent;

namespace OnlyMcp.LoadDriver.Soak;

/// <summary>What all clients of a soak have done, and what went wrong that should not have.</summary>
internal sealed class Tally
{
    private const int MostFaults = 5;

    private readonly ConcurrentDictionary<string, long> counts = new();
    private readonly ConcurrentQueue<string> faults = new();
    private long calls;

    /// <summary>The calls that were answered, or broken off on purpose.</summary>
    public long Calls => Interlocked.Read(ref calls);

    /// <summary>What was done, by kind.</summary>
    public IEnumerable<KeyValuePair<string, long>> Counts => counts.OrderBy(count => count.Key, StringComparer.Ordinal);

    /// <summary>The first faults, in words.</summary>
    public IReadOnlyCollection<string> Faults => faults;

    public void Add(string kind, int count = 1)
    {
        Interlocked.Add(ref calls, count);
        counts.AddOrUpdate(kind, count, (_, before) => before + count);
    }

    public void Fail(string who, Exception fault)
    {
        if (faults.Count < MostFaults)
            faults.Enqueue($"{who}: {fault.GetType().Name}: {fault.Message.ReplaceLineEndings(" ")}");
    }
}
