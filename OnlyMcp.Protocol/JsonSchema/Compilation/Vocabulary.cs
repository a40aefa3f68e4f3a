namespace OnlyMcp.Protocol.JsonSchemas;

/// <summary>A set of keywords under one URI, and the rules that turn them into checks: JSON Schema 2020-12 Core §8.1.</summary>
internal sealed record Vocabulary(string Uri)
{
    public required IReadOnlyList<Keyword> Keywords { get; init; }

    /// <summary>In the order in which the checks run: cheap ones first. A rule returns null where its keyword is absent.</summary>
    public IReadOnlyList<Func<SchemaSource, Check?>> Rules { get; init; } = [];

    public bool AssertsFormats { get; init; }
}
