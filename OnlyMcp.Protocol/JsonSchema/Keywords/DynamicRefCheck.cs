using System.Text.Json;

namespace OnlyMcp.Protocol.JsonSchemas;

/// <summary>The keyword "$dynamicRef": JSON Schema 2020-12 Core §8.2.3.2.</summary>
/// <remarks>
/// If its reference ends at a $dynamicAnchor, the outermost schema resource on the way here that has a $dynamicAnchor of the same
/// name supplies the target: so a schema that extends another one takes part in the other's recursion. Else it is a plain $ref.
/// </remarks>
internal sealed class DynamicRefCheck : Check
{
    private readonly SchemaNode target;
    private readonly string? anchor;

    private DynamicRefCheck(KeywordSource keyword) : base(keyword.Path) => (target, anchor) = keyword.Reference();

    public static DynamicRefCheck? From(SchemaSource schema)
    {
        if (!schema.TryFind("$dynamicRef", out var keyword))
            return null;
        schema.Compiler.UseDynamicScope();
        return new DynamicRefCheck(keyword);
    }

    public override bool Accepts(JsonElement instance, ref Evaluation evaluation)
    {
        var chosen = anchor is null ? null : DynamicScope.FindOutermost(evaluation.Scope, anchor);
        return (chosen ?? target).Accepts(instance, ref evaluation);
    }

    public override string? Noun(int patience) => patience > 0 ? target.Describe(patience - 1) : null;
}
