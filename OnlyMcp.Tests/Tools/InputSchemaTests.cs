using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;
using static OnlyMcp.Tests.Tools.Signatures;

namespace OnlyMcp.Tests.Tools;

public sealed class InputSchemaTests
{
    public enum Unit { Celsius, Fahrenheit }

    [Flags]
    public enum Days { None = 0, Monday = 1, Tuesday = 2 }

    public record Point(int X, int Y = 7, string? Label = null);

    public record Tree(string Name, List<Tree> Children);

    public class Order
    {
        public required Guid Id { get; init; }
        public string Note { get; set; } = "";
        public int Total => 3;
        [JsonIgnore] public int Hidden { get; set; }
        [JsonPropertyName("e-mail")] public string? Email { get; set; }
    }

    [JsonDerivedType(typeof(Circle), "circle")]
    [JsonDerivedType(typeof(Square), "square")]
    public abstract record Figure;
    public record Circle(double Radius) : Figure;
    public record Square(double Side) : Figure;

    [Test]
    public void Parameters_become_the_properties_of_a_closed_object() =>
        InputSchemaTextOf((string city, double scale) => 0).Should().Be(
            """{"type":"object","properties":{"city":{"type":"string"},"scale":{"type":"number"}},"required":["city","scale"],"additionalProperties":false}""");

    [Test]
    public void A_tool_without_parameters_takes_an_empty_object() =>
        InputSchemaTextOf(() => 0).Should().Be("""{"type":"object","properties":{},"additionalProperties":false}""");

    [Test]
    public void A_parameter_that_is_nullable_or_has_a_default_is_optional() =>
        InputSchemaTextOf((string? note, bool? sure, string unit = "C", int[]? days = null) => 0).Should().Be(Joined("""
            {"type":"object","properties":{"note":{"type":["string","null"]},"sure":{"type":["boolean","null"]},"unit":{"type":"string","default":"C"},
            "days":{"type":["array","null"],"items":{"type":"integer","minimum":-2147483648,"maximum":2147483647}}},"additionalProperties":false}
            """));

    [Test]
    public void A_params_array_is_optional() =>
        InputSchemaTextOf((params string[] names) => 0).Should().Be(
            """{"type":"object","properties":{"names":{"type":"array","items":{"type":"string"}}},"additionalProperties":false}""");

    [Test]
    public void Injected_parameters_are_in_no_schema() =>
        InputSchemaTextOf((CancellationToken cancellation) => 0).Should().Be("""{"type":"object","properties":{},"additionalProperties":false}""");

    [Test]
    public void Integers_carry_the_bounds_of_their_type()
    {
        ShapeOf<byte>().Should().Be("""{"type":"integer","minimum":0,"maximum":255}""");
        ShapeOf<long>().Should().Be("""{"type":"integer","minimum":-9223372036854775808,"maximum":9223372036854775807}""");
        ShapeOf<UInt128>().Should().Be("""{"type":"integer","minimum":0,"maximum":340282366920938463463374607431768211455}""");
    }

    [Test]
    public void Fractions_carry_bounds_where_their_type_overflows()
    {
        ShapeOf<double>().Should().Be("""{"type":"number"}""");
        ShapeOf<Half>().Should().Be("""{"type":"number","minimum":-65504,"maximum":65504}""");
        ShapeOf<decimal>().Should().Be("""{"type":"number","minimum":-79228162514264337593543950335,"maximum":79228162514264337593543950335}""");
    }

    [Test]
    public void Types_that_are_text_on_the_wire_have_a_pattern_and_the_specifications_format()
    {
        ShapeOf<Guid>().Should().Be("""{"type":"string","format":"uuid","pattern":"^[0-9a-fA-F]{8}-([0-9a-fA-F]{4}-){3}[0-9a-fA-F]{12}$"}""");
        ShapeOf<DateOnly>().Should().Be("""{"type":"string","format":"date","pattern":"^[0-9]{4}-(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01])$"}""");
        ShapeOf<DateTimeOffset>().Should().StartWith("""{"type":"string","format":"date-time","pattern":""");
        ShapeOf<Uri>().Should().StartWith("""{"type":"string","format":"uri","pattern":""");
        ShapeOf<byte[]>().Should().StartWith("""{"type":"string","contentEncoding":"base64","pattern":""");
    }

    [Test]
    public void A_TimeSpan_and_a_TimeOnly_have_no_format_since_they_are_neither_duration_nor_time()
    {
        ShapeOf<TimeSpan>().Should().NotContain("format");
        ShapeOf<TimeOnly>().Should().NotContain("format");
    }

