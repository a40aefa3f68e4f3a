namespace OnlyMcp.LoadDriver.Report;

/// <summary>What one contender came to in one case: for each metric the figure of each round.</summary>
/// <param name="Section">The section that has measured it.</param>
/// <param name="Case">What was done.</param>
/// <param name="Contender">Who did it.</param>
/// <param name="Figures">The rounds' figures by <see cref="Metric"/>, in the same order of rounds for all contenders.</param>
internal sealed record Result(string Section, string Case, string Contender, IReadOnlyDictionary<string, IReadOnlyList<double>> Figures);
