using System.Globalization;
using System.Text.Json;

namespace OnlyMcp.Protocol.JsonSchemas;

/// <summary>Finds the schema that a "$ref" or "$dynamicRef" names, among the documents at hand and nowhere else.</summary>
internal sealed class References(SchemaIndex index)
{
    private const string NotAtHand = "no such document is at hand, and none is fetched over a network (JsonSchemaOptions.Documents)";

    /// <summary>RFC 3986 §5: a reference is resolved against the URI of the resource in which it stands.</summary>
    public static Uri Resolve(Uri baseUri, string reference, string path)
    {
        // "#/$defs/day" stays in its resource, and System.Uri would lose that with a base such as urn:uuid:...
        if (reference.Length == 0)
            return baseUri;
        return Uri.TryCreate(reference, UriKind.Absolute, out var absolute) && !reference.StartsWith('/') ? absolute
            : Uri.TryCreate(baseUri, reference, out var resolved) ? resolved
            : throw new JsonSchemaException(path, $"expected a URI, received {Wording.Quote(reference)}");
    }

    /// <summary>The schema that is named, and the name of its $dynamicAnchor if that is how it was found.</summary>
    public (SchemaLocation Target, string? DynamicAnchor) Find(SchemaResource from, string reference, string path)
    {
        var parts = reference.Split('#', 2);
        var fragment = parts.Length == 2 ? Uri.UnescapeDataString(parts[1]) : "";
        var resource = parts[0].Length == 0
            ? from
            : index.Find(Resolve(from.Uri, parts[0], path), from.Dialect)
                ?? throw Unresolved(path, reference, NotAtHand);

        if (fragment.Length == 0 || fragment[0] == '/')
            return (FindPointer(resource, fragment) ?? throw Unresolved(path, reference, "nothing stands there"), null);
        if (resource.DynamicAnchors.TryGetValue(fragment, out var pointer))
            return (resource.Document.Schemas[pointer], fragment);
        return resource.Anchors.TryGetValue(fragment, out pointer)
            ? (resource.Document.Schemas[pointer], null)
            : throw Unresolved(path, reference, "there is no such anchor");
    }

    private static SchemaLocation? FindPointer(SchemaResource resource, string fragment)
    {
        if (resource.Document.Schemas.TryGetValue(resource.Pointer + fragment, out var known))
            return known;

        // A pointer may lead where no known keyword holds a schema; what stands there is then read as one.
        var place = new SchemaLocation(resource, resource.Pointer, resource.Document.Schemas[resource.Pointer].Element);
        foreach (var name in JsonPointer.Names(fragment))
        {
            if (Step(place.Element, name) is not { } next)
                return null;
            var pointer = JsonPointer.Append(place.Pointer, name);
            place = resource.Document.Schemas.GetValueOrDefault(pointer, new SchemaLocation(place.Resource, pointer, next));
        }

        return place;
    }

    private static JsonElement? Step(JsonElement element, string name)
    {
        if (element.ValueKind == JsonValueKind.Object && element.TryGetProperty(name, out var member))
            return member;
        return element.ValueKind == JsonValueKind.Array
            && int.TryParse(name, NumberStyles.None, CultureInfo.InvariantCulture, out var position)
            && position < element.GetArrayLength() ? element[position] : null;
    }

    private static JsonSchemaException Unresolved(string path, string reference, string reason)
        => new(path, $"the reference {Wording.Quote(reference)} cannot be resolved: {reason}");
}
