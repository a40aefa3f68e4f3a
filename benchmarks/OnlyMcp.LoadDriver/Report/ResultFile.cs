using System.Text.Json;

namespace OnlyMcp.LoadDriver.Report;

/// <summary>A section's results as a file: <c>benchmarks/results/SECTION.json</c>, with all that one must know to read them.</summary>
/// <param name="Section">Which section.</param>
/// <param name="At">When it began.</param>
/// <param name="Seconds">How long it took.</param>
/// <param name="Pace">How thoroughly it was measured.</param>
/// <param name="Machine">On what.</param>
/// <param name="LoadBefore">How busy the machine was.</param>
/// <param name="LoadAfter">How busy it was in the end, with the section's own load in it.</param>
/// <param name="Results">What came of it.</param>
internal sealed record ResultFile(
    string Section,
    DateTimeOffset At,
    double Seconds,
    Pace Pace,
    Machine Machine,
    string LoadBefore,
    string LoadAfter,
    IReadOnlyList<Result> Results)
{
    private static readonly JsonSerializerOptions Options = new(JsonSerializerDefaults.Web) { WriteIndented = true };

    public static string Directory { get; } = Path.Combine(Repository.Root, "benchmarks", "results");

    public void Write()
    {
        System.IO.Directory.CreateDirectory(Directory);
        File.WriteAllText(PathOf(Section), JsonSerializer.Serialize(this, Options));
    }

    /// <summary>What the last run has left of a section; null if nothing.</summary>
    public static ResultFile? Read(string section) =>
        File.Exists(PathOf(section)) ? JsonSerializer.Deserialize<ResultFile>(File.ReadAllText(PathOf(section)), Options) : null;

    private static string PathOf(string section) => Path.Combine(Directory, $"{section}.json");
}
