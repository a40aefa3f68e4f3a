using System.Diagnostics;
using System.Net;
using System.Text;
using System.Text.Json;
using OnlyMcp.LoadDriver.Load;
using OnlyMcp.LoadDriver.Report;
using OnlyMcp.LoadDriver.Servers;
using OnlyMcp.LoadDriver.Soak;

namespace OnlyMcp.LoadDriver.Sections;

/// <summary>What comes in thousands, and what holds others up where a server lets it. What must hold is checked, and said where it does not.</summary>
internal static class ScaleSection
{
    public const string Name = "scale";

    private const int Connections = 8;
    private const int Subscribers = 500;
    private const int SessionsPerSecond = 1000;

    private static readonly string[] Headers = [$"MCP-Protocol-Version: {Messages.Modern}", "Mcp-Method: tools/call"];

    public static async Task<IReadOnlyList<Result>> RunAsync(Plan plan)
    {
        (string Name, Func<ServerProcess, IPEndPoint, Plan, Task<IReadOnlyDictionary<string, double>>> Measure)[] cases =
        [
            ("10,000 reports of progress in one call", Alone(Progress)),
            ("1,000 sessions a second, opened and dropped", SessionsAsync),
            ("32 calls with 100 reports each", Alone(Reports)),
            ("the same, and 8 clients that do not read", Alone(ReportsBesideStuck)),
            ("a change told to 500 subscribers", (process, server, _) => NewsAsync(process, server, stuck: 0)),
            ("the same, and 8 subscribers that do not read", (process, server, _) => NewsAsync(process, server, stuck: Connections)),
            ("echo, 8 connections", (process, server, plan) => Task.Run(() => Echo(process, server, plan))),
            ("the same, while a tool holds a thread", (process, server, plan) => Task.Run(() => EchoBesideBlocked(process, server, plan))),
            ("10,000 calls of one tool", Alone(server => CallTools(server, _ => 0))),
            ("10,000 calls of 10,000 tools", Alone(server => CallTools(server, number => number))),
        ];
        await using var process = await ServerProcess.StartAsync(ServerPrograms.Scale);
        var server = new IPEndPoint(IPAddress.Loopback, new Uri(await process.ReceiveAsync()).Port);
        var results = new List<Result>();
        foreach (var (name, measure) in cases.Where(test => plan.HasCase(test.Name)))
        {
            await measure(process, server, plan with { Pace = Pace.Smoke }); // What runs for the first time is compiled.
            var figures = await measure(process, server, plan);
            results.Add(new Result(Name, name, Contenders.Ours, figures.ToDictionary(figure => figure.Key, figure => (IReadOnlyList<double>)[figure.Value])));
        }

        ResultTable.Print("scale", results);
        Judge(results);
        return results;
    }

    private static Func<ServerProcess, IPEndPoint, Plan, Task<IReadOnlyDictionary<string, double>>> Alone(
        Func<IPEndPoint, IReadOnlyDictionary<string, double>> measure) => (_, server, _) => Task.Run(() => measure(server));

    private static Dictionary<string, double> Progress(IPEndPoint server)
    {
        const int Count = 10_000;
        var start = Stopwatch.GetTimestamp();
        var events = EventAnswer.Read(server, Call(server, "progress", $$""" "count":{{Count}},"length":10 """, reports: true));
        var took = Stopwatch.GetElapsedTime(start);
        if (events.Count != Count + 1 || !events[^1].Contains("\"result\"", StringComparison.Ordinal))
            Fail($"of {Count} reports of progress and a result, {events.Count} events came");
        for (var i = 0; i < Math.Min(events.Count - 1, Count); i++)
        {
            using var report = JsonDocument.Parse(events[i]);
            if (report.RootElement.GetProperty("params").GetProperty("progress").GetInt32() != i + 1)
                Fail($"report {i + 1} of progress came in another's place");
        }

        return new() { [Metric.Milliseconds] = took.TotalMilliseconds };
    }

