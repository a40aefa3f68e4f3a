using System.Globalization;
using System.Text.Json;

namespace OnlyMcp.Protocol.JsonSchemas;

/// <summary>The keywords "prefixItems" and "items" (2020-12), "items" and "additionalItems" (draft-07), in one walk over the array.</summary>
/// <remarks>JSON Schema 2020-12 Core §10.3.1.1 and §10.3.1.2; draft-07 Validation §6.4.1 and §6.4.2.</remarks>
internal sealed class ItemsCheck : Check
{
    private readonly SchemaNode[] first;
    private readonly SchemaNode? rest;

    private ItemsCheck(string path, SchemaNode[] first, SchemaNode? rest) : base(path)
    {
        this.first = first;
        this.rest = rest;
    }

    public static ItemsCheck? From(SchemaSource schema)
    {
        var hasFirst = schema.TryFind("prefixItems", out var prefixItems);
        var hasRest = schema.TryFind("items", out var items);
        return hasFirst || hasRest
            ? new ItemsCheck(schema.Path, hasFirst ? prefixItems.Subschemas() : [], hasRest ? items.Subschema() : null)
            : null;
    }

    public static ItemsCheck? FromDraft07(SchemaSource schema)
    {
        if (!schema.TryFind("items", out var items))
            return null;
        if (items.Value.ValueKind != JsonValueKind.Array)
            return new ItemsCheck(items.Path, [], items.Subschema());

        // additionalItems counts beside an array of schemas only.
        var rest = schema.TryFind("additionalItems", out var additional) ? additional.Subschema() : null;
        return new ItemsCheck(items.Path, items.Subschemas(canBeEmpty: true), rest);
    }

    public override bool Accepts(JsonElement instance, ref Evaluation evaluation)
    {
        if (instance.ValueKind != JsonValueKind.Array)
            return true;
        if (!evaluation.Descend())
            return false;
        var (accepted, position) = (true, 0);
        foreach (var item in instance.EnumerateArray())
        {
            if (!evaluation.Charge() || !AcceptsItem(item, position++, ref evaluation))
            {
                accepted = false;
                if (evaluation.StopsAtFailure)
                    break;
            }
        }

        evaluation.Ascend();
        return accepted;
    }

    private bool AcceptsItem(JsonElement item, int position, ref Evaluation evaluation)
    {
        var schema = position < first.Length ? first[position] : rest;
        if (schema is null)
            return true;
        evaluation.Evaluated?.Add(position);
        if (evaluation.Errors is not { } errors)
            return schema.AcceptsPart(item, ref evaluation);
        errors.Enter(position.ToString(CultureInfo.InvariantCulture));
        var accepted = schema.AcceptsPart(item, ref evaluation);
        errors.Leave();
        return accepted;
    }
}
