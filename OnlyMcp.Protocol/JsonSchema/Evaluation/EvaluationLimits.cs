namespace OnlyMcp.Protocol.JsonSchemas;

/// <summary>What every evaluation of one schema may cost, taken from its options once.</summary>
internal sealed class EvaluationLimits(JsonSchemaOptions options, bool tracksScope)
{
    public readonly int MaxDepth = options.MaxDepth;
    public readonly int MaxSteps = options.MaxSteps;
    public readonly int MaxErrors = options.MaxErrors;
    public readonly TimeSpan MatchTimeout = options.MatchTimeout;
    public readonly TimeSpan MaxMatchTime = options.MatchTimeout * 10;

    /// <summary>Whether any schema looks its reference up in the path that led to it; else nobody pays for keeping that path.</summary>
    public readonly bool TracksScope = tracksScope;
}
