using System.Globalization;
using System.Text.Json;

namespace OnlyMcp.Protocol.JsonSchemas;

/// <summary>The keywords "unevaluatedProperties" and "unevaluatedItems": JSON Schema 2020-12 Core §11.2 and §11.3.</summary>
internal sealed class UnevaluatedCheck : Check
{
    private readonly SchemaNode schema;
    private readonly JsonValueKind kind;

    private UnevaluatedCheck(KeywordSource keyword, JsonValueKind kind) : base(keyword.Path)
    {
        schema = keyword.Subschema();
        this.kind = kind;
    }

    public override bool NeedsEvaluated => true;

    public static UnevaluatedCheck? FromProperties(SchemaSource schema)
        => schema.TryFind("unevaluatedProperties", out var keyword) ? new UnevaluatedCheck(keyword, JsonValueKind.Object) : null;

    public static UnevaluatedCheck? FromItems(SchemaSource schema)
        => schema.TryFind("unevaluatedItems", out var keyword) ? new UnevaluatedCheck(keyword, JsonValueKind.Array) : null;

    public override bool Accepts(JsonElement instance, ref Evaluation evaluation)
    {
        if (instance.ValueKind != kind)
            return true;
        if (!evaluation.Descend())
            return false;
        var accepted = kind == JsonValueKind.Object
            ? AcceptsMembers(instance, ref evaluation)
            : AcceptsItems(instance, ref evaluation);
        evaluation.Ascend();

        // What it has applied to is evaluated now, for the schemas around this one.
        evaluation.Evaluated!.AddAll();
        return accepted;
    }

    private bool AcceptsMembers(JsonElement instance, ref Evaluation evaluation)
    {
        var (accepted, position) = (true, 0);
        foreach (var member in instance.EnumerateObject())
        {
            if (!evaluation.Charge())
                return false;
            if (evaluation.Evaluated!.Contains(position++))
                continue;
            evaluation.Errors?.Enter(JsonText.Read(member));
            accepted &= AcceptsLeftover(member.Value, "no property of this name", ref evaluation);
            evaluation.Errors?.Leave();
            if (!accepted && evaluation.StopsAtFailure)
                break;
        }

        return accepted;
    }

    private bool AcceptsItems(JsonElement instance, ref Evaluation evaluation)
    {
        var (accepted, position) = (true, 0);
        foreach (var item in instance.EnumerateArray())
        {
            if (!evaluation.Charge())
                return false;
            if (!evaluation.Evaluated!.Contains(position))
            {
                evaluation.Errors?.Enter(position.ToString(CultureInfo.InvariantCulture));
                accepted &= AcceptsLeftover(item, "no further item", ref evaluation);
                evaluation.Errors?.Leave();
            }

            if (!accepted && evaluation.StopsAtFailure)
                break;
            position++;
        }

        return accepted;
    }

    private bool AcceptsLeftover(JsonElement part, string nothing, ref Evaluation evaluation)
    {
        if (schema.Checks is not [NeverCheck])
            return schema.AcceptsPart(part, ref evaluation);
        evaluation.Report(Path, nothing, part);
        return false;
    }
}
