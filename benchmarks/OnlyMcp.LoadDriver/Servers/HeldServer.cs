using System.Globalization;
using System.Runtime;

namespace OnlyMcp.LoadDriver.Servers;

/// <summary>What a server that holds streams is told to do over its side channel.</summary>
internal static class HeldServer
{
    public const string Change = "change";
    public const string Sweep = "sweep";
    public const string Memory = "memory";
    public const string Counts = "counts";

    public static async Task AnswerAsync(SideChannel channel, Commands commands)
    {
        while (await channel.TryReceiveAsync() is { } line)
        {
            if (line == Change)
                commands.Change();
            else if (line == Sweep)
                commands.Sweep();
            await channel.SendAsync(line switch
            {
                Counts => commands.Counts(),
                Memory => MemoryAfterCollection(),
                _ => "done",
            });
        }
    }

    /// <summary>The managed heap in bytes once nothing is on it but what is in use; pages that are no longer needed are given back.</summary>
    private static string MemoryAfterCollection()
    {
        for (var i = 0; i < 2; i++)
        {
            GCSettings.LargeObjectHeapCompactionMode = GCLargeObjectHeapCompactionMode.CompactOnce;
            GC.Collect(GC.MaxGeneration, GCCollectionMode.Aggressive, blocking: true, compacting: true);
            GC.WaitForPendingFinalizers();
        }

        return GC.GetTotalMemory(forceFullCollection: false).ToString(CultureInfo.InvariantCulture);
    }

    /// <summary>What the server does when it is told to.</summary>
    internal sealed record Commands
    {
        /// <summary>Changes what every client is told of.</summary>
        public required Action Change { get; init; }

        /// <summary>Looks for clients that have left, where the server does not do so by itself.</summary>
        public Action Sweep { get; init; } = () => { };

        /// <summary>Says how many sessions and streams there are.</summary>
        public required Func<string> Counts { get; init; }
    }
}
