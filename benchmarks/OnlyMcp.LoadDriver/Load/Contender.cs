namespace OnlyMcp.LoadDriver.Load;

/// <summary>One of those that are compared in a case.</summary>
/// <param name="Name">One of <see cref="Contenders"/>.</param>
/// <param name="MeasureAsync">One round: its figures by <see cref="Report.Metric"/>.</param>
internal sealed record Contender(string Name, Func<Task<IReadOnlyDictionary<string, double>>> MeasureAsync)
{
    /// <summary>Done once before the first round of anybody.</summary>
    public Func<Task> WarmUpAsync { get; init; } = () => Task.CompletedTask;
}
