using System.Diagnostics;
using System.Net;
using OnlyMcp.LoadDriver.Load;
using OnlyMcp.LoadDriver.Report;
using OnlyMcp.LoadDriver.Servers;
using OnlyMcp.LoadDriver.Soak;

namespace OnlyMcp.LoadDriver.Sections;

/// <summary>
/// All transports at half of what the machine can do, for minutes, with clients that come, go, err and leave in the middle. Now and then
/// all of them pause: then the server, and our client, must stand where they stood after the first minute.
/// </summary>
internal static class SoakSection
{
    public const string Name = "soak";

    /// <summary>How long the server may take to notice that everybody has left: it writes to silent streams, and looks for idle sessions, now and then.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    public static async Task<IReadOnlyList<Result>> RunAsync(Plan plan)
    {
        await using var process = await ServerProcess.StartAsync(ServerPrograms.Soak);
        var server = new IPEndPoint(IPAddress.Loopback, new Uri(await process.ReceiveAsync()).Port);
        using var here = new SoakServer.Counts();
        var tally = new Tally();
        var clients = Clients(server, here, tally);

        // Full speed first: code that runs for the first time takes memory of its own, and what half of it is must be known.
        var beginning = TimeSpan.FromSeconds(plan.Pick(5, 5, 1));
        await RateAsync(clients, tally, beginning, client => client.FindPaceAsync(beginning));
        var full = await RateAsync(clients, tally, beginning, client => client.FindPaceAsync(beginning));
        var total = TimeSpan.FromMinutes(plan.Pace == Pace.Smoke ? 0.1 : plan.Minutes);
        var part = TimeSpan.FromMinutes(Math.Min(1, total.TotalMinutes / 3));
        Standing? server0 = null, client0 = null, server1 = null, client1 = null;
        var rates = new List<double>();
        Console.WriteLine($"soak: {total.TotalMinutes:0.##} minutes, a look every {part.TotalSeconds:0} seconds; at full speed {full:0} calls/s");
        Console.WriteLine("| after s | process | heap MB | RSS MB | handles | threads | sessions | listening | in flight |");
        Console.WriteLine("| ------- | ------- | ------- | ------ | ------- | ------- | -------- | --------- | --------- |");
        for (var passed = TimeSpan.Zero; passed + (part / 2) < total; passed += part)
        {
            rates.Add(await RateAsync(clients, tally, part, client => client.RunAsync(part)));
            (server1, client1) = await LookAsync(process, here);
            (server0, client0) = (server0 ?? server1, client0 ?? client1);
            Print(passed + part, "server", server1);
            Print(passed + part, "clients", client1);
        }

        Console.WriteLine($"\n{tally.Calls} calls, {rates.Average():0} a second, which is {rates.Average() / full:0%} of full speed:");
        foreach (var (kind, count) in tally.Counts)
            Console.WriteLine($"- {kind}: {count}");
        Judge(tally, [.. server1!.BeyondThat(server0!).Select(words => $"the server: {words}"), .. client1!.BeyondThat(client0!).Select(words => $"the clients: {words}")]);
        return [ResultOf("server", server0!, server1!), ResultOf("clients", client0!, client1!)];
    }

    private static SoakClient[] Clients(IPEndPoint server, SoakServer.Counts here, Tally tally) =>
    [
        new CallingClient("the first that calls", tally, server),
        new CallingClient("the second that calls", tally, server),
        new SessionClient("the first with a session", tally, server),
        new SessionClient("the second with a session", tally, server),
        new HttpSseClient("the one over HTTP+SSE", tally, server),
        new ErrorClient("the first that errs", tally, server),
        new ErrorClient("the second that errs", tally, server),
        new LibraryClient.OverHttp("our client over HTTP", tally, server),
        new LibraryClient.OverStdio("our client over stdio", tally),
        new LibraryClient.InMemory("our client in memory", tally, BusyServer.Make(here.Options)),
    ];

    /// <summary>Has all of them go on for a time; the calls per second that they came to.</summary>
    private static async Task<double> RateAsync(IReadOnlyList<SoakClient> clients, Tally tally, TimeSpan span, Func<SoakClient, Task> goOn)
    {
        var before = tally.Calls;
        var running = Task.WhenAll(clients.Select(goOn));
        await Task.Delay(span);
        var rate = (tally.Calls - before) / span.TotalSeconds;
        await running; // Each ends with a whole step.
        return rate;
    }

    /// <summary>Looks at both sides once nothing is left of what the clients have opened, or when that takes too long.</summary>
    private static async Task<(Standing Server, Standing Clients)> LookAsync(ServerProcess process, SoakServer.Counts here)
    {
        var start = Stopwatch.GetTimestamp();
        while (true)
        {
            await process.SendAsync(SoakServer.Standing);
            var (server, clients) = (Standing.Parse(await process.ReceiveAsync()), here.Now());
            if ((server.IsQuiet && clients.IsQuiet) || Stopwatch.GetElapsedTime(start) > Patience)
                return (server, clients);
            await Task.Delay(500);
        }
    }

    private static void Print(TimeSpan after, string process, Standing standing) => Console.WriteLine(
        $"| {after.TotalSeconds,7:0} | {process,-7} | {standing.Heap / 1e6,7:0.0} | {standing.Resident / 1e6,6:0.0} | {standing.Handles,7} | {standing.Threads,7} "
        + $"| {standing.Sessions,8} | {standing.Listening,9} | {standing.InFlight,9} |");

    private static void Judge(Tally tally, IReadOnlyList<string> beyond)
    {
        foreach (var words in beyond)
            Console.WriteLine($"SOAK FAILED: {words}.");
        foreach (var fault in tally.Faults)
            Console.WriteLine($"SOAK FAILED: {fault}");
        if (beyond.Count + tally.Faults.Count > 0)
            Environment.ExitCode = 1;
        else
            Console.WriteLine("soak: memory, handles, threads and sessions stand where they stood after the first part.");
    }

    private static Result ResultOf(string process, Standing first, Standing last) => new(Name, process, Contenders.Ours, new Dictionary<string, IReadOnlyList<double>>
    {
        [Metric.MegabytesOnHeap] = [first.Heap / 1e6, last.Heap / 1e6],
        [Metric.MegabytesResident] = [first.Resident / 1e6, last.Resident / 1e6],
        [Metric.Handles] = [first.Handles, last.Handles],
        [Metric.Threads] = [first.Threads, last.Threads],
        [Metric.Sessions] = [first.Sessions, last.Sessions],
    });
}