    [Test]
    public void An_enum_is_its_names_and_one_of_flags_an_array_of_them()
    {
        ShapeOf<Unit>().Should().Be("""{"type":"string","enum":["Celsius","Fahrenheit"]}""");
        ShapeOf<Unit?>().Should().Be("""{"type":["string","null"],"enum":["Celsius","Fahrenheit",null]}""");
        ShapeOf<Days>().Should().Be("""{"type":"array","items":{"type":"string","enum":["None","Monday","Tuesday"]}}""");
    }

    [Test]
    public void The_default_of_an_enum_is_stated_by_name() =>
        ParameterShapeOf((Unit? unit = Unit.Fahrenheit) => 0).Should().EndWith("\"default\":\"Fahrenheit\"}");

    [Test]
    public void A_record_requires_what_has_neither_default_nor_question_mark() =>
        ShapeOf<Point>().Should().Be(Joined("""
            {"type":"object","properties":{"x":{"type":"integer","minimum":-2147483648,"maximum":2147483647},
            "y":{"type":"integer","minimum":-2147483648,"maximum":2147483647,"default":7},"label":{"type":["string","null"]}},"required":["x"],"additionalProperties":false}
            """));

    [Test]
    public void A_class_requires_its_required_members_and_leaves_out_what_cannot_be_set() =>
        ShapeOf<Order>().Should().Be(Joined("""
            {"type":"object","properties":{"id":{"type":"string","format":"uuid","pattern":"^[0-9a-fA-F]{8}-([0-9a-fA-F]{4}-){3}[0-9a-fA-F]{12}$"},
            "note":{"type":"string"},"e-mail":{"type":["string","null"]}},"required":["id"],"additionalProperties":false}
            """));

    [Test]
    public void A_type_that_contains_itself_is_a_definition() =>
        InputSchemaTextOf((Tree tree) => 0).Should().Be(Joined("""
            {"type":"object","properties":{"tree":{"$ref":"#/$defs/Tree"}},"required":["tree"],"additionalProperties":false,
            "$defs":{"Tree":{"type":"object","properties":{"name":{"type":"string"},"children":{"type":"array","items":{"$ref":"#/$defs/Tree"}}},
            "required":["name","children"],"additionalProperties":false}}}
            """));

    [Test]
    public void Variants_are_told_by_their_discriminator() =>
        ShapeOf<Figure>().Should().Be(Joined("""
            {"anyOf":[{"type":"object","properties":{"$type":{"const":"circle"},"radius":{"type":"number"}},"required":["$type","radius"],"additionalProperties":false},
            {"type":"object","properties":{"$type":{"const":"square"},"side":{"type":"number"}},"required":["$type","side"],"additionalProperties":false}]}
            """));

    [Test]
    public void Elements_follow_their_own_nullable_annotation()
    {
        ParameterShapeOf((List<string> value) => { }).Should().Be("""{"type":"array","items":{"type":"string"}}""");
        ParameterShapeOf((List<string?> value) => { }).Should().Be("""{"type":"array","items":{"type":["string","null"]}}""");
        ParameterShapeOf((Dictionary<string, bool[]?> value) => { }).Should().Be(
            """{"type":"object","additionalProperties":{"type":["array","null"],"items":{"type":"boolean"}}}""");
    }

    [Test]
    public void The_keys_of_a_dictionary_are_held_to_their_type()
    {
        ShapeOf<Dictionary<Unit, bool>>().Should().Be("""{"type":"object","propertyNames":{"enum":["Celsius","Fahrenheit"]},"additionalProperties":{"type":"boolean"}}""");
        ShapeOf<Dictionary<byte, bool>>().Should().Contain("""{"pattern":"^(0|[1-9][0-9]{0,2})$"}""");
    }

    [Test]
    public void Anything_may_stand_for_a_JsonElement_and_anything_but_null_for_an_object()
    {
        ShapeOf<JsonElement>().Should().Be("{}");
        ParameterShapeOf((object? value) => { }).Should().Be("{}");
        ParameterShapeOf((JsonNode value) => { }).Should().Be("""{"type":["string","number","boolean","object","array"]}""");
        ParameterShapeOf((JsonObject value) => { }).Should().Be("""{"type":"object"}""");
    }

    [Test]
    public void Names_follow_the_options_given() =>
        InputSchemaOf((int dayCount) => 0, new() { PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower })
            .GetProperty("required")[0].GetString().Should().Be("day_count");

    [Test]
    public void A_description_is_taken_over() =>
        ParameterShapeOf(([System.ComponentModel.Description("The city to look up.")] string city) => 0).Should().Be("""{"type":"string","description":"The city to look up."}""");
}
