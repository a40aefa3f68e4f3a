namespace OnlyMcp.Protocol.JsonSchemas;

/// <summary>One reason why a value does not fit its schema, worded so that its author, a person or a model, can mend it.</summary>
/// <param name="Path">Where in the value the problem stands, as a JSON Pointer; empty for the value as a whole.</param>
/// <param name="SchemaPath">The keyword that was broken, as a JSON Pointer in a URI fragment: <c>#/properties/days/minimum</c>.</param>
/// <param name="Expected">What would have fitted: <c>an integer of at least 1</c>.</param>
/// <param name="Received">What stood there instead, shortened to some 60 characters: <c>"three"</c>.</param>
public sealed record JsonSchemaError(string Path, string SchemaPath, string Expected, string Received)
{
    /// <summary>The error as one sentence: <c>/days: expected an integer of at least 1, received "three"</c>.</summary>
    /// <returns>Path, expectation and what was received; the value as a whole is called <c>(root)</c>.</returns>
    public override string ToString() => $"{Wording.Path(Path)}: expected {Expected}, received {Received}";
}
