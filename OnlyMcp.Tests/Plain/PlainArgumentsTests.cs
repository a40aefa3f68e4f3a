using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;
using OnlyMcp.Server.Plain;
using OnlyMcp.Server.Tools;
using OnlyMcp.Server.Tools.Binding;
using OnlyMcp.Tests.Tools;

namespace OnlyMcp.Tests.Plain;

public sealed class PlainArgumentsTests
{
    private static readonly string[] Values =
    [
        "null", "true", "false", "\"\"", "\"text\"", "\"true\"", "\"7\"", "\"\\u0041\\n\"", "\"\\ud83d\\ude00\"", "\"\\ud800\"",
        "0", "-0", "7", "-7", "1.0", "1e2", "-1e-2", "1.5", "2147483647", "2147483648", "-2147483648", "-2147483649",
        "9223372036854775807", "9223372036854775808", "-9223372036854775808", "1e18", "1e19", "0.1", "1e308", "1e309", "-1e999",
        "123456789012345678901234567890", "1e-400", "[]", "{}", "[1]",
    ];

    private static readonly Delegate[] Tools =
        [(string a) => { }, (string? a) => { }, (bool a) => { }, (int a) => { }, (long a) => { }, (double a) => { }];

    [Test]
    public void Each_value_is_bound_as_by_the_contract_or_left_to_it([ValueSource(nameof(Values))] string json)
    {
        foreach (var tool in Tools)
        {
            var contract = ContractOf(tool);
            var arguments = Signatures.Json("{\"a\":" + json + "}");
            if (PlainArguments.Of(contract)!.Bind(arguments) is { } plain)
                Exactly(plain).Should().Equal(Exactly(JsonSerializer.Deserialize(arguments, contract)!.Values), tool.Method.ToString());
        }
    }

    [Test]
    public void Text_numbers_and_flags_are_plain_in_whatever_order_they_come()
    {
        var plain = PlainArguments.Of(ContractOf((string ä, bool b, int c, long d, double e) => { }))!;

        plain.Bind(Signatures.Json("""{"e":1.5,"d":4,"c":-3,"b":true,"\u00e4":"1"}""")).Should().Equal("1", true, -3, 4L, 1.5);
        plain.Bind(Signatures.Json("""{"b":false,"ä":"","c":0,"d":0,"e":0}""")).Should().Equal("", false, 0, 0L, 0.0);
        PlainArguments.Of(ContractOf(() => { }))!.Bind(Signatures.Json("{}")).Should().BeEmpty();
    }

    [TestCase("[]")]
    [TestCase("null")]
    [TestCase("{}")]
    [TestCase("""{"a":1}""")]
    [TestCase("""{"a":1,"b":null}""")]
    [TestCase("""{"a":1,"A":2}""")]
    [TestCase("""{"a":1,"b":2,"c":3}""")]
    [TestCase("""{"a":1,"b":2,"a":3}""")]
    [TestCase("""{"a":1,"a":2}""")]
    [TestCase("""{"a":1,"b":"\udc00"}""")]
    [TestCase("""{"a":1.0,"b":"2"}""")]
    public void What_is_left_out_unknown_doubled_or_of_another_kind_is_left_to_the_contract(string json)
    {
        PlainArguments.Of(ContractOf((int a, string b = "2") => { }))!.Bind(Signatures.Json(json)).Should().BeNull();
    }

    [Test]
    public void Parameters_of_other_types_are_left_to_the_contract()
    {
        Delegate[] tools =
        [
            (int? a) => { }, (DateTime a) => { }, (string[] a) => { }, (JsonElement a) => { }, (object a) => { }, (decimal a) => { },
            (uint a) => { }, (float a) => { }, (char a) => { }, (DayOfWeek a) => { }, (string a, Uri b) => { },
            (int a, int b, int c, int d, int e, int f, int g, int h, int i) => { },
        ];

        tools.Should().AllSatisfy(tool => PlainArguments.Of(ContractOf(tool)).Should().BeNull());
    }

    [Test]
    public void A_converter_of_the_users_reads_what_it_is_for()
    {
        var given = new JsonSerializerOptions(JsonSerializerOptions.Web) { Converters = { new Shouting() } };
        var parameters = ToolSignature<CallContext>.Of((string a) => { }).Bound;
        var options = BindingOptions.ForArguments(given);

        PlainArguments.Of(ArgumentContract.Of(parameters, options)).Should().BeNull();
        new ArgumentBinder(parameters, options).Bind(Signatures.Json("""{"a":"text"}""")).Should().Equal("TEXT");
    }

    private static JsonTypeInfo<BoundArguments> ContractOf(Delegate tool) =>
        ArgumentContract.Of(ToolSignature<CallContext>.Of(tool).Bound, BindingOptions.ForArguments(null));

    /// <summary>With its type, and with the sign of a zero.</summary>
    private static IEnumerable<string> Exactly(object?[] values) =>
        values.Select(value => string.Create(CultureInfo.InvariantCulture, $"{value?.GetType()} {value:R}"));

    private sealed class Shouting : JsonConverter<string>
    {
        public override string Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
            reader.GetString()!.ToUpperInvariant();

        public override void Write(Utf8JsonWriter writer, string value, JsonSerializerOptions options) => writer.WriteStringValue(value);
    }
}
