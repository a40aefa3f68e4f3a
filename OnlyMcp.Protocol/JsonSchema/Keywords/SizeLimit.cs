using System.Text.Json;

namespace OnlyMcp.Protocol.JsonSchemas;

/// <summary>The keywords that count: minLength, maxLength, minItems, maxItems, minProperties, maxProperties.</summary>
/// <remarks>JSON Schema 2020-12 Validation §6.3.1, §6.3.2, §6.4.1, §6.4.2, §6.5.1 and §6.5.2.</remarks>
internal sealed class SizeLimit : ValueCheck
{
    private readonly JsonValueKind kind;
    private readonly bool isMinimum;
    private readonly long limit;

    private SizeLimit(KeywordSource keyword, JsonValueKind kind, bool isMinimum) : base(keyword.Path)
    {
        this.kind = kind;
        this.isMinimum = isMinimum;
        limit = keyword.Count();
    }

    public override string Qualifier
        => $"{(kind == JsonValueKind.String ? "of" : "with")} {(isMinimum ? "at least" : "at most")} {limit} {Unit}";

    private string Unit => kind switch
    {
        JsonValueKind.String => limit == 1 ? "character" : "characters",
        JsonValueKind.Array => limit == 1 ? "item" : "items",
        _ => limit == 1 ? "property" : "properties",
    };

    public static SizeLimit? FromMinLength(SchemaSource schema) => From(schema, "minLength", JsonValueKind.String, isMinimum: true);

    public static SizeLimit? FromMaxLength(SchemaSource schema) => From(schema, "maxLength", JsonValueKind.String, isMinimum: false);

    public static SizeLimit? FromMinItems(SchemaSource schema) => From(schema, "minItems", JsonValueKind.Array, isMinimum: true);

    public static SizeLimit? FromMaxItems(SchemaSource schema) => From(schema, "maxItems", JsonValueKind.Array, isMinimum: false);

    public static SizeLimit? FromMinProperties(SchemaSource schema)
        => From(schema, "minProperties", JsonValueKind.Object, isMinimum: true);

    public static SizeLimit? FromMaxProperties(SchemaSource schema)
        => From(schema, "maxProperties", JsonValueKind.Object, isMinimum: false);

    public override bool Accepts(JsonElement instance, ref Evaluation evaluation)
    {
        if (instance.ValueKind != kind)
            return true;
        var size = SizeOf(instance, ref evaluation);
        return isMinimum ? size >= limit : size <= limit;
    }

    private static SizeLimit? From(SchemaSource schema, string name, JsonValueKind kind, bool isMinimum)
        => schema.TryFind(name, out var keyword) ? new SizeLimit(keyword, kind, isMinimum) : null;

    private static int SizeOf(JsonElement instance, ref Evaluation evaluation)
    {
        if (instance.ValueKind == JsonValueKind.Array)
            return instance.GetArrayLength();
        if (instance.ValueKind == JsonValueKind.Object)
            return instance.GetPropertyCount();
        evaluation.Charge(JsonText.Raw(instance).Length / 64);
        return JsonText.CountCodePoints(instance);
    }
}
