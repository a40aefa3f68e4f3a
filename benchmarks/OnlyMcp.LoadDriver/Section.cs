using OnlyMcp.LoadDriver.Page;
using OnlyMcp.LoadDriver.Report;
using OnlyMcp.LoadDriver.Sections;

namespace OnlyMcp.LoadDriver;

/// <summary>One part of the measurements.</summary>
/// <param name="Name">How the command line calls it.</param>
/// <param name="MeasureAsync">Measures, prints its table, and returns what it found.</param>
/// <param name="Unasked">Whether it runs when the command line names no section.</param>
internal sealed record Section(string Name, Func<Plan, Task<IReadOnlyList<Result>>> MeasureAsync, bool Unasked = true)
{
    /// <summary>All of them, in the order in which they run.</summary>
    public static IReadOnlyList<Section> All { get; } =
    [
        new(HttpSection.Name, HttpSection.RunAsync),
        new(StdioSection.Name, StdioSection.RunAsync),
        new(StartSection.Name, StartSection.RunAsync),
        new(ClientSection.Name, ClientSection.RunAsync),
        new(MemorySection.Name, MemorySection.RunAsync),
        new(IdleSection.Name, IdleSection.RunAsync),
        new(GrowthSection.Name, GrowthSection.RunAsync),
        new(ScaleSection.Name, ScaleSection.RunAsync),
        new(SoakSection.Name, SoakSection.RunAsync, Unasked: false),
    ];

    /// <summary>Runs those that the plan names, and says which targets have been reached. All of them together write the page of results.</summary>
    public static async Task RunAsync(Plan plan)
    {
        Console.WriteLine(Machine.Here());
        var results = new List<Result>();
        foreach (var section in All.Where(plan.HasSection))
            results.AddRange(await section.RunAndWriteAsync(plan));

        if (results.Count == 0)
            throw new CommandLineException("Nothing was measured: no case has such a name, or none of its contenders is there.");
        Console.WriteLine($"\n{TargetTable.Write(results, isWhole: false)}");
        if (plan.IsWhole && plan.Pace == Pace.Full && plan.Sections.Count == 0)
            await PerformancePage.WriteAsync();
    }

    /// <summary>Runs it, and leaves its results in a file if they are those of all of it.</summary>
    private async Task<IReadOnlyList<Result>> RunAndWriteAsync(Plan plan)
    {
        var (at, load) = (DateTimeOffset.UtcNow, Machine.Load());
        var results = await MeasureAsync(plan);
        var file = new ResultFile(Name, at, (DateTimeOffset.UtcNow - at).TotalSeconds, plan.Pace, Machine.Here(), load, Machine.Load(), results);
        if (plan.IsWhole)
            file.Write();
        Console.WriteLine($"{Name}: {file.Seconds:0} s; load of the machine before {file.LoadBefore}, after {file.LoadAfter}");
        return results;
    }
}
