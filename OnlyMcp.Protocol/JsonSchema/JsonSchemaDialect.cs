namespace OnlyMcp.Protocol.JsonSchemas;

/// <summary>The versions of JSON Schema that this library reads.</summary>
public enum JsonSchemaDialect
{
    /// <summary>Draft 2020-12, the default of the Model Context Protocol.</summary>
    Draft202012,

    /// <summary>Draft-07, still written by many schema generators.</summary>
    Draft07,
}
