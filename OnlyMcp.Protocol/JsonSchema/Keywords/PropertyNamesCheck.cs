using System.Runtime.InteropServices;
using System.Text.Json;

namespace OnlyMcp.Protocol.JsonSchemas;

/// <summary>The keyword "propertyNames": JSON Schema 2020-12 Core §10.3.2.4.</summary>
internal sealed class PropertyNamesCheck : Check
{
    private readonly SchemaNode schema;

    private PropertyNamesCheck(KeywordSource keyword) : base(keyword.Path) => schema = keyword.Subschema();

    public static PropertyNamesCheck? From(SchemaSource schema)
        => schema.TryFind("propertyNames", out var keyword) ? new PropertyNamesCheck(keyword) : null;

    public override bool Accepts(JsonElement instance, ref Evaluation evaluation)
    {
        if (instance.ValueKind != JsonValueKind.Object)
            return true;
        var accepted = true;
        foreach (var member in instance.EnumerateObject())
        {
            if (!evaluation.Charge())
                return false;
            var name = AsValue(member);
            if (AcceptsName(name, ref evaluation))
                continue;
            accepted = false;
            if (evaluation.Errors is not null)
                evaluation.Report(Path, $"each property name to be {schema.Describe()}", name);
            if (evaluation.StopsAtFailure)
                break;
        }

        return accepted;
    }

    private bool AcceptsName(JsonElement name, ref Evaluation evaluation)
    {
        var evaluated = evaluation.Evaluated;
        evaluation.Evaluated = null;
        var accepted = schema.AcceptsSilently(name, ref evaluation);
        evaluation.Evaluated = evaluated;
        return accepted;
    }

    // A name is no value of its own in the document; its bytes between quotes are.
    private static JsonElement AsValue(JsonProperty member)
        => JsonElement.Parse([(byte)'"', .. JsonMarshal.GetRawUtf8PropertyName(member), (byte)'"']);
}
