using System.Diagnostics;
using System.Globalization;
using OnlyMcp.LoadDriver.Servers;

namespace OnlyMcp.LoadDriver.Soak;

/// <summary>How much a process holds at a moment when nobody asks anything of it.</summary>
internal sealed record Standing
{
    /// <summary>Bytes on the managed heap after a collection.</summary>
    public long Heap { get; init; }

    /// <summary>Bytes of the machine's memory.</summary>
    public long Resident { get; init; }

    /// <summary>Open files and sockets.</summary>
    public long Handles { get; init; }

    public long Threads { get; init; }

    /// <summary>Sessions that were opened and have not ended.</summary>
    public long Sessions { get; init; }

    /// <summary>Sessions and subscriptions that hear of changes.</summary>
    public long Listening { get; init; }

    /// <summary>Requests that are being answered.</summary>
    public long InFlight { get; init; }

    /// <summary>Whether nothing of what clients open is left.</summary>
    public bool IsQuiet => (Sessions, Listening, InFlight) == (0, 0, 0);

    public static Standing OfThisProcess()
    {
        var heap = HeldServer.MemoryAfterCollection();
        using var process = Process.GetCurrentProcess();
        return new Standing
        {
            Heap = heap,
            Resident = process.WorkingSet64,
            Handles = Directory.Exists("/proc/self/fd") ? Directory.EnumerateFileSystemEntries("/proc/self/fd").Count() : process.HandleCount,
            Threads = process.Threads.Count,
        };
    }

    public static Standing Parse(string line)
    {
        var figures = line.Split(' ').Select(text => long.Parse(text, CultureInfo.InvariantCulture)).ToArray();
        return new Standing
        {
            Heap = figures[0],
            Resident = figures[1],
            Handles = figures[2],
            Threads = figures[3],
            Sessions = figures[4],
            Listening = figures[5],
            InFlight = figures[6],
        };
    }

    /// <summary>One line; see <see cref="Parse"/>.</summary>
    public override string ToString() => string.Create(
        CultureInfo.InvariantCulture, $"{Heap} {Resident} {Handles} {Threads} {Sessions} {Listening} {InFlight}");

    /// <summary>In words, what stands higher than it did by more than what comes and goes by itself.</summary>
    public IEnumerable<string> BeyondThat(Standing before)
    {
        if (Heap > before.Heap + Math.Max(before.Heap / 5, 4_000_000))
            yield return $"the managed heap grew from {Megabytes(before.Heap)} to {Megabytes(Heap)}";
        if (Resident > before.Resident + Math.Max(before.Resident / 4, 40_000_000))
            yield return $"the resident memory grew from {Megabytes(before.Resident)} to {Megabytes(Resident)}";
        if (Handles > before.Handles + 12)
            yield return $"{Handles} handles are open, after {before.Handles}";
        if (Threads > before.Threads + 12)
            yield return $"{Threads} threads run, after {before.Threads}";
        if (!IsQuiet)
            yield return $"{Sessions} sessions, {Listening} listeners and {InFlight} requests are left when all clients have gone";
    }

    private static string Megabytes(long bytes) => string.Create(CultureInfo.InvariantCulture, $"{bytes / 1e6:0.0} MB");
}
