using System.Text.Json;

namespace OnlyMcp.Protocol.JsonSchemas;

/// <summary>A keyword and its value while they are being compiled.</summary>
/// <remarks>It reads the value as what it must be, or says what is wrong with it.</remarks>
internal readonly struct KeywordSource(SchemaSource schema, string pointer, JsonElement value)
{
    public JsonElement Value => value;

    public string Path => schema.Location.Resource.Document.PathTo(Pointer);

    private string Pointer => $"{schema.Location.Pointer}/{pointer}";

    public JsonSchemaException Invalid(string expected) => new(Path, $"expected {expected}, received {Wording.Value(value)}");

    public JsonElement Number() => value.ValueKind == JsonValueKind.Number ? value : throw Invalid("a number");

    public bool Flag() => value.ValueKind switch
    {
        JsonValueKind.True => true,
        JsonValueKind.False => false,
        _ => throw Invalid("true or false"),
    };

    public string Text() => value.ValueKind == JsonValueKind.String ? JsonText.Read(value) : throw Invalid("a string");

    /// <summary>A whole number of at least 0, perhaps written as 2.0. One beyond any size there can be reads as the largest long.</summary>
    public long Count()
    {
        if (value.ValueKind != JsonValueKind.Number)
            throw Invalid("a whole number of at least 0");
        var number = ExactNumber.Of(value);
        if (!number.IsInteger || number.CompareTo(new ExactNumber("0"u8)) < 0)
            throw Invalid("a whole number of at least 0");
        if (number.IsZero)
            return 0;
        return number.CompareTo(new ExactNumber("1e18"u8)) >= 0
            ? long.MaxValue
            : (long)number.DigitsModulo(1_000_000_000_000_000_000) * Power(number.LastPower);
    }

    public IReadOnlyList<string> Names()
    {
        if (value.ValueKind != JsonValueKind.Array || value.EnumerateArray().Any(name => name.ValueKind != JsonValueKind.String))
            throw Invalid("an array of property names");
        return [.. value.EnumerateArray().Select(JsonText.Read)];
    }

    public SchemaNode Subschema() => schema.Compiler.NodeAt(new SchemaLocation(schema.Location.Resource, Pointer, value));

    public SchemaNode[] Subschemas(bool canBeEmpty = false)
    {
        if (value.ValueKind != JsonValueKind.Array || (value.GetArrayLength() == 0 && !canBeEmpty))
            throw Invalid("a non-empty array of schemas");
        var (source, parent) = (schema, pointer);
        return [.. value.EnumerateArray().Select((item, position) => new KeywordSource(source, $"{parent}/{position}", item).Subschema())];
    }

    /// <summary>The members of the value, each as a source of its own. Of two with one name the last counts.</summary>
    public IEnumerable<KeyValuePair<string, KeywordSource>> Entries()
    {
        if (value.ValueKind != JsonValueKind.Object)
            throw Invalid("an object");
        var entries = new Dictionary<string, KeywordSource>();
        foreach (var member in value.EnumerateObject())
        {
            var name = JsonText.Read(member);
            entries[name] = new KeywordSource(schema, JsonPointer.Append(pointer, name), member.Value);
        }

        return entries;
    }

    public Pattern Pattern(string source) => schema.Compiler.Pattern(source, Path);

    public (SchemaNode Node, string? DynamicAnchor) Reference() => schema.Compiler.Reference(schema.Location.Resource, Text(), Path);

    private static long Power(long exponent)
    {
        var power = 1L;
        for (; exponent > 0; exponent--)
            power *= 10;
        return power;
    }
}
