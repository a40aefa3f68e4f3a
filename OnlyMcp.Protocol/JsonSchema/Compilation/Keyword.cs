namespace OnlyMcp.Protocol.JsonSchemas;

/// <summary>A keyword that a vocabulary defines, and how schemas stand in its value.</summary>
internal sealed record Keyword(string Name, Holds Holds = Holds.NoSchema);

/// <summary>Where schemas stand in the value of a keyword. In all other places something that looks like a schema is mere data.</summary>
internal enum Holds
{
    NoSchema,

    /// <summary>The value is a schema, or an array of schemas.</summary>
    Schemas,

    /// <summary>The value is an object whose members are schemas.</summary>
    SchemasByName,
}
