using System.Text.Json;

namespace OnlyMcp.Protocol.JsonSchemas;

/// <summary>The keyword "contains" with "minContains" and "maxContains".</summary>
/// <remarks>JSON Schema 2020-12 Core §10.3.1.3, Validation §6.4.4 and §6.4.5. In draft-07 there is no count: one item is enough.</remarks>
internal sealed class ContainsCheck : Check
{
    private readonly SchemaNode schema;
    private readonly long minimum;
    private readonly long maximum;

    private ContainsCheck(KeywordSource contains, long minimum, long maximum) : base(contains.Path)
    {
        schema = contains.Subschema();
        this.minimum = minimum;
        this.maximum = maximum;
    }

    public static ContainsCheck? From(SchemaSource schema)
    {
        if (!schema.TryFind("contains", out var contains))
            return null;
        return new ContainsCheck(
            contains,
            schema.TryFind("minContains", out var minContains) ? minContains.Count() : 1,
            schema.TryFind("maxContains", out var maxContains) ? maxContains.Count() : long.MaxValue);
    }

    public override bool Accepts(JsonElement instance, ref Evaluation evaluation)
    {
        if (instance.ValueKind != JsonValueKind.Array)
            return true;
        if (!evaluation.Descend())
            return false;
        var count = CountMatches(instance, ref evaluation);
        evaluation.Ascend();
        if (minimum <= count && count <= maximum)
            return true;
        if (evaluation.Errors is not null)
            evaluation.Errors.Add(Path, $"an array with {Wanted} to fit: {schema.Describe()}", $"an array with {count} of them");
        return false;
    }

    private string Wanted => maximum == long.MaxValue
        ? $"at least {Wording.Count(minimum, "item", "items")}"
        : $"between {minimum} and {maximum} items";

    private long CountMatches(JsonElement array, ref Evaluation evaluation)
    {
        var (count, position) = (0L, 0);
        var evaluated = evaluation.Evaluated;
        evaluation.Evaluated = null;
        foreach (var item in array.EnumerateArray())
        {
            if (!evaluation.Charge())
                break;
            if (schema.AcceptsSilently(item, ref evaluation))
            {
                count++;
                evaluated?.Add(position);
            }

            position++;
        }

        evaluation.Evaluated = evaluated;
        return count;
    }
}
