using System.Text.Json;

namespace OnlyMcp.Protocol.JsonSchemas;

/// <summary>Turns a schema into nodes with checks. Each place in a document becomes one node, however many references lead to it.</summary>
/// <remarks>Nodes wait in a queue to be filled: neither a chain of references nor deep nesting takes any stack.</remarks>
internal sealed class SchemaCompiler
{
    private readonly SchemaIndex index;
    private readonly References references;
    private readonly Dictionary<(SchemaDocument, string), SchemaNode> nodes = [];
    private readonly Queue<(SchemaNode Node, SchemaLocation Location)> unfinished = [];
    private readonly Dictionary<string, Pattern> patterns = [];

    public SchemaCompiler(JsonSchemaOptions options)
    {
        Options = options;
        index = new SchemaIndex(options);
        references = new References(index);
    }

    public JsonSchemaOptions Options { get; }

    /// <summary>Whether there is a $dynamicRef whose target depends on the way by which an evaluation reached it.</summary>
    public bool UsesDynamicScope { get; private set; }

    public SchemaNode Compile(JsonElement schema)
    {
        if (schema.ValueKind == JsonValueKind.Undefined)
            throw new ArgumentException("The element is default(JsonElement); pass the root element of a document.", nameof(schema));
        var root = NodeAt(index.Add(schema));
        Finish();
        if (UsesDynamicScope)
            CompileDynamicAnchors();
        InPlaceCycles.Refuse(nodes.Values);
        return root;
    }

    public SchemaNode NodeAt(SchemaLocation location)
    {
        var document = location.Resource.Document;
        if (nodes.TryGetValue((document, location.Pointer), out var node))
            return node;

        // The index knows in which resource a schema stands: its own $id may have opened a new one.
        if (document.Schemas.TryGetValue(location.Pointer, out var indexed))
            location = indexed;
        else
            index.Count(location);
        nodes.Add((document, location.Pointer), node = new SchemaNode(location.Resource, location.Path));
        unfinished.Enqueue((node, location));
        return node;
    }

    public (SchemaNode Node, string? DynamicAnchor) Reference(SchemaResource from, string reference, string path)
    {
        var (target, dynamicAnchor) = references.Find(from, reference, path);
        return (NodeAt(target), dynamicAnchor);
    }

    public void UseDynamicScope() => UsesDynamicScope = true;

    public Pattern Pattern(string source, string path)
    {
        if (!patterns.TryGetValue(source, out var pattern))
            patterns.Add(source, pattern = JsonSchemas.Pattern.Parse(source, Options.MatchTimeout, path));
        return pattern;
    }

    private void Finish()
    {
        while (unfinished.TryDequeue(out var next))
            next.Node.Complete(CompileChecks(next.Location));
    }

    private Check[] CompileChecks(SchemaLocation location) => location.Element.ValueKind switch
    {
        JsonValueKind.True => [],
        JsonValueKind.False => [new NeverCheck(location.Path)],
        JsonValueKind.Object => CompileKeywords(new SchemaSource(this, location)),
        _ => throw new JsonSchemaException(
            location.Path,
            $"expected a schema (an object, true or false), received {Wording.Value(location.Element)}"),
    };

    private static Check[] CompileKeywords(SchemaSource schema)
    {
        var dialect = schema.Location.Resource.Dialect;
        if (dialect.RefStandsAlone && RefCheck.From(schema) is { } reference)
            return [reference];
        return [.. dialect.Rules.Select(rule => rule(schema)).OfType<Check>()];
    }

    // Any of them may become a target. Compiling one can bring in further documents, with further anchors.
    private void CompileDynamicAnchors()
    {
        for (var known = -1; known != nodes.Count;)
        {
            known = nodes.Count;
            foreach (var resource in index.Resources.ToList())
            {
                foreach (var (name, pointer) in resource.DynamicAnchors)
                    resource.DynamicTargets[name] = NodeAt(resource.Document.Schemas[pointer]);
            }

            Finish();
        }
    }
}