    private static async Task<IReadOnlyDictionary<string, double>> SessionsAsync(ServerProcess process, IPEndPoint server, Plan plan)
    {
        var count = SessionsPerSecond * plan.Pick(full: 60, quick: 10, smoke: 1);
        var before = await LookAsync(process);
        var spent = await process.AskSpentAsync();
        var elapsed = await Task.Run(() => OpenAndDrop(server, count));
        var after = await process.AskSpentAsync();
        foreach (var words in (await LookAsync(process)).BeyondThat(before).Where(_ => plan.Pace != Pace.Smoke))
            Fail($"after {count} sessions {words}");
        return new Dictionary<string, double>
        {
            [Metric.SessionsPerSecond] = count / elapsed.TotalSeconds,
            [Metric.CpuMicroseconds] = (after.Cpu - spent.Cpu).TotalMicroseconds / count,
            [Metric.Bytes] = (double)(after.Bytes!.Value - spent.Bytes!.Value) / count,
        };
    }

    /// <summary>A session each millisecond: opened, used once, every tenth with its stream, and ended.</summary>
    private static TimeSpan OpenAndDrop(IPEndPoint server, int count)
    {
        var start = Stopwatch.GetTimestamp();
        return Workers.Run(2 * Connections, count, () => new HttpConnection(server), (connection, number) =>
        {
            var early = TimeSpan.FromMilliseconds(number) - Stopwatch.GetElapsedTime(start);
            if (early > TimeSpan.Zero)
                Thread.Sleep(early);
            var id = SessionRequests.Open(server, connection);
            using var stream = number % 10 == 0 ? new RawConnection(server) : null;
            stream?.Send(SessionRequests.Listen(server, id));
            stream?.ReadUntil("text/event-stream");
            connection.Exchange(HttpRequest.Post(server, Messages.CallLegacy(Messages.Echo), SessionRequests.Headers(id)));
            connection.Exchange(SessionRequests.Delete(server, id));
        });
    }

    private static Dictionary<string, double> Reports(IPEndPoint server)
    {
        var request = Call(server, "progress", """ "count":100,"length":200 """, reports: true);
        var took = Workers.Run(4 * Connections, 4 * Connections, () => new MemoryStream(), (_, _) =>
        {
            if (EventAnswer.Read(server, request).Count != 101)
                Fail("of 100 reports of progress, not all came");
        });
        return new() { [Metric.Milliseconds] = took.TotalMilliseconds };
    }

    private static Dictionary<string, double> ReportsBesideStuck(IPEndPoint server)
    {
        var stuck = Enumerable.Range(0, Connections).Select(_ => new RawConnection(server)).ToArray();
        foreach (var connection in stuck)
            connection.Send(Call(server, "progress", """ "count":10000,"length":4000 """, reports: true));
        Thread.Sleep(2000); // Until what the system takes for a client that does not read is full.
        var figures = Reports(server);
        foreach (var connection in stuck)
            connection.Dispose();
        return figures;
    }

    private static async Task<IReadOnlyDictionary<string, double>> NewsAsync(ServerProcess process, IPEndPoint server, int stuck)
    {
        // A change is told with the subscription's id, which the client chooses: with these few are told until the way to it is full.
        const int Changes = 24, LongId = 1_000_000;
        var blocked = Enumerable.Range(0, stuck).Select(_ => new RawConnection(server)).ToArray();
        foreach (var connection in blocked)
            connection.Send(StreamClients.Subscriptions.Open(server, $"\"{new string('i', LongId)}\""));
        var opening = new StreamClients.Subscriptions();
        using var streams = HeldStreams.Open(server, Subscribers, (connection, number) => opening.Open(server, connection, number, servesSessions: true));
        var told = new List<double>();
        for (var i = 0; i < Changes; i++)
            told.Add(await streams.TellAsync(process));
        if ((await StandingAsync(process)).Listening is var listening && listening < Subscribers + stuck)
            Fail($"of {Subscribers + stuck} subscribers, {listening} are left");
        foreach (var connection in blocked)
            connection.Dispose();
        return new Dictionary<string, double> { [Metric.MillisecondsToLast] = Spread.Median(told[(Changes / 2)..]) };
    }

