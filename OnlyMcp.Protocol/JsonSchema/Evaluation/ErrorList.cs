namespace OnlyMcp.Protocol.JsonSchemas;

/// <summary>The errors of one evaluation, up to a limit, and the path of the value that is being looked at.</summary>
internal sealed class ErrorList(int limit, string path = "")
{
    private readonly List<JsonSchemaError> errors = [];
    private readonly HashSet<(string Path, string Expected)> told = [];
    private readonly Stack<string> names = [];

    public bool IsFull => errors.Count >= limit;

    /// <summary>Put together only when somebody asks: names can be long, and most values give no cause for an error.</summary>
    public string Path => names.Reverse().Aggregate(path, JsonPointer.Append);

    public void Enter(string name) => names.Push(name);

    public void Leave() => names.Pop();

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
