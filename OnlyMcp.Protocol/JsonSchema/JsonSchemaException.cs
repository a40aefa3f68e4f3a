namespace OnlyMcp.Protocol.JsonSchemas;

/// <summary>Says that a schema cannot be used: it is malformed, too large, of an unknown dialect, or refers to a schema that is not there.</summary>
/// <remarks>It is about the schema alone. An instance that does not fit its schema is reported as <see cref="JsonSchemaError"/> and never thrown.</remarks>
public sealed class JsonSchemaException : Exception
{
    internal JsonSchemaException(string path, string problem, Exception? cause = null)
        : base($"{Wording.Path(path)}: {problem}", cause)
    {
        Path = path;
    }

    /// <summary>Where in the schema the problem stands, as a JSON Pointer in a URI fragment: <c>#/properties/days/minimum</c>.</summary>
    public string Path { get; }
}
