using System.Text.Json;

namespace OnlyMcp.Protocol.JsonSchemas;

/// <summary>Finds every schema and every identifier in the documents at hand, before the first keyword is compiled.</summary>
/// <remarks>It walks with a stack of its own: a deep document meets the depth limit, not the end of the thread's stack.</remarks>
internal sealed class SchemaIndex(JsonSchemaOptions options)
{
    // Every schema keeps its path. One name of a megabyte with ten thousand schemas below it would fill the memory.
    private const int LongestAveragePath = 100;

    // What relative references start from in a schema that has no $id.
    private static readonly Uri DefaultBase = new("schema:///");

    private readonly Dictionary<string, SchemaResource> resources = [];
    private readonly Stack<(SchemaLocation Place, int Depth)> pending = [];
    private int schemaCount;
    private long pathsLength;

    public IEnumerable<SchemaResource> Resources => resources.Values.Distinct();

    /// <summary>Indexes the schema that the user gave.</summary>
    public SchemaLocation Add(JsonElement root) => Add(root, DefaultBase, "", Dialect.Of(options.DefaultDialect));

    /// <summary>The resource of that URI, from what is indexed already or else from the documents that the options hold.</summary>
    /// <param name="uri">An absolute URI; a fragment is ignored.</param>
    /// <param name="fallback">The dialect of a document that names none.</param>
    public SchemaResource? Find(Uri uri, Dialect fallback)
    {
        var key = Key(uri);
        if (resources.TryGetValue(key, out var known))
            return known;
        if (!options.Documents.TryGetValue(key, out var document) && !Metaschemas.TryGet(key, out document))
            return null;
        Add(document, uri, key, fallback);
        return resources[key];
    }

    private static string Key(Uri uri) => uri.AbsoluteUri.Split('#')[0];

    private SchemaLocation Add(JsonElement element, Uri uri, string name, Dialect fallback)
    {
        var document = new SchemaDocument(element, name);
        var resource = new SchemaResource(document, "", uri, DialectOf(element, document.PathTo(""), fallback));
        resources[Key(uri)] = resource;
        pending.Push((new SchemaLocation(resource, "", element), 0));
        while (pending.TryPop(out var next))
            Visit(next.Place, next.Depth);
        return document.Schemas[""];
    }

    /// <summary>Counts one more schema against the limits.</summary>
    public void Count(SchemaLocation place)
    {
        if (++schemaCount > options.MaxSubschemas)
            throw new JsonSchemaException(place.Path, $"more than {options.MaxSubschemas} subschemas (JsonSchemaOptions.MaxSubschemas)");
        if ((pathsLength += place.Pointer.Length) > (long)options.MaxSubschemas * LongestAveragePath)
            throw new JsonSchemaException(place.Path, "the names of the schemas are too long");
    }

    private void Visit(SchemaLocation place, int depth)
    {
        if (depth > options.MaxDepth)
            throw new JsonSchemaException(place.Path, $"schemas nest deeper than {options.MaxDepth} levels (JsonSchemaOptions.MaxDepth)");
        Count(place);
        if (place.Element.ValueKind == JsonValueKind.Object)
            place = VisitIdentifiers(place);
        place.Resource.Document.Schemas[place.Pointer] = place;
        if (place.Element.ValueKind == JsonValueKind.Object)
            PushSubschemas(place, depth);
    }

    private SchemaLocation VisitIdentifiers(SchemaLocation place)
    {
        var dialect = place.Resource.Dialect;
        if (dialect.RefStandsAlone && TryGetText(place, "$ref") is not null)
            return place;
        if (TryGetText(place, "$id") is { } id)
            place = EnterResource(place, id);
        if (TryGetText(place, "$anchor") is { } anchor)
            place.Resource.Anchors.TryAdd(anchor, place.Pointer);
        if (TryGetText(place, "$dynamicAnchor") is { } dynamicAnchor)
            place.Resource.DynamicAnchors.TryAdd(dynamicAnchor, place.Pointer);
        return place;
    }

    private SchemaLocation EnterResource(SchemaLocation place, string id)
    {
        var (outer, parts) = (place.Resource, id.Split('#', 2));
        var fragment = parts.Length == 2 ? parts[1] : "";
        if (fragment.Length > 0 && !outer.Dialect.IdCanBeAnchor)
            throw new JsonSchemaException($"{place.Path}/$id", $"expected a URI without fragment, received {Wording.Quote(id)}");
        if (parts[0].Length > 0)
        {
            var uri = References.Resolve(outer.Uri, parts[0], $"{place.Path}/$id");
            var dialect = DialectOf(place.Element, place.Path, outer.Dialect);
            place = place with { Resource = new SchemaResource(outer.Document, place.Pointer, uri, dialect) };
            resources.TryAdd(Key(uri), place.Resource);
        }

        if (fragment.Length > 0)
            place.Resource.Anchors.TryAdd(fragment, place.Pointer);
        return place;
    }

    private void PushSubschemas(SchemaLocation place, int depth)
    {
        foreach (var member in place.Element.EnumerateObject())
        {
            var name = JsonText.Read(member);
            if (!place.Resource.Dialect.TryGetKeyword(name, out var keyword) || keyword.Holds == Holds.NoSchema)
                continue;
            var value = place with { Pointer = JsonPointer.Append(place.Pointer, name), Element = member.Value };
            if (value.Element.ValueKind == JsonValueKind.Array && keyword.Holds == Holds.Schemas)
                PushItems(value, depth + 2);
            else if (value.Element.ValueKind == JsonValueKind.Object && keyword.Holds == Holds.SchemasByName)
                PushMembers(value, depth + 2);
            else if (value.Element.ValueKind is JsonValueKind.Object or JsonValueKind.True or JsonValueKind.False)
                pending.Push((value, depth + 1));
        }
    }

    private void PushItems(SchemaLocation array, int depth)
    {
        foreach (var (position, item) in array.Element.EnumerateArray().Index())
            pending.Push((array with { Pointer = $"{array.Pointer}/{position}", Element = item }, depth));
    }

    private void PushMembers(SchemaLocation entries, int depth)
    {
        foreach (var entry in entries.Element.EnumerateObject())
            pending.Push((entries with { Pointer = JsonPointer.Append(entries.Pointer, JsonText.Read(entry)), Element = entry.Value }, depth));
    }

    /// <summary>JSON Schema 2020-12 Core §8.1.1: $schema at the root of a resource says which dialect it is written in.</summary>
    private Dialect DialectOf(JsonElement element, string path, Dialect fallback)
    {
        if (element.ValueKind != JsonValueKind.Object || !element.TryGetProperty("$schema", out var value))
            return fallback;
        var uri = value.ValueKind == JsonValueKind.String ? JsonText.Read(value) : "";
        return Dialect.Find(uri) ?? CustomDialects.Find(uri, options.Documents, path) ?? throw new JsonSchemaException(
            $"{path}/$schema",
            $"the dialect {Wording.Json(value)} is not supported; supported are \"{Draft202012.Uri}\" and \"{Draft07.Uri}#\"");
    }

    private static string? TryGetText(SchemaLocation place, string keyword)
    {
        if (!place.Resource.Dialect.Knows(keyword) || !place.Element.TryGetProperty(keyword, out var value))
            return null;
        return value.ValueKind == JsonValueKind.String
            ? JsonText.Read(value)
            : throw new JsonSchemaException($"{place.Path}/{keyword}", $"expected a string, received {Wording.Value(value)}");
    }
}
