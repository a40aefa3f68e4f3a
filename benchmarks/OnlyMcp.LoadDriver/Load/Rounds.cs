using OnlyMcp.LoadDriver.Report;

namespace OnlyMcp.LoadDriver.Load;

/// <summary>
/// Measures contenders in turn, forwards in one round and backwards in the next, so that whatever else the machine does meets all of them.
/// </summary>
internal static class Rounds
{
    public static async Task<IReadOnlyList<Result>> RunAsync(string section, string name, int rounds, IReadOnlyList<Contender> contenders)
    {
        foreach (var contender in contenders)
            await contender.WarmUpAsync();

        var figures = contenders.ToDictionary(contender => contender.Name, _ => new Dictionary<string, List<double>>());
        for (var round = 0; round < rounds; round++)
        {
            foreach (var contender in round % 2 == 0 ? contenders : contenders.Reverse())
                Add(await contender.MeasureAsync(), figures[contender.Name]);
        }

        Result[] results = [.. contenders.Select(contender => new Result(section, name, contender.Name, Frozen(figures[contender.Name])))];
        Console.Error.WriteLine($"{section}: {name}: {string.Join(", ", results.Select(FirstFigure))}");
        return results;
    }

    /// <summary>A word to who waits; the tables come when all is done.</summary>
    private static string FirstFigure(Result result) => result.Figures.FirstOrDefault() is { Key: { } metric, Value: var figures }
        ? $"{result.Contender} {Spread.Show(Spread.Median(figures))} {metric}"
        : result.Contender;

    private static void Add(IReadOnlyDictionary<string, double> round, Dictionary<string, List<double>> rounds)
    {
        foreach (var (metric, figure) in round)
        {
            if (!rounds.TryGetValue(metric, out var all))
                rounds[metric] = all = [];
            all.Add(figure);
        }
    }

    private static Dictionary<string, IReadOnlyList<double>> Frozen(Dictionary<string, List<double>> rounds) =>
        rounds.ToDictionary(metric => metric.Key, metric => (IReadOnlyList<double>)metric.Value);
}
