using System.Text.Json;

namespace OnlyMcp.Protocol.JsonSchemas;

/// <summary>The keyword "not": JSON Schema 2020-12 Core §10.2.1.4.</summary>
internal sealed class NotCheck : Check
{
    private readonly SchemaNode schema;

    private NotCheck(KeywordSource keyword) : base(keyword.Path) => schema = keyword.Subschema();

    public override IEnumerable<SchemaNode> InPlace => [schema];

    public static NotCheck? From(SchemaSource schema)
        => schema.TryFind("not", out var keyword) ? new NotCheck(keyword) : null;

    public override bool Accepts(JsonElement instance, ref Evaluation evaluation)
    {
        var evaluated = evaluation.Evaluated;
        evaluation.Evaluated = null;
        var fits = schema.AcceptsSilently(instance, ref evaluation);
        evaluation.Evaluated = evaluated;
        if (!fits)
            return true;
        if (evaluation.Errors is not null)
            evaluation.Report(Path, schema.Checks.Count == 0 ? "no value here" : $"anything but {schema.Describe()}", instance);
        return false;
    }
}
