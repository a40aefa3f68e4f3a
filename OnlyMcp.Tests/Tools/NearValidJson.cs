using System.Text.Json;
using System.Text.RegularExpressions;
using FsCheck;
using FsCheck.Fluent;

namespace OnlyMcp.Tests.Tools;

/// <summary>JSON texts that fit a schema, or nearly: at every place there is a chance of something else.</summary>
internal sealed class NearValidJson(JsonElement root)
{
    private static readonly string[] Numbers =
    [
        "0", "-0", "1", "-1", "1.0", "-1.0e0", "1e2", "1E+1", "12300e-2", "1.5", "-0.25", "127", "128", "-128", "-129", "255", "256", "255.0", "65504",
        "65505", "65504.5", "32767", "32768", "65535", "65536", "2147483647", "2147483648", "-2147483648", "-2147483649", "4294967295", "4294967296",
        "9223372036854775807", "9223372036854775808", "-9223372036854775808", "-9223372036854775809", "18446744073709551615", "18446744073709551616",
        "170141183460469231731687303715884105727", "170141183460469231731687303715884105728", "-170141183460469231731687303715884105729",
        "340282366920938463463374607431768211455", "340282366920938463463374607431768211456", "79228162514264337593543950335",
        "79228162514264337593543950336", "1e28", "1e29", "1e39", "1e400", "-1e400", "1e-400", "0e400", "1e-7", "0.1000000000000000055511151231257827",
    ];

    private static readonly string[] Texts =
    [
        "", "a", "é", "😀", "\n", "ab", " ", "Red", "red", "Green", "Blue", "dark blue", "Left", "Both", "None", "0", "1", "01", "255", "-1",
        "0b6f1c1e-8a52-4c1f-9a0e-3d1f6f1f2a77", "0B6F1C1E-8A52-4C1F-9A0E-3D1F6F1F2A77", "{0b6f1c1e-8a52-4c1f-9a0e-3d1f6f1f2a77}", "0b6f1c1e8a524c1f9a0e3d1f6f1f2a77",
        "2026-07-28", "2026-13-01", "2024-02-29", "2026-7-2", "2026-07-28\n", "2026-07-28T09:30:00Z", "2026-07-28T09:30:00+02:00", "2026-07-28T09:30:00.123456789-13:59",
        "2026-07-28T09:30:00", "2026-07-28T09:30Z", "2026-07-28t09:30:00z", "2026-07-28T24:00:00Z", "2026-07-28T09:30:60Z", "2026-07-28T09:30:00+14:00",
        "09:30", "09:30:00", "23:59:59.9999999", "24:00:00", "9:30", "09:30:00.12345678", "1.02:30:00", "-1.02:30:00.5", "9999999.00:00:00", "10675200.00:00:00", "PT1H",
        "https://example.com/a?b=c#d", "mailto:ann@example.com", "a/b", "http:// x", "1.2.3", "1.2", "1", "1.2.3.4.5", "1.99999999999",
        "AA==", "AB==", "AAA=", "AAB=", "AAAA", "AAA", "AA ==", "AAAA\n", "AAAAAA==", "_-8=", "cat", "truck",
    ];

    private static readonly string[] Names = ["a", "b", "value", "Value", "name", "$type", "$id", "computed", "ignored", "x-y", "x y", ""];

    private static readonly Gen<string> Scalar = Gen.Frequency(
        (3, Gen.Elements(Numbers)),
        (3, Gen.Elements(Texts).Select(Quoted)),
        (1, Gen.Elements("true", "false", "null", "[]", "{}")));

    public Gen<string> Near(JsonElement schema, int depth) => Gen.Frequency((14, Fitting(schema, depth)), (1, Anything(2)));

    public static Gen<string> Anything(int depth)
    {
        if (depth == 0) return Scalar;
        return Gen.Frequency(
            (4, Scalar),
            (1, Anything(depth - 1).ListOf(3).Select(items => $"[{string.Join(",", items)}]")),
            (1, (from name in Gen.Elements(Names) from value in Anything(depth - 1) select (name, value)).ListOf(3).Select(Members)));
    }

