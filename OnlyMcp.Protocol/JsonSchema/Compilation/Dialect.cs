using System.Diagnostics.CodeAnalysis;

namespace OnlyMcp.Protocol.JsonSchemas;

/// <summary>What the keywords of a schema mean: a set of vocabularies, and a few rules that changed between drafts.</summary>
internal sealed class Dialect(IReadOnlyList<Vocabulary> vocabularies)
{
    private readonly Dictionary<string, Keyword> keywords = vocabularies.SelectMany(v => v.Keywords).ToDictionary(k => k.Name);

    public IReadOnlyList<Func<SchemaSource, Check?>> Rules { get; } = [.. vocabularies.SelectMany(v => v.Rules)];

    public bool AssertsFormats { get; } = vocabularies.Any(v => v.AssertsFormats);

    /// <summary>Whether all keywords beside $ref are ignored: JSON Schema draft-07 Core §8.3.</summary>
    public bool RefStandsAlone { get; init; }

    /// <summary>Whether "$id": "#name" names a schema, as $anchor does later: JSON Schema draft-07 Core §8.2.3.</summary>
    public bool IdCanBeAnchor { get; init; }

    public bool Knows(string keyword) => keywords.ContainsKey(keyword);

    public bool TryGetKeyword(string name, [NotNullWhen(true)] out Keyword? keyword) => keywords.TryGetValue(name, out keyword);

    public static Dialect Of(JsonSchemaDialect dialect) => dialect switch
    {
        JsonSchemaDialect.Draft202012 => Draft202012.Dialect,
        JsonSchemaDialect.Draft07 => Draft07.Dialect,
        _ => throw new ArgumentOutOfRangeException(nameof(dialect), dialect, "The dialect is 2020-12 or draft-07."),
    };

    /// <summary>The dialect that the value of a $schema names, if it is one of the two that need no further document.</summary>
    public static Dialect? Find(string uri) => WithoutFragment(uri) switch
    {
        Draft202012.Uri => Draft202012.Dialect,
        Draft07.Uri => Draft07.Dialect,
        _ => null,
    };

    // Both are written with http and https, with an empty fragment and without.
    private static string WithoutFragment(string uri)
    {
        var plain = uri.TrimEnd('#');
        return plain == "https://json-schema.org/draft-07/schema" ? Draft07.Uri
            : plain == "http://json-schema.org/draft/2020-12/schema" ? Draft202012.Uri
            : plain;
    }
}
