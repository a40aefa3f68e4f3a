using System.Text.Json;

namespace OnlyMcp.Protocol.JsonSchemas;

/// <summary>The keyword "type": JSON Schema 2020-12 Validation §6.1.1.</summary>
internal sealed class TypeCheck : ValueCheck
{
    private readonly JsonTypes types;

    private TypeCheck(string path, JsonTypes types) : base(path) => this.types = types;

    public static TypeCheck? From(SchemaSource schema)
    {
        if (!schema.TryFind("type", out var keyword))
            return null;
        var names = keyword.Value.ValueKind == JsonValueKind.Array ? keyword.Value.EnumerateArray().ToArray() : [keyword.Value];
        if (names.Length == 0)
            throw keyword.Invalid("a type or a non-empty array of types");
        return new TypeCheck(keyword.Path, names.Aggregate(JsonTypes.None, (types, name) => types | Parse(name, keyword)));
    }

    public override bool Accepts(JsonElement instance, ref Evaluation evaluation)
    {
        var actual = Of(instance.ValueKind);
        if ((types & actual) != 0)
            return true;
        return actual == JsonTypes.Number && (types & JsonTypes.Integer) != 0 && ExactNumber.Of(instance).IsInteger;
    }

    public override string Noun(int patience)
        => Wording.Either([.. Enum.GetValues<JsonTypes>().Where(type => type != JsonTypes.None && types.HasFlag(type)).Select(Describe)]);

    private static JsonTypes Parse(JsonElement name, KeywordSource keyword)
        => (name.ValueKind == JsonValueKind.String ? JsonText.Read(name) : null) switch
        {
            "string" => JsonTypes.String,
            "integer" => JsonTypes.Integer,
            "number" => JsonTypes.Number,
            "boolean" => JsonTypes.Boolean,
            "object" => JsonTypes.Object,
            "array" => JsonTypes.Array,
            "null" => JsonTypes.Null,
            _ => throw keyword.Invalid("\"string\", \"integer\", \"number\", \"boolean\", \"object\", \"array\" or \"null\""),
        };

    private static JsonTypes Of(JsonValueKind kind) => kind switch
    {
        JsonValueKind.String => JsonTypes.String,
        JsonValueKind.Number => JsonTypes.Number,
        JsonValueKind.True or JsonValueKind.False => JsonTypes.Boolean,
        JsonValueKind.Object => JsonTypes.Object,
        JsonValueKind.Array => JsonTypes.Array,
        JsonValueKind.Null => JsonTypes.Null,
        _ => JsonTypes.None,
    };

    private static string Describe(JsonTypes type) => type switch
    {
        JsonTypes.Boolean => "true or false",
        JsonTypes.Null => "null",
        JsonTypes.Integer or JsonTypes.Object or JsonTypes.Array => $"an {Lower(type)}",
        _ => $"a {Lower(type)}",
    };

    private static string Lower(JsonTypes type) => Enum.GetName(type)!.ToLowerInvariant();

    // In the order in which an error names them.
    [Flags]
    private enum JsonTypes
    {
        None = 0,
        String = 1,
        Integer = 2,
        Number = 4,
        Boolean = 8,
        Object = 16,
        Array = 32,
        Null = 64,
    }
}
