using System.Net;
using OnlyMcp.LoadDriver.Load;
using OnlyMcp.LoadDriver.Report;
using OnlyMcp.LoadDriver.Servers;

namespace OnlyMcp.LoadDriver.Sections;

/// <summary>One call over HTTP while one thing grows: connections, the length of messages, tools, sessions. The number stands behind what it counts.</summary>
internal static class GrowthSection
{
    public const string Name = "growth";

    private const string LongPart = "and so on. ";

    public static async Task<IReadOnlyList<Result>> RunAsync(Plan plan)
    {
        var results = new List<Result>();
        foreach (var test in Cases(plan).Where(test => plan.HasCase(test.Name)))
            results.AddRange(await RunAsync(test, plan.Briefly()));
        ResultTable.Print("Growth: the same call over HTTP while one thing grows", results);
        return results;
    }

    private static IEnumerable<Case> Cases(Plan plan)
    {
        foreach (var connections in plan.Pick<int[]>(full: [1, 4, 16, 64, 256, 1000], quick: [1, 32, 1000], smoke: [2]))
            yield return new Case("connections", connections, connections, [ServerPrograms.OurHttp, ServerPrograms.RawHttp], server => Echo(server, 0));

        // No raw listener here: it cuts what is longer than 16 kB in two, and the second half waits for the client's word that it has the first.
        foreach (var bytes in plan.Pick<int[]>(full: [100, 1000, 10_000, 100_000, 1_000_000, 10_000_000], quick: [100, 10_000, 10_000_000], smoke: [100_000]))
            yield return new Case("bytes", bytes, 4, [ServerPrograms.OurHttpLong, ServerPrograms.Kestrel], server => Echo(server, bytes));
        foreach (var tools in plan.Pick<IEnumerable<int>>(full: ServerPrograms.OurHttpTools.Keys, quick: [1, 10_000], smoke: [100]))
        {
            ServerProgram[] ours = [ServerPrograms.OurHttpTools[tools]];
            yield return new Case("tools", tools, 32, ours, server => Echo(server, 0));
            yield return new Case("tools listed", tools, 32, ours, server => HttpRequest.PostModern(server, "tools/list", Messages.ListModern));
        }

        foreach (var sessions in plan.Pick<int[]>(full: [1, 100, 1000, 10_000], quick: [1, 10_000], smoke: [10]))
            yield return new Case("sessions", sessions, 32, [ServerPrograms.OurHttp], server => SessionEcho(server, sessions));
    }

    private static async Task<IReadOnlyList<Result>> RunAsync(Case test, Plan plan)
    {
        var ours = await HttpTarget.StartAsync(test.Programs[0], test.RequestTo, model: null);
        List<HttpTarget> targets = [ours];
        try
        {
            foreach (var program in ServerPrograms.Chosen(plan, test.Programs[1..]))
                targets.Add(await HttpTarget.StartAsync(program, test.RequestTo, ours));
            return await Rounds.RunAsync(Name, test.Name, plan.Rounds, [.. targets.Where(target => plan.HasContender(target.Program.Contender)).Select(Contend)]);
        }
        finally
        {
            foreach (var target in targets)
                await target.DisposeAsync();
        }

        Contender Contend(HttpTarget target)
        {
            var contender = target.Contend(test.Connections, plan);
            return contender with { MeasureAsync = async () => WithMemory(await contender.MeasureAsync(), target.ResidentBytes) };
        }
    }

    private static Dictionary<string, double> WithMemory(IReadOnlyDictionary<string, double> figures, long bytes) =>
        new(figures) { [Metric.MegabytesResident] = bytes / 1024.0 / 1024.0 };

    /// <summary>A call whose text is filled up to so many bytes.</summary>
    private static byte[] Echo(IPEndPoint server, int bytes)
    {
        var filling = string.Concat(Enumerable.Repeat(LongPart, bytes / LongPart.Length));
        var call = Messages.CallModern(Messages.Echo.Replace("\"number ", $"\"{filling}number ", StringComparison.Ordinal));
        return HttpRequest.PostModern(server, "tools/call", call, "Mcp-Name: echo");
    }

    /// <summary>Opens so many sessions, the last of which is used.</summary>
    private static byte[] SessionEcho(IPEndPoint server, int sessions)
    {
        using var connection = new HttpConnection(server);
        var id = "";
        for (var i = 0; i < sessions; i++)
            id = SessionRequests.Open(server, connection);
        return HttpRequest.Post(server, Messages.CallLegacy(Messages.Echo), SessionRequests.Headers(id));
    }

    /// <summary>What grows, and how far it has grown.</summary>
    private sealed record Case(string Growing, int Count, int Connections, ServerProgram[] Programs, Func<IPEndPoint, byte[]> RequestTo)
    {
        public string Name => $"{Growing}: {Count}";
    }
}
