using System.Text.Json;

namespace OnlyMcp.Protocol.JsonSchemas;

/// <summary>The keyword "$ref": JSON Schema 2020-12 Core §8.2.3.1.</summary>
internal sealed class RefCheck : Check
{
    private readonly SchemaNode target;

    private RefCheck(KeywordSource keyword) : base(keyword.Path) => target = keyword.Reference().Node;

    public override IEnumerable<SchemaNode> InPlace => [target];

    public static RefCheck? From(SchemaSource schema)
        => schema.TryFind("$ref", out var keyword) ? new RefCheck(keyword) : null;

    public override bool Accepts(JsonElement instance, ref Evaluation evaluation) => target.Accepts(instance, ref evaluation);

    public override string? Noun(int patience) => patience > 0 ? target.Describe(patience - 1) : null;
}
