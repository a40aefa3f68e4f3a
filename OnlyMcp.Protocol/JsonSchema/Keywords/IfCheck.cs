using System.Text.Json;

namespace OnlyMcp.Protocol.JsonSchemas;

/// <summary>The keywords "if", "then" and "else": JSON Schema 2020-12 Core §10.2.2.1 to §10.2.2.3.</summary>
internal sealed class IfCheck : Check
{
    private readonly SchemaNode condition;
    private readonly SchemaNode? then;
    private readonly SchemaNode? otherwise;

    private IfCheck(KeywordSource condition, SchemaNode? then, SchemaNode? otherwise) : base(condition.Path)
    {
        this.condition = condition.Subschema();
        this.then = then;
        this.otherwise = otherwise;
    }

    public override IEnumerable<SchemaNode> InPlace => new[] { condition, then, otherwise }.OfType<SchemaNode>();

    public static IfCheck? From(SchemaSource schema)
        => schema.TryFind("if", out var condition)
            ? new IfCheck(
                condition,
                schema.TryFind("then", out var then) ? then.Subschema() : null,
                schema.TryFind("else", out var otherwise) ? otherwise.Subschema() : null)
            : null;

    public override bool Accepts(JsonElement instance, ref Evaluation evaluation)
    {
        var chosen = condition.AcceptsSilently(instance, ref evaluation) ? then : otherwise;
        return !evaluation.GaveUp && (chosen is null || chosen.Accepts(instance, ref evaluation));
    }
}
