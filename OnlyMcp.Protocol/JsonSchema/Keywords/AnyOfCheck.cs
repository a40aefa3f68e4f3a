using System.Text.Json;

namespace OnlyMcp.Protocol.JsonSchemas;

/// <summary>The keyword "anyOf": JSON Schema 2020-12 Core §10.2.1.2.</summary>
internal sealed class AnyOfCheck : Check
{
    private readonly Alternatives alternatives;

    private AnyOfCheck(KeywordSource keyword) : base(keyword.Path) => alternatives = new Alternatives(keyword);

    public override IEnumerable<SchemaNode> InPlace => alternatives.Schemas;

    public static AnyOfCheck? From(SchemaSource schema)
        => schema.TryFind("anyOf", out var keyword) ? new AnyOfCheck(keyword) : null;

    public override bool Accepts(JsonElement instance, ref Evaluation evaluation)
    {
        var accepted = false;
        foreach (var schema in alternatives.Schemas)
        {
            if (!schema.AcceptsSilently(instance, ref evaluation))
                continue;
            accepted = true;

            // One is enough, unless what the others evaluate counts too.
            if (evaluation.Evaluated is null)
                break;
        }

        if (!accepted && evaluation.Errors is not null)
            alternatives.Report(instance, ref evaluation);
        return accepted;
    }

    public override string? Noun(int patience) => alternatives.Describe(patience);
}
