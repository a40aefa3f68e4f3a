namespace OnlyMcp.Server.Completions;

/// <summary>Lists values that are proposed for a parameter while somebody types it; others are taken as well.</summary>
/// <remarks>An enum or a bool needs none: its values are proposed by themselves.</remarks>
/// <param name="values">The values, the best one first.</param>
[AttributeUsage(AttributeTargets.Parameter)]
public sealed class CompletesWithAttribute(params string[] values) : Attribute
{
    /// <summary>The values, the best one first.</summary>
    public IReadOnlyList<string> Values { get; } = values;
}
