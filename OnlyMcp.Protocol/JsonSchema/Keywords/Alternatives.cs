using System.Text.Json;

namespace OnlyMcp.Protocol.JsonSchemas;

/// <summary>The schemas of "anyOf" or "oneOf", and what to say when a value fits none of them.</summary>
internal sealed class Alternatives(KeywordSource keyword)
{
    private const int MostDescribed = 8;

    private readonly string path = keyword.Path;

    public SchemaNode[] Schemas { get; } = keyword.Subschemas();

    public string? Describe(int patience)
    {
        if (patience == 0)
            return null;
        var described = Schemas.Take(MostDescribed).Select(schema => schema.Describe(patience - 1)).Distinct().ToList();
        if (Schemas.Length > MostDescribed)
            described.Add("another alternative");
        return Wording.Either(described);
    }

    /// <summary>
    /// Tells why the value fits none. Where it comes close to exactly one alternative, an object with one wrong member, say, that
    /// one's own errors are the helpful ones; else all alternatives are named.
    /// </summary>
    public void Report(JsonElement instance, ref Evaluation evaluation)
    {
        var outer = evaluation.Errors!;
        var near = new List<IReadOnlyList<JsonSchemaError>>();
        foreach (var schema in Schemas.Take(MostDescribed))
        {
            var errors = ErrorsOf(schema, instance, ref evaluation);
            if (errors.Count > 0 && errors.All(error => IsNear(error, outer.Path)))
                near.Add(errors);
        }

        if (evaluation.GaveUp)
            return;
        if (near.Count != 1)
            evaluation.Report(path, Describe(patience: 3)!, instance);
        foreach (var error in near.Count == 1 ? near[0] : [])
            outer.Add(error);
    }

    // The value has the right type, but a part of it is wrong or missing.
    private static bool IsNear(JsonSchemaError error, string path)
        => error.Path.Length > path.Length || error.SchemaPath.EndsWith("/required", StringComparison.Ordinal);

    private static IReadOnlyList<JsonSchemaError> ErrorsOf(SchemaNode schema, JsonElement instance, ref Evaluation evaluation)
    {
        var outer = evaluation.Errors!;
        var own = evaluation.Errors = new ErrorList(evaluation.Limits.MaxErrors, outer.Path);
        schema.AcceptsBranch(instance, ref evaluation);
        evaluation.Errors = outer;
        return own.ToList();
    }
}
