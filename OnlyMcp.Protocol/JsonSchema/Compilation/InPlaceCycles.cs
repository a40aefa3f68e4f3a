namespace OnlyMcp.Protocol.JsonSchemas;

/// <summary>Refuses schemas that apply themselves to the very same value again, such as {"$ref": "#"}: they never end.</summary>
/// <remarks>
/// JSON Schema 2020-12 Core §9.4.1. Recursion that goes on to a member or an item ends with the value, and is fine. A cycle
/// through $dynamicRef shows only while a value is evaluated, and is stopped there.
/// </remarks>
internal static class InPlaceCycles
{
    public static void Refuse(IEnumerable<SchemaNode> nodes)
    {
        var finished = new HashSet<SchemaNode>();
        foreach (var node in nodes)
            Visit(node, finished);
    }

    // Depth first, on a stack of our own: a chain of references can be as long as there are schemas.
    private static void Visit(SchemaNode start, HashSet<SchemaNode> finished)
    {
        var open = new HashSet<SchemaNode>();
        var stack = new Stack<(SchemaNode Node, IEnumerator<SchemaNode> Next)>();
        Open(start);
        while (stack.TryPeek(out var top))
        {
            if (top.Next.MoveNext())
            {
                Open(top.Next.Current);
                continue;
            }

            stack.Pop();
            open.Remove(top.Node);
            finished.Add(top.Node);
        }

        void Open(SchemaNode node)
        {
            if (finished.Contains(node))
                return;
            if (!open.Add(node))
                throw new JsonSchemaException(node.Path, "the schema refers back to itself for the same value, which would never end");
            stack.Push((node, node.Checks.SelectMany(check => check.InPlace).GetEnumerator()));
        }
    }
}
