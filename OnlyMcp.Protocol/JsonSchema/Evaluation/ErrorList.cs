namespace OnlyMcp.Protocol.JsonSchemas;

/// <summary>The errors of one evaluation, up to a limit, and the path of the value that is being looked at.</summary>
internal sealed class ErrorList(int limit, string path = "")
{
    private readonly List<JsonSchemaError> errors = [];
    private readonly HashSet<(string Path, string Expected)> told = [];
    private readonly Stack<string> paths = new([path]);

    public bool IsFull => errors.Count >= limit;

    public string Path => paths.Peek();

    public void Enter(string name) => paths.Push(JsonPointer.Append(Path, name));

    public void Leave() => paths.Pop();

    public void Add(string schemaPath, string expected, string received)
        => Add(new JsonSchemaError(Path, schemaPath, expected, received));

    public void Add(JsonSchemaError error)
    {
        // Two keywords of one schema share one expectation ("an integer of at least 1 and of at most 9"); it is told once.
        if (!IsFull && told.Add((error.Path, error.Expected)))
            errors.Add(error);
    }

    public IReadOnlyList<JsonSchemaError> ToList() => errors.AsReadOnly();
}