    private static IReadOnlyDictionary<string, double> Echo(ServerProcess process, IPEndPoint server, Plan plan)
    {
        using var connection = new HttpConnection(server);
        var request = HttpRequest.Post(server, Messages.CallModern(Messages.Echo), [.. Headers, "Mcp-Name: echo"]);
        var load = new HttpLoad(server, request, connection.Exchange(request).ToArray(), answersAreFixed: false);
        return process.Measure(() => load.Run(Connections, plan.Span)).Figures();
    }

    private static IReadOnlyDictionary<string, double> EchoBesideBlocked(ServerProcess process, IPEndPoint server, Plan plan)
    {
        using var blocked = new RawConnection(server);
        blocked.Send(Call(server, "block", $$""" "milliseconds":{{(int)plan.Span.TotalMilliseconds + 1000}} """));
        Thread.Sleep(100);
        var figures = Echo(process, server, plan);
        blocked.ReadUntil("held");
        return figures;
    }

    private static Dictionary<string, double> CallTools(IPEndPoint server, Func<int, int> toolOf)
    {
        var took = Workers.Run(Connections, ScaleServer.Tools, () => new HttpConnection(server), (connection, number) =>
        {
            var name = ScaleServer.NameOf(toolOf(number));
            if (connection.Exchange(Call(server, name, "")).IndexOf(Encoding.ASCII.GetBytes($"\"{name}\"")) < 0)
                Fail($"the tool {name} did not answer");
        });
        return new() { [Metric.CallsPerSecond] = ScaleServer.Tools / took.TotalSeconds };
    }

    private static byte[] Call(IPEndPoint server, string tool, string arguments, bool reports = false)
    {
        var call = $$""" "name":"{{tool}}","arguments":{ {{arguments}} } """;
        return HttpRequest.Post(server, reports ? Messages.CallWithProgress(call) : Messages.CallModern(call), [.. Headers, $"Mcp-Name: {tool}"]);
    }

    /// <summary>Looks at the server once nothing is left of what clients have opened, or when that takes too long.</summary>
    private static async Task<Standing> LookAsync(ServerProcess process)
    {
        for (var start = Stopwatch.GetTimestamp(); ; await Task.Delay(200))
        {
            if (await StandingAsync(process) is var standing && (standing.IsQuiet || Stopwatch.GetElapsedTime(start).TotalSeconds > 40))
                return standing;
        }
    }

    private static async Task<Standing> StandingAsync(ServerProcess process)
    {
        await process.SendAsync(SoakServer.Standing);
        return Standing.Parse(await process.ReceiveAsync());
    }

    /// <summary>What others do to a case must not slow it down by more than a busy machine does.</summary>
    private static void Judge(IReadOnlyList<Result> results)
    {
        Compare("the same, and 8 clients that do not read", "32 calls with 100 reports each", Metric.Milliseconds, (with, without) => with < (4 * without) + 200);
        Compare("the same, and 8 subscribers that do not read", "a change told to 500 subscribers", Metric.MillisecondsToLast, (with, without) => with < (4 * without) + 200);
        Compare("the same, while a tool holds a thread", "echo, 8 connections", Metric.CallsPerSecond, (with, without) => with > without / 2);
        Compare("10,000 calls of 10,000 tools", "10,000 calls of one tool", Metric.CallsPerSecond, (with, without) => with > without / 2);
        if (Figure("1,000 sessions a second, opened and dropped", Metric.SessionsPerSecond) is < 0.95 * SessionsPerSecond and var rate)
            Fail($"of {SessionsPerSecond} sessions a second, {rate:0} were opened");

        void Compare(string with, string without, string metric, Func<double, double, bool> holds)
        {
            if (Figure(with, metric) is { } one && Figure(without, metric) is { } other && !holds(one, other))
                Fail($"{with}: {Spread.Show(one)} {metric}, and without that {Spread.Show(other)}");
        }

        double? Figure(string name, string metric) => results.FirstOrDefault(result => result.Case == name)?.Figures[metric][0];
    }

    private static void Fail(string words)
    {
        Console.WriteLine($"SCALE FAILED: {words}.");
        Environment.ExitCode = 1;
    }
}
