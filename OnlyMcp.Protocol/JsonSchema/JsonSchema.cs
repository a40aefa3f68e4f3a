using System.Text.Json;

namespace OnlyMcp.Protocol.JsonSchemas;

/// <summary>A JSON Schema, read once and ready to check any number of values, from any number of threads at once.</summary>
/// <remarks>
/// Draft 2020-12 and draft-07. Nothing is fetched over a network, and depth, work, regular expressions and the number of errors
/// are bounded, so that neither a schema nor a value from a stranger can hang or crash the process.
/// </remarks>
public sealed class JsonSchema
{
    private readonly SchemaNode root;
    private readonly EvaluationLimits limits;

    private JsonSchema(SchemaNode root, EvaluationLimits limits)
    {
        this.root = root;
        this.limits = limits;
    }

    /// <summary>Reads a schema and checks that it makes sense: keywords, references, regular expressions and limits.</summary>
    /// <param name="schema">An object, or true (anything fits) or false (nothing fits). Its document may be disposed afterwards.</param>
    /// <param name="options">Limits and choices; the defaults where null.</param>
    /// <returns>The schema, which does not change any more.</returns>
    /// <exception cref="JsonSchemaException">The schema is malformed, too large, of an unknown dialect, or lacks what it refers to.</exception>
    public static JsonSchema Parse(JsonElement schema, JsonSchemaOptions? options = null)
    {
        options ??= JsonSchemaOptions.Default;
        var compiler = new SchemaCompiler(options);
        var root = compiler.Compile(schema);
        return new JsonSchema(root, new EvaluationLimits(options, compiler.UsesDynamicScope));
    }

    /// <summary>Reads a schema from its JSON text.</summary>
    /// <param name="json">The JSON text of the schema.</param>
    /// <param name="options">Limits and choices; the defaults where null.</param>
    /// <returns>The schema, which does not change any more.</returns>
    /// <exception cref="JsonException">The text is not JSON.</exception>
    /// <exception cref="JsonSchemaException">The schema is malformed, too large, of an unknown dialect, or lacks what it refers to.</exception>
    public static JsonSchema Parse(string json, JsonSchemaOptions? options = null)
    {
        using var document = JsonDocument.Parse(json);
        return Parse(document.RootElement, options);
    }

    /// <summary>Whether a value fits the schema. It stops at the first misfit and names none.</summary>
    /// <param name="instance">The value to check.</param>
    /// <returns>True if it fits; false if it does not, or if a limit was reached before that was known.</returns>
    /// <exception cref="ArgumentException">The element is default(JsonElement), which is no value.</exception>
    public bool IsValid(JsonElement instance)
    {
        if (instance.ValueKind == JsonValueKind.Undefined)
            throw new ArgumentException("The element is default(JsonElement), which is no value.", nameof(instance));
        var evaluation = new Evaluation(limits, errors: null);
        return root.Accepts(instance, ref evaluation) && !evaluation.GaveUp;
    }

    /// <summary>Checks a value and says what is wrong with it.</summary>
    /// <param name="instance">The value to check.</param>
    /// <returns>No error if the value fits; else at least one and at most <see cref="JsonSchemaOptions.MaxErrors"/>.</returns>
    /// <exception cref="ArgumentException">The element is default(JsonElement), which is no value.</exception>
    public IReadOnlyList<JsonSchemaError> Validate(JsonElement instance)
    {
        // Most values fit, and then the quick way is all it takes; reasons are gathered in a second walk only.
        if (IsValid(instance))
            return [];
        var errors = new ErrorList(limits.MaxErrors);
        var evaluation = new Evaluation(limits, errors);
        root.Accepts(instance, ref evaluation);
        if (evaluation.Reason is { } reason)
            errors.Add(reason);
        return errors.ToList();
    }
}
