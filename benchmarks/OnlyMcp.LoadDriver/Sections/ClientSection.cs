using OnlyMcp.LoadDriver.Clients;
using OnlyMcp.LoadDriver.Load;
using OnlyMcp.LoadDriver.Report;
using OnlyMcp.LoadDriver.Servers;

namespace OnlyMcp.LoadDriver.Sections;

/// <summary>Clients over HTTP: so many callers at a time, all against one server that is no matter beside them.</summary>
internal static class ClientSection
{
    public const string Name = "client";

    public static async Task<IReadOnlyList<Result>> RunAsync(Plan plan)
    {
        await using var server = await ServerProcess.StartAsync(ServerPrograms.CannedHttp);
        var address = await server.ReceiveAsync();
        var results = new List<Result>();
        foreach (var callers in new[] { 1, 32 }.Where(callers => plan.HasCase(CaseOf(callers))))
            results.AddRange(await RunAsync(callers, address, plan));
        ResultTable.Print("client: callers over HTTP", results);
        return results;
    }

    private static string CaseOf(int callers) => $"echo, {callers}";

    private static async Task<IReadOnlyList<Result>> RunAsync(int callers, string address, Plan plan)
    {
        await using var clients = await ClientCrew.StartAsync(
            plan, program => ClientProcess.StartAsync(program, address), ClientPrograms.OurHttp, ClientPrograms.RawHttp, ClientPrograms.CSharpHttp);
        return await Rounds.RunAsync(Name, CaseOf(callers), plan.Rounds, clients.Contend(callers, plan));
    }
}
