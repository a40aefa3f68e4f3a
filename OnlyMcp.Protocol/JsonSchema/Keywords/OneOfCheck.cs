using System.Text.Json;

namespace OnlyMcp.Protocol.JsonSchemas;

/// <summary>The keyword "oneOf": JSON Schema 2020-12 Core §10.2.1.3.</summary>
internal sealed class OneOfCheck : Check
{
    private readonly Alternatives alternatives;

    private OneOfCheck(KeywordSource keyword) : base(keyword.Path) => alternatives = new Alternatives(keyword);

    public override IEnumerable<SchemaNode> InPlace => alternatives.Schemas;

    public static OneOfCheck? From(SchemaSource schema)
        => schema.TryFind("oneOf", out var keyword) ? new OneOfCheck(keyword) : null;

    public override bool Accepts(JsonElement instance, ref Evaluation evaluation)
    {
        SchemaNode? match = null;
        foreach (var schema in alternatives.Schemas)
        {
            if (!schema.AcceptsSilently(instance, ref evaluation))
                continue;
            if (match is not null)
                return ReportTwo(match, schema, instance, ref evaluation);
            match = schema;
        }

        if (match is null && evaluation.Errors is not null)
            alternatives.Report(instance, ref evaluation);
        return match is not null;
    }

    public override string? Noun(int patience) => alternatives.Describe(patience);

    private bool ReportTwo(SchemaNode first, SchemaNode second, JsonElement instance, ref Evaluation evaluation)
    {
        if (evaluation.Errors is not null)
        {
            var both = $"{first.Describe()} ({first.Path}) and {second.Describe()} ({second.Path})";
            evaluation.Report(Path, $"a value that fits only one alternative, not both {both}", instance);
        }

        return false;
    }
}
