using System.Net;
using OnlyMcp.LoadDriver.Load;
using OnlyMcp.LoadDriver.Report;
using OnlyMcp.LoadDriver.Servers;

namespace OnlyMcp.LoadDriver.Sections;

/// <summary>Servers over HTTP: so many connections that are kept alive, each with one call in flight.</summary>
internal static class HttpSection
{
    public const string Name = "http";

    public static async Task<IReadOnlyList<Result>> RunAsync(Plan plan)
    {
        var results = new List<Result>();
        foreach (var test in Cases(plan).Where(test => plan.HasCase(test.Name)))
            results.AddRange(await RunAsync(test, plan));
        ResultTable.Print("HTTP: connections, each with one call in flight", results);
        return results;
    }

    private static IEnumerable<Case> Cases(Plan plan)
    {
        ServerProgram[] modern = [ServerPrograms.OurHttp, ServerPrograms.RawHttp, ServerPrograms.Kestrel, ServerPrograms.TypeScript2Http];
        foreach (var connections in plan.Pick<int[]>(full: [1, 32, 256], quick: [1, 32, 256], smoke: [32]))
            yield return new Case("echo", connections, modern, server => Call(server, "echo", Messages.Echo));
        yield return new Case("add", 32, modern, server => Call(server, "add", Messages.Add));
        yield return new Case("session echo", 32, [.. modern, ServerPrograms.TypeScript1Http], server =>
            HttpRequest.Post(server, Messages.CallLegacy(Messages.Echo), SessionRequests.Headers(OpenSession(server))));

        // No raw listener: it cuts what is longer than 16 kB in two, and the second half waits for the client's word that it has the first.
        ServerProgram[] many = [ServerPrograms.OurHttpMany, ServerPrograms.Kestrel, ServerPrograms.TypeScript2HttpMany];
        yield return new Case("list of 100 tools", 32, many, server => HttpRequest.PostModern(server, "tools/list", Messages.ListModern));
    }

    private static async Task<IReadOnlyList<Result>> RunAsync(Case test, Plan plan)
    {
        // Ours is there even where it is not measured: the floors answer what it answers.
        var ours = await HttpTarget.StartAsync(test.Programs[0], test.RequestTo, model: null);
        List<HttpTarget> targets = [ours];
        try
        {
            foreach (var program in ServerPrograms.Chosen(plan, test.Programs[1..]))
                targets.Add(await HttpTarget.StartAsync(program, test.RequestTo, ours));
            var contenders = targets.Select(target => target.Contend(test.Connections, plan));
            return await Rounds.RunAsync(Name, test.Name, plan.Rounds, [.. contenders.Where(contender => plan.HasContender(contender.Name))]);
        }
        finally
        {
            foreach (var target in targets)
                await target.DisposeAsync();
        }
    }

    private static byte[] Call(IPEndPoint server, string tool, string parameters) =>
        HttpRequest.PostModern(server, "tools/call", Messages.CallModern(parameters), $"Mcp-Name: {tool}");

    private static string OpenSession(IPEndPoint server)
    {
        using var connection = new HttpConnection(server);
        return SessionRequests.Open(server, connection);
    }

    private sealed record Case(string Call, int Connections, ServerProgram[] Programs, Func<IPEndPoint, byte[]> RequestTo)
    {
        public string Name => $"{Call}, {Connections}";
    }
}
