using OnlyMcp.LoadDriver.Clients;
using OnlyMcp.LoadDriver.Load;
using OnlyMcp.LoadDriver.Report;

namespace OnlyMcp.LoadDriver.Sections;

/// <summary>A client and its server in one process: so many callers at a time.</summary>
/// <remarks>On all cores: bound to one, the runtime has not compiled a process of .NET to the end after half a million calls.</remarks>
internal static class MemorySection
{
    public const string Name = "memory";

    public static async Task<IReadOnlyList<Result>> RunAsync(Plan plan)
    {
        var results = new List<Result>();
        foreach (var callers in new[] { 1, 32 }.Where(callers => plan.HasCase(CaseOf(callers))))
            results.AddRange(await RunAsync(callers, plan));
        ResultTable.Print("memory: client and server in one process", results, Contenders.CSharp);
        return results;
    }

    private static string CaseOf(int callers) => $"echo, {callers}";

    private static async Task<IReadOnlyList<Result>> RunAsync(int callers, Plan plan)
    {
        await using var clients = await ClientCrew.StartAsync(
            plan, program => ClientProcess.StartAsync(program), ClientPrograms.OurMemory, ClientPrograms.PipeMemory, ClientPrograms.RawMemory, ClientPrograms.CSharpMemory);
        return await Rounds.RunAsync(Name, CaseOf(callers), plan.Rounds, clients.Contend(callers, plan));
    }
}
