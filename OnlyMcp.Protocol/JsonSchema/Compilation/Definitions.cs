namespace OnlyMcp.Protocol.JsonSchemas;

/// <summary>The keywords "$defs" and "definitions": schemas that others refer to. They check nothing, but must be schemas.</summary>
/// <remarks>JSON Schema 2020-12 Core §8.2.4; draft-07 Validation §9.</remarks>
internal static class Definitions
{
    public static Check? From(SchemaSource schema) => Compile(schema, "$defs");

    public static Check? FromOlder(SchemaSource schema) => Compile(schema, "definitions");

    private static Check? Compile(SchemaSource schema, string name)
    {
        if (schema.TryFind(name, out var keyword))
        {
            foreach (var definition in keyword.Entries())
                definition.Value.Subschema();
        }

        return null;
    }
}