    private Gen<string> Fitting(JsonElement schema, int depth)
    {
        if (schema.TryGetProperty("$ref", out JsonElement reference)) return Fitting(Resolve(reference.GetString()!), depth);
        if (schema.TryGetProperty("anyOf", out JsonElement variants)) return Gen.Elements(variants.EnumerateArray().ToArray()).SelectMany(v => Fitting(v, depth));
        if (schema.TryGetProperty("const", out JsonElement constant)) return Gen.Constant(constant.GetRawText());
        if (schema.TryGetProperty("enum", out JsonElement values)) return Gen.Elements(values.EnumerateArray().Select(v => v.GetRawText()).ToArray());
        if (!schema.TryGetProperty("type", out JsonElement type)) return Anything(2);
        string[] types = type.ValueKind == JsonValueKind.Array ? [.. type.EnumerateArray().Select(t => t.GetString()!)] : [type.GetString()!];
        return Gen.Elements(types).SelectMany(t => OfType(t, schema, depth));
    }

    private Gen<string> OfType(string type, JsonElement schema, int depth) => type switch
    {
        "null" => Gen.Constant("null"),
        "boolean" => Gen.Elements("true", "false"),
        "integer" or "number" => Gen.Elements(Numbers),
        "string" => Text(schema).Select(Quoted),
        "array" => Array(schema, depth),
        _ => Object(schema, depth),
    };

    private static Gen<string> Text(JsonElement schema)
    {
        if (!schema.TryGetProperty("pattern", out JsonElement pattern)) return Gen.Elements(Texts);
        string[] fitting = [.. Texts.Where(text => Regex.IsMatch(text, pattern.GetString()!))];
        return Gen.Frequency((9, Gen.Elements(fitting)), (1, Gen.Elements(Texts)));
    }

    private Gen<string> Array(JsonElement schema, int depth)
    {
        if (depth <= 0) return Gen.Constant("[]");
        Gen<string> item = schema.TryGetProperty("items", out JsonElement items) ? Near(items, depth - 1) : Anything(1);
        return Gen.Choose(0, 2).SelectMany(n => item.ListOf(n)).Select(list => $"[{string.Join(",", list)}]");
    }

    private Gen<string> Object(JsonElement schema, int depth)
    {
        Gen<IEnumerable<(string, string)>> members = Gen.Constant(Enumerable.Empty<(string, string)>());
        if (schema.TryGetProperty("properties", out JsonElement properties))
            foreach (JsonProperty property in properties.EnumerateObject()) members = Adding(members, Member(property, IsRequired(schema, property), depth));
        if (schema.TryGetProperty("additionalProperties", out JsonElement values) && values.ValueKind == JsonValueKind.Object)
            members = Adding(members, Entry(schema, values, depth));
        members = Adding(members, Gen.Frequency((40, Nothing), (1, from name in Gen.Elements(Names) from value in Scalar select Just(name, value))));
        return members.Select(Members);
    }

    private static readonly Gen<(string, string)?> Nothing = Gen.Constant<(string, string)?>(null);

    private static (string, string)? Just(string name, string value) => (name, value);

    private Gen<(string, string)?> Member(JsonProperty property, bool required, int depth)
    {
        bool leaveOut = !required && depth <= 0;
        Gen<(string, string)?> present = Near(property.Value, depth - 1).Select(value => Just(property.Name, value));
        return leaveOut ? Nothing : Gen.Frequency((required ? 30 : 2, present), (1, Nothing));
    }

    private Gen<(string, string)?> Entry(JsonElement schema, JsonElement values, int depth)
    {
        if (depth <= 0) return Nothing;
        Gen<string> names = Gen.Elements(Names.Concat(Texts).ToArray());
        if (schema.TryGetProperty("propertyNames", out JsonElement limits)) names = Gen.Frequency((6, Name(limits)), (1, names));
        return from name in names from value in Near(values, depth - 1) select Just(name, value);
    }

    private static Gen<string> Name(JsonElement limits) => limits.TryGetProperty("enum", out JsonElement values)
        ? Gen.Elements(values.EnumerateArray().Select(v => v.GetString()!).ToArray())
        : Text(limits);

    private static Gen<IEnumerable<(string, string)>> Adding(Gen<IEnumerable<(string, string)>> members, Gen<(string, string)?> one) =>
        from some in members from next in one select next is { } member ? some.Append(member) : some;

    private static bool IsRequired(JsonElement schema, JsonProperty property) =>
        schema.TryGetProperty("required", out JsonElement required) && required.EnumerateArray().Any(name => name.ValueEquals(property.Name));

    private JsonElement Resolve(string reference) => root.GetProperty("$defs").GetProperty(reference["#/$defs/".Length..]);

    // JSON Schema cannot say that a name stands twice, so no name does.
    private static string Members(IEnumerable<(string Name, string Value)> members) =>
        $"{{{string.Join(",", members.DistinctBy(m => m.Name).Select(m => $"{Quoted(m.Name)}:{m.Value}"))}}}";

    private static string Quoted(string text) => JsonSerializer.Serialize(text);
}
