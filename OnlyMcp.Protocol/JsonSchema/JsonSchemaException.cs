namespace OnlyMcp.Protocol.JsonSchemas;

/// <summary>Says that a schema cannot be used: malformed, too large, of an unknown dialect, or lacking what it refers to.</summary>
/// <remarks>It is about the schema alone. A value that does not fit is told as <see cref="JsonSchemaError"/>, never thrown.</remarks>
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
