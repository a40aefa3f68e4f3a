using System.Text.Json;

namespace OnlyMcp.Protocol.JsonSchemas;

/// <summary>The keywords "enum" and "const": JSON Schema 2020-12 Validation §6.1.2 and §6.1.3.</summary>
internal sealed class EnumCheck : ValueCheck
{
    private const int MostNamed = 20;

    private readonly JsonElement[] values;

    private EnumCheck(string path, IEnumerable<JsonElement> values) : base(path)
        // The schema's document may be disposed while the compiled schema lives on.
        => this.values = [.. values.Select(value => value.Clone())];

    public static EnumCheck? FromEnum(SchemaSource schema)
    {
        if (!schema.TryFind("enum", out var keyword))
            return null;
        return keyword.Value.ValueKind == JsonValueKind.Array
            ? new EnumCheck(keyword.Path, keyword.Value.EnumerateArray())
            : throw keyword.Invalid("an array of the allowed values");
    }

    public static EnumCheck? FromConst(SchemaSource schema)
        => schema.TryFind("const", out var keyword) ? new EnumCheck(keyword.Path, [keyword.Value]) : null;

    public override bool Accepts(JsonElement instance, ref Evaluation evaluation)
    {
        foreach (var value in values)
        {
            if (!evaluation.Charge())
                return false;
            if (JsonEquality.AreEqual(value, instance, ref evaluation))
                return true;
        }

        return false;
    }

    public override string Noun(int patience)
    {
        var named = values.Take(MostNamed).Select(Wording.Json).ToList();
        if (values.Length > MostNamed)
            named.Add($"one of {values.Length - MostNamed} other values");
        return named.Count == 0 ? "no value at all" : Wording.Either(named);
    }
}
