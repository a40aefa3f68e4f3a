using System.Net;
using OnlyMcp.LoadDriver.Load;
using OnlyMcp.LoadDriver.Report;
using OnlyMcp.LoadDriver.Servers;

namespace OnlyMcp.LoadDriver.Sections;

/// <summary>Servers over HTTP: so many connections that are kept alive, each with one call in flight.</summary>
internal static class HttpSection
{
    public const string Name = "http";

    private static readonly string[] ModernHeaders = [$"MCP-Protocol-Version: {Messages.Modern}", "Mcp-Method: tools/call"];

    public static async Task<IReadOnlyList<Result>> RunAsync(Plan plan)
    {
        var results = new List<Result>();
        foreach (var test in Cases().Where(test => plan.HasCase(test.Name)))
            results.AddRange(await RunAsync(test, plan));
        ResultTable.Print("HTTP", results);
        return results;
    }

    private static IEnumerable<Case> Cases()
    {
        foreach (var connections in new[] { 1, 32, 256 })
            yield return new Case("echo", connections, server => HttpRequest.Post(server, Messages.CallModern(Messages.Echo), [.. ModernHeaders, "Mcp-Name: echo"]));
        yield return new Case("add", 32, server => HttpRequest.Post(server, Messages.CallModern(Messages.Add), [.. ModernHeaders, "Mcp-Name: add"]));
        yield return new Case("session echo", 32, server =>
            HttpRequest.Post(server, Messages.CallLegacy(Messages.Echo), $"MCP-Protocol-Version: {Messages.Legacy}", $"Mcp-Session-Id: {OpenSession(server)}"));
    }

    private static async Task<IReadOnlyList<Result>> RunAsync(Case test, Plan plan)
    {
        await using var ours = await ServerProcess.StartAsync(ServerPrograms.OurHttp);
        await using var raw = await ServerProcess.StartAsync(ServerPrograms.RawHttp);
        var (ourAddress, rawAddress) = (AddressIn(await ours.ReceiveAsync()), AddressIn(await raw.ReceiveAsync()));

        var request = test.RequestTo(ourAddress);
        using var connection = new HttpConnection(ourAddress);
        byte[] answer;
        do
            answer = connection.Exchange(request).ToArray();
        while (answer.Length == 0); // The first call compiles what it runs through, which on a busy machine takes its time.
        await raw.SendAsync(Convert.ToBase64String(answer));
        await raw.ReceiveAsync();

        Contender[] contenders =
        [
            Contend(Contenders.Ours, ours, new HttpLoad(ourAddress, request, answer, answersAreFixed: false)),
            Contend(Contenders.Raw, raw, new HttpLoad(rawAddress, request, answer, answersAreFixed: true)),
        ];
        return await Rounds.RunAsync(Name, test.Name, plan.Rounds, [.. contenders.Where(contender => plan.HasContender(contender.Name))]);

        Contender Contend(string name, ServerProcess server, HttpLoad load) =>
            new(name, async () => (await server.MeasureAsync(() => load.Run(test.Connections, plan.Span))).Figures())
            {
                WarmUpAsync = () => Task.Run(() => load.Run(test.Connections, plan.WarmUp)),
            };
    }

    private static string OpenSession(IPEndPoint server)
    {
        using var connection = new HttpConnection(server);
        connection.Exchange(HttpRequest.Post(server, Messages.Initialize), out var head);
        return HttpRequest.Header(head, "Mcp-Session-Id");
    }

    private static IPEndPoint AddressIn(string url) => new(IPAddress.Loopback, new Uri(url).Port);

    private sealed record Case(string Call, int Connections, Func<IPEndPoint, byte[]> RequestTo)
    {
        public string Name => $"{Call}, {Connections}";
    }
}
