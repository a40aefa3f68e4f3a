using OnlyMcp.LoadDriver.Load;
using OnlyMcp.LoadDriver.Report;

namespace OnlyMcp.LoadDriver;

/// <summary>Calls a server and its floor in turn, so that whatever else the machine does meets both.</summary>
/// <param name="ours">The server.</param>
/// <param name="loadOurs">Calls it, with that width, for that long.</param>
/// <param name="raw">The floor.</param>
/// <param name="loadRaw">Calls that.</param>
internal sealed class Comparison(
    ServerProcess ours, Func<int, TimeSpan, Throughput> loadOurs, ServerProcess raw, Func<int, TimeSpan, Throughput> loadRaw)
{
    public async Task<IReadOnlyList<Row>> RunAsync(string name, IReadOnlyList<int> widths, Plan plan)
    {
        foreach (var width in widths)
        {
            loadOurs(width, plan.WarmUp / widths.Count);
            loadRaw(width, plan.WarmUp / widths.Count);
        }

        var rounds = widths.ToDictionary(width => width, _ => new List<(Measurement, Measurement)>());
        for (var round = 0; round < plan.Rounds; round++)
        {
            foreach (var width in widths)
                rounds[width].Add(await MeasureBothAsync(width, plan.Span, oursFirst: round % 2 == 0));
        }

        return [.. widths.Select(width => new Row(name, width, rounds[width]))];
    }

    private async Task<(Measurement Ours, Measurement Raw)> MeasureBothAsync(int width, TimeSpan span, bool oursFirst)
    {
        var first = oursFirst ? await MeasureAsync(ours, loadOurs, width, span) : default;
        var floor = await MeasureAsync(raw, loadRaw, width, span);
        return (oursFirst ? first : await MeasureAsync(ours, loadOurs, width, span), floor);
    }

    private static async Task<Measurement> MeasureAsync(ServerProcess server, Func<int, TimeSpan, Throughput> load, int width, TimeSpan span)
    {
        var before = await server.AskSpentAsync();
        var done = load(width, span);
        return new Measurement(done, before, await server.AskSpentAsync());
    }
}
