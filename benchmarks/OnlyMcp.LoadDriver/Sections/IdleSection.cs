using System.Diagnostics;
using System.Globalization;
using System.Net;
using OnlyMcp.LoadDriver.Load;
using OnlyMcp.LoadDriver.Report;
using OnlyMcp.LoadDriver.Servers;

namespace OnlyMcp.LoadDriver.Sections;

/// <summary>
/// What a server holds for thousands of clients that listen and say nothing, how long a change takes to the last of them, and what is left
/// when they have gone.
/// </summary>
internal static class IdleSection
{
    public const string Name = "idle";

    /// <summary>Opened and closed before anything counts: code that runs for the first time takes memory of its own.</summary>
    private const int MostWarmUp = 200;

    private const int Changes = 3;
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    public static async Task<IReadOnlyList<Result>> RunAsync(Plan plan)
    {
        var count = OpenFiles.Within(plan.Pick(full: 10_000, quick: 2_000, smoke: 100));
        StreamClients[] kinds = [new StreamClients.Sessions(), new StreamClients.Subscriptions()];
        var results = new List<Result>();
        foreach (var kind in kinds.Where(kind => plan.HasCase(kind.Name)))
        {
            var contenders = ServerPrograms.Chosen(plan, ServerPrograms.OurStreams, ServerPrograms.RawStreams, ServerPrograms.TypeScript2Streams)
                .Select(program => new Contender(program.Contender, () => MeasureAsync(program, kind, count)));
            results.AddRange(await Rounds.RunAsync(Name, $"{count} {kind.Name}", plan.Pick(full: 3, quick: 1, smoke: 1), [.. contenders]));
        }

        ResultTable.Print("idle: each stream, beyond the empty process", results);
        return results;
    }

    private static async Task<IReadOnlyDictionary<string, double>> MeasureAsync(ServerProgram program, StreamClients clients, int count)
    {
        await using var process = await ServerProcess.StartAsync(program);
        var server = new IPEndPoint(IPAddress.Loopback, new Uri(await process.ReceiveAsync()).Port);
        var servesSessions = program.Contender != Contenders.Raw;
        var warmUp = Math.Min(MostWarmUp, count);
        using (var few = HeldStreams.Open(server, warmUp, (connection, number) => clients.Open(server, connection, number, servesSessions)))
            await few.TellAsync(process);
        await EndAsync(process, clients, server, servesSessions);

        var heapBefore = await HeapAsync(process);
        var before = process.ResidentBytes;
        using var streams = HeldStreams.Open(server, count, (connection, number) => clients.Open(server, connection, number, servesSessions));
        await Task.Delay(1000); // What opening has left behind is not yet collected; it is part of the picture.
        var held = process.ResidentBytes;
        var heapHeld = await HeapAsync(process);
        var collected = process.ResidentBytes;
        var told = new List<double>();
        for (var i = 0; i < Changes; i++)
            told.Add(await streams.TellAsync(process));
        if (servesSessions)
            clients.End(server);
        streams.Dispose();
        await EndAsync(process, clients, server, servesSessions);

        var heapLeft = await HeapAsync(process) - heapBefore;
        var left = process.ResidentBytes;

        // What the first thousands leave is mostly what a process keeps for the next; what these leave would be left each time.
        using (HeldStreams.Open(server, count, (connection, number) => clients.Open(server, connection, number, servesSessions)))
            await Task.Delay(100);
        await EndAsync(process, clients, server, servesSessions);
        await HeapAsync(process);
        if (program.Contender == Contenders.Ours && heapLeft > (heapHeld - heapBefore) / 10 + 1_000_000)
            throw new InvalidDataException($"{heapLeft / 1024} kB of the heap are still held for {count} {clients.Name} that have ended.");
        return new Dictionary<string, double>
        {
            [Metric.KilobytesResident] = Each(held - before),
            [Metric.KilobytesCollected] = Each(collected - before),
            [Metric.KilobytesOnHeap] = Each(heapHeld - heapBefore),
            [Metric.MillisecondsToLast] = Spread.Median(told),
            [Metric.KilobytesLeft] = Each(left - before),
            [Metric.KilobytesLeftAgain] = Each(process.ResidentBytes - left),
        };

        double Each(long bytes) => bytes / 1024.0 / count;
    }

    /// <summary>Waits until the server holds nothing any more.</summary>
    private static async Task EndAsync(ServerProcess process, StreamClients clients, IPEndPoint server, bool servesSessions)
    {
        if (servesSessions)
            clients.End(server);
        var start = Stopwatch.GetTimestamp();
        while (await AskAsync(process, HeldServer.Held) is > 0 and var held)
        {
            if (Stopwatch.GetElapsedTime(start) > Patience)
                throw new InvalidDataException($"{Patience.TotalSeconds:0} seconds after their clients have gone, {held} {clients.Name} are still held.");
            await Task.Delay(200);
            await AskAsync(process, HeldServer.Sweep);
        }
    }

    private static Task<long> HeapAsync(ServerProcess server) => AskAsync(server, HeldServer.Memory);

    private static async Task<long> AskAsync(ServerProcess server, string question)
    {
        await server.SendAsync(question);
        return long.Parse(await server.ReceiveAsync(), CultureInfo.InvariantCulture);
    }
}
