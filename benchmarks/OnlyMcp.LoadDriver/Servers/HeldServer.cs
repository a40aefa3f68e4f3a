using System.Globalization;
using System.Runtime;

namespace OnlyMcp.LoadDriver.Servers;

/// <summary>What a server that holds streams is told to do over its side channel: each command is a line, and so is the number that answers it.</summary>
internal static class HeldServer
{
    public const string Change = "change";
    public const string Sweep = "sweep";
    public const string Memory = "memory";
    public const string Held = "held";

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
                Held => commands.Held().ToString(CultureInfo.InvariantCulture),
                Memory => MemoryAfterCollection().ToString(CultureInfo.InvariantCulture),
                _ => "0",
            });
        }
    }

    /// <summary>The managed heap in bytes once nothing is on it but what is in use; pages that are no longer needed are given back.</summary>
    public static long MemoryAfterCollection()
    {
        for (var i = 0; i < 2; i++)
        {
            GCSettings.LargeObjectHeapCompactionMode = GCLargeObjectHeapCompactionMode.CompactOnce;
            GC.Collect(GC.MaxGeneration, GCCollectionMode.Aggressive, blocking: true, compacting: true);
            GC.WaitForPendingFinalizers();
        }

        return GC.GetTotalMemory(forceFullCollection: false);
    }

    /// <summary>What the server does when it is told to.</summary>
    internal sealed record Commands
    {
        /// <summary>Changes what every client is told of.</summary>
        public required Action Change { get; init; }

        /// <summary>Looks for clients that have left, where the server does not do so by itself.</summary>
        public Action Sweep { get; init; } = () => { };

        /// <summary>How many sessions or streams there are.</summary>
        public required Func<int> Held { get; init; }
    }
}
