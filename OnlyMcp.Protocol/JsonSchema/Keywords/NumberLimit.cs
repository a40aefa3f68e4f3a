using System.Runtime.InteropServices;
using System.Text;
using System.Text.Json;

namespace OnlyMcp.Protocol.JsonSchemas;

/// <summary>The keywords "minimum", "maximum", "exclusiveMinimum" and "exclusiveMaximum".</summary>
/// <remarks>JSON Schema 2020-12 Validation §6.2.2 to §6.2.5.</remarks>
internal sealed class NumberLimit : ValueCheck
{
    private readonly byte[] limit;
    private readonly long? wholeLimit; // the same as a long, where it is one: nearly all numbers take this short way
    private readonly string words;
    private readonly Func<int, bool> fits; // given a number below, at or above 0, as the instance is to the limit

    private NumberLimit(KeywordSource keyword, string words, Func<int, bool> fits) : base(keyword.Path)
    {
        limit = JsonMarshal.GetRawUtf8Value(keyword.Number()).ToArray();
        wholeLimit = keyword.Value.TryGetInt64(out var whole) ? whole : null;
        this.words = words;
        this.fits = fits;
    }

    public static NumberLimit? FromMinimum(SchemaSource schema) => From(schema, "minimum", "of at least", side => side >= 0);

    public static NumberLimit? FromMaximum(SchemaSource schema) => From(schema, "maximum", "of at most", side => side <= 0);

    public static NumberLimit? FromExclusiveMinimum(SchemaSource schema)
        => From(schema, "exclusiveMinimum", "greater than", side => side > 0);

    public static NumberLimit? FromExclusiveMaximum(SchemaSource schema)
        => From(schema, "exclusiveMaximum", "less than", side => side < 0);

    public override string Qualifier => $"{words} {Wording.Shorten(Encoding.UTF8.GetString(limit))}";

    public override bool Accepts(JsonElement instance, ref Evaluation evaluation)
    {
        if (instance.ValueKind != JsonValueKind.Number)
            return true;
        return wholeLimit is { } whole && instance.TryGetInt64(out var number)
            ? fits(number.CompareTo(whole))
            : fits(ExactNumber.Of(instance).CompareTo(new ExactNumber(limit)));
    }

    private static NumberLimit? From(SchemaSource schema, string name, string words, Func<int, bool> fits)
        => schema.TryFind(name, out var keyword) ? new NumberLimit(keyword, words, fits) : null;
}
