using System.Text.Json;

namespace OnlyMcp.Protocol.JsonSchemas;

/// <summary>Dialects that a metaschema of the user's own defines, by naming the vocabularies in force.</summary>
/// <remarks>JSON Schema 2020-12 Core §8.1.2.</remarks>
internal static class CustomDialects
{
    /// <summary>The dialect of a metaschema among the user's documents, or null if it is not there.</summary>
    public static Dialect? Find(string uri, IReadOnlyDictionary<string, JsonElement> documents, string path)
    {
        if (!documents.TryGetValue(uri.TrimEnd('#'), out var metaschema) || metaschema.ValueKind != JsonValueKind.Object)
            return null;
        if (!metaschema.TryGetProperty("$vocabulary", out var vocabularies) || vocabularies.ValueKind != JsonValueKind.Object)
            return Base(metaschema);

        var named = vocabularies.EnumerateObject().ToDictionary(JsonText.Read, entry => entry.Value.ValueKind == JsonValueKind.True);
        var unknown = named.FirstOrDefault(entry => entry.Value && Draft202012.Vocabularies.All(known => known.Uri != entry.Key)).Key;
        if (unknown is not null)
        {
            throw new JsonSchemaException(
                $"{path}/$schema",
                $"its metaschema requires the vocabulary {Wording.Quote(unknown)}, which is not supported");
        }

        return Compose(named.Keys);
    }

    // MUST: the core vocabulary is in force in every dialect.
    private static Dialect Compose(IReadOnlyCollection<string> uris)
    {
        var chosen = Draft202012.Vocabularies.Where((vocabulary, position) => position == 0 || uris.Contains(vocabulary.Uri));

        // Both format vocabularies define one keyword; where both are in force the assertion is the stricter promise.
        return new Dialect([.. chosen.OrderByDescending(v => v.AssertsFormats).DistinctBy(v => v.Keywords[0].Name).OrderBy(Order)]);
    }

    private static int Order(Vocabulary vocabulary) => Draft202012.Vocabularies.TakeWhile(known => known != vocabulary).Count();

    // A metaschema without $vocabulary changes nothing about the dialect that it is itself written in.
    private static Dialect Base(JsonElement metaschema)
        => metaschema.TryGetProperty("$schema", out var schema) && schema.ValueKind == JsonValueKind.String
            ? Dialect.Find(JsonText.Read(schema)) ?? Draft202012.Dialect
            : Draft202012.Dialect;
}
