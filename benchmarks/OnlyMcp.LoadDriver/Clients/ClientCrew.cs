using OnlyMcp.LoadDriver.Load;
using OnlyMcp.LoadDriver.Servers;

namespace OnlyMcp.LoadDriver.Clients;

/// <summary>The clients that are compared in one case, each in its process.</summary>
internal sealed class ClientCrew : IAsyncDisposable
{
    /// <summary>One caller alone would take half a minute until .NET has compiled everybody's code to the end.</summary>
    private const int CallersToWarmUp = 32;

    private readonly List<(string Contender, ClientProcess Process)> clients = [];

    public static async Task<ClientCrew> StartAsync(
        Plan plan, Func<ServerProgram, Task<ClientProcess>> start, params IEnumerable<ServerProgram> programs)
    {
        var crew = new ClientCrew();
        foreach (var program in ServerPrograms.Chosen(plan, programs))
            crew.clients.Add((program.Contender, await start(program)));
        return crew;
    }

    public IReadOnlyList<Contender> Contend(int callers, Plan plan) =>
    [
        .. clients.Select(client => new Contender(client.Contender, async () => (await client.Process.MeasureAsync(callers, plan.Span)).Figures())
        {
            WarmUpAsync = () => client.Process.MeasureAsync(Math.Max(callers, CallersToWarmUp), plan.WarmUp),
        }),
    ];

    public async ValueTask DisposeAsync()
    {
        foreach (var (_, process) in clients)
            await process.DisposeAsync();
    }
}
