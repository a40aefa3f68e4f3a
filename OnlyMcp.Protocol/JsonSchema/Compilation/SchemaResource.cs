using System.Text.Json;

namespace OnlyMcp.Protocol.JsonSchemas;

/// <summary>A schema with a URI of its own: a document, or the part of one below an "$id". JSON Schema 2020-12 Core §4.3.5.</summary>
internal sealed class SchemaResource(SchemaDocument document, string pointer, Uri uri, Dialect dialect)
{
    public SchemaDocument Document => document;

    /// <summary>Where the resource begins in its document.</summary>
    public string Pointer => pointer;

    public Uri Uri => uri;

    public Dialect Dialect => dialect;

    /// <summary>Names of subschemas, and where those stand in the document: $anchor, and draft-07's "$id": "#name".</summary>
    public Dictionary<string, string> Anchors { get; } = [];

    /// <summary>The same for $dynamicAnchor.</summary>
    public Dictionary<string, string> DynamicAnchors { get; } = [];

    /// <summary>What the dynamic anchors became, for $dynamicRef to choose from while a value is evaluated.</summary>
    public Dictionary<string, SchemaNode> DynamicTargets { get; } = [];
}

/// <summary>A JSON document that holds schemas, with all places in it that are known to be schemas.</summary>
internal sealed class SchemaDocument(JsonElement root, string name)
{
    public JsonElement Root => root;

    /// <summary>How an error names the document: empty for the one that the user gave.</summary>
    public string Name => name;

    public Dictionary<string, SchemaLocation> Schemas { get; } = [];

    /// <summary>A place in the document as errors name it.</summary>
    public string PathTo(string pointer) => $"{name}#{pointer}";
}

/// <summary>One schema in a document, and the resource that it belongs to.</summary>
internal readonly record struct SchemaLocation(SchemaResource Resource, string Pointer, JsonElement Element)
{
    public string Path => Resource.Document.PathTo(Pointer);
}
