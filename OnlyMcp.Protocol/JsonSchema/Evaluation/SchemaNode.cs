using System.Text.Json;

namespace OnlyMcp.Protocol.JsonSchemas;

/// <summary>One compiled schema: the checks that its keywords became, in the order in which they run.</summary>
internal sealed class SchemaNode(SchemaResource resource, string path)
{
    private const int MostDescribed = 4;

    // Filled in once by the compiler, after the node exists: a schema may refer to itself.
    private Check[] checks = [];
    private bool asksForEvaluated;

    /// <summary>Where the schema stands, as a JSON Pointer in a URI fragment.</summary>
    public string Path => path;

    public IReadOnlyList<Check> Checks => checks;

    public void Complete(Check[] compiled)
    {
        checks = compiled;
        asksForEvaluated = compiled.Any(check => check.NeedsEvaluated);
    }

    /// <summary>Applies the schema to a value.</summary>
    public bool Accepts(JsonElement instance, ref Evaluation evaluation)
    {
        if (checks.Length == 0)
            return true;
        if (!evaluation.Apply())
            return false;
        return asksForEvaluated || evaluation.Limits.TracksScope
            ? AcceptsTracked(instance, ref evaluation)
            : PassesChecks(instance, ref evaluation);
    }

    /// <summary>Applies the schema to a member or an item of the value that is being looked at.</summary>
    public bool AcceptsPart(JsonElement part, ref Evaluation evaluation)
    {
        var whole = evaluation.Evaluated;
        evaluation.Evaluated = null;
        var accepted = Accepts(part, ref evaluation);
        evaluation.Evaluated = whole;
        return accepted;
    }

    /// <summary>Applies the schema as one of several ways out: unless it accepts, what it has evaluated does not count.</summary>
    public bool AcceptsBranch(JsonElement instance, ref Evaluation evaluation)
    {
        if (evaluation.Evaluated is not { } outer)
            return Accepts(instance, ref evaluation);
        var own = evaluation.Evaluated = new Evaluated();
        var accepted = Accepts(instance, ref evaluation);
        evaluation.Evaluated = outer;
        if (accepted)
            outer.Add(own);
        return accepted;
    }

    /// <summary>Applies the schema as <see cref="AcceptsBranch"/> does, and tells nobody why it failed.</summary>
    public bool AcceptsSilently(JsonElement instance, ref Evaluation evaluation)
    {
        var errors = evaluation.Errors;
        evaluation.Errors = null;
        var accepted = AcceptsBranch(instance, ref evaluation);
        evaluation.Errors = errors;
        return accepted;
    }

    /// <summary>What fits this schema, in words: <c>an integer of at least 1</c>. References are followed a few times.</summary>
    public string Describe(int patience = MostDescribed)
    {
        var noun = checks.Select(check => check.Noun(patience)).FirstOrDefault(text => text is not null);
        var qualifiers = checks.Select(check => check.Qualifier).OfType<string>();
        return $"{noun ?? "a value"} {string.Join(" and ", qualifiers)}".TrimEnd();
    }

    private bool AcceptsTracked(JsonElement instance, ref Evaluation evaluation)
    {
        var (outerScope, outerEvaluated) = (evaluation.Scope, evaluation.Evaluated);
        if (evaluation.Limits.TracksScope && outerScope?.Resource != resource)
            evaluation.Scope = new DynamicScope(resource, outerScope);
        if (asksForEvaluated)
            evaluation.Evaluated = new Evaluated();

        var accepted = PassesChecks(instance, ref evaluation);
        if (asksForEvaluated && accepted)
            outerEvaluated?.Add(evaluation.Evaluated!);
        (evaluation.Scope, evaluation.Evaluated) = (outerScope, outerEvaluated);
        return accepted;
    }

    private bool PassesChecks(JsonElement instance, ref Evaluation evaluation)
    {
        var accepted = true;
        foreach (var check in checks)
        {
            // What is unevaluated is known only if everything else has passed.
            if (!accepted && check.NeedsEvaluated)
                continue;
            if (check.Accepts(instance, ref evaluation))
                continue;
            accepted = false;
            if (check.SpeaksForSchema)
                evaluation.Report(check.Path, evaluation.Errors is null ? "" : Describe(), instance);
            if (evaluation.StopsAtFailure)
                return false;
        }

        return accepted;
    }
}
