using OnlyMcp.LoadDriver.Clients;
using OnlyMcp.LoadDriver.Load;
using OnlyMcp.LoadDriver.Report;

namespace OnlyMcp.LoadDriver.Sections;

/// <summary>A client and its server in one process, over a pipe in memory: so many callers at a time.</summary>
internal static class MemorySection
{
    public const string Name = "memory";

    public static async Task<IReadOnlyList<Result>> RunAsync(Plan plan)
    {
        var results = new List<Result>();
        foreach (var test in Cases().Where(test => plan.HasCase(test.Name)))
            results.AddRange(await RunAsync(test, plan));
        ResultTable.Print("memory: client and server in one process", results, Contenders.CSharp);
        return results;
    }

    private static IEnumerable<Case> Cases()
    {
        foreach (var callers in new[] { 1, 32 })
        {
            if (FewCores.IsSupported)
                yield return new Case(callers, OnOneCore: true);
        }

        foreach (var callers in new[] { 1, 32 })
            yield return new Case(callers, OnOneCore: false);
    }

    private static async Task<IReadOnlyList<Result>> RunAsync(Case test, Plan plan)
    {
        await using var clients = await ClientCrew.StartAsync(
            plan,
            program => test.OnOneCore && FewCores.IsSupported
                ? Task.FromResult(FewCores.Run(1, () => ClientProcess.StartAsync(program).GetAwaiter().GetResult()))
                : ClientProcess.StartAsync(program),
            ClientPrograms.OurMemory, ClientPrograms.RawMemory, ClientPrograms.CSharpMemory);
        return await Rounds.RunAsync(Name, test.Name, plan.Rounds, clients.Contend(test.Callers, plan));
    }

    private sealed record Case(int Callers, bool OnOneCore)
    {
        public string Name => OnOneCore ? $"echo, {Callers}, one core" : $"echo, {Callers}";
    }
}
