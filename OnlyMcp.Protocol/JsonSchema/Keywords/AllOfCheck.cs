using System.Text.Json;

namespace OnlyMcp.Protocol.JsonSchemas;

/// <summary>The keyword "allOf": JSON Schema 2020-12 Core §10.2.1.1.</summary>
internal sealed class AllOfCheck : Check
{
    private readonly SchemaNode[] schemas;

    private AllOfCheck(KeywordSource keyword) : base(keyword.Path) => schemas = keyword.Subschemas();

    public override IEnumerable<SchemaNode> InPlace => schemas;

    public static AllOfCheck? From(SchemaSource schema)
        => schema.TryFind("allOf", out var keyword) ? new AllOfCheck(keyword) : null;

    public override bool Accepts(JsonElement instance, ref Evaluation evaluation)
    {
        var accepted = true;
        foreach (var schema in schemas)
        {
            if (schema.Accepts(instance, ref evaluation))
                continue;
            accepted = false;
            if (evaluation.StopsAtFailure)
                break;
        }

        return accepted;
    }

    public override string? Noun(int patience)
        => patience > 0 ? string.Join(" and ", schemas.Select(schema => schema.Describe(patience - 1)).Distinct()) : null;
}
