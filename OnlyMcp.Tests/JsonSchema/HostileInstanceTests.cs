using System.Diagnostics;
using OnlyMcp.Protocol.JsonSchemas;
using static OnlyMcp.Tests.JsonSchemas.SchemaText;

namespace OnlyMcp.Tests.JsonSchemas;

public class HostileInstanceTests
{
    [Test]
    public void A_value_that_nests_deeper_than_allowed_is_invalid()
    {
        const string schema = """{"items": {"$ref": "#"}}""";

        Accepts(schema, Repeat("[", 60) + Repeat("]", 60)).Should().BeTrue();
        Accepts(schema, Repeat("[", 3_000) + Repeat("]", 3_000)).Should().BeFalse();
        Errors(schema, Repeat("[", 3_000) + Repeat("]", 3_000)).Should().EndWith("expected a value that nests at most 64 levels, received one that nests deeper");
    }

    [Test]
    public void A_deep_value_within_a_wider_limit_gives_up_before_the_stack_ends()
        => OnSmallStack(() => Errors("""{"items": {"$ref": "#"}}""", Repeat("[", 5_000) + Repeat("]", 5_000), new JsonSchemaOptions { MaxDepth = 100_000 }))
            .Should().EndWith("needs more stack than there is");

    [TestCase("""{"uniqueItems": true}""")]
    [TestCase("""{"const": [[[1]]]}""")]
    [TestCase("""{"enum": [[], {}]}""")]
    public void Comparing_a_deep_value_does_not_crash(string schema)
    {
        var deep = Repeat("[", 3_000) + Repeat("]", 3_000);
        var many = "[" + string.Join(',', Enumerable.Repeat(deep, 2)) + "]";

        Accepts(schema, many).Should().BeFalse();
        Accepts(schema, "[" + string.Join(',', Enumerable.Repeat(deep, 12)) + "]").Should().BeFalse();
    }

    [TestCase("""{"type": "string", "minLength": 1, "maxLength": 3}""", "\"\\ud800\"", true)]
    [TestCase("""{"pattern": "a"}""", "\"\\ud800a\"", true)]
    [TestCase("""{"const": "\ud800"}""", "\"\\ud800\"", true)]
    [TestCase("""{"const": "\ufffd"}""", "\"\\ud801\"", true)]
    [TestCase("""{"const": "\ud83d\udc32"}""", "\"🐲\"", true)]
    [TestCase("""{"enum": ["a"]}""", "\"\\udfff\"", false)]
    [TestCase("""{"uniqueItems": true}""", "[\"\\ud800\", \"\\ud800a\"]", true)]
    [TestCase("""{"uniqueItems": true}""", "[\"\\ud800\", \"\\ud800\"]", false)]
    [TestCase("""{"propertyNames": {"maxLength": 1}}""", "{\"\\ud800\": 1}", true)]
    [TestCase("""{"additionalProperties": false}""", "{\"\\ud800\": 1}", false)]
    [TestCase("""{"properties": {"\ud800": false}}""", "{\"\\ud800\": 1}", false)]
    [TestCase("""{"patternProperties": {"^b": false}}""", "{\"\\ud800\": 1}", true)]
    [TestCase("""{"required": ["b"]}""", "{\"\\ud800\": 1}", false)]
    [TestCase("""{"dependentRequired": {"a": ["b"]}}""", "{\"\\ud800\": 1}", true)]
    [TestCase("""{"type": "integer"}""", "\"\\ud800\"", false)]
    [TestCase("""{"type": "integer"}""", "{\"\\ud800\": \"\\udc00\"}", false)]
    [TestCase("""{"unevaluatedProperties": false}""", "{\"\\ud800\": 1}", false)]
    public void Half_a_surrogate_pair_is_judged_and_never_throws(string schema, string instance, bool valid)
    {
        Accepts(schema, instance).Should().Be(valid);
        (Errors(schema, instance).Length == 0).Should().Be(valid);
    }

    [TestCase("""{"format": "date-time"}""")]
    [TestCase("""{"format": "uri"}""")]
    [TestCase("""{"format": "regex"}""")]
    [TestCase("""{"format": "email"}""")]
    public void Half_a_surrogate_pair_is_in_no_format_and_never_throws(string schema)
    {
        var parsed = JsonSchema.Parse(schema, new JsonSchemaOptions { AssertFormats = true });

        parsed.Invoking(s => s.Validate(Deep("\"\\ud800\""))).Should().NotThrow();
    }

    [Test]
    public void A_name_written_with_escapes_is_the_same_name()
        => Accepts("""{"required": ["city"], "properties": {"city": {"const": "B/"}}, "additionalProperties": false}""", """{"c\u0069ty": "\u0042\/"}""").Should().BeTrue();

    [TestCase("100000000000000000000000000000000000000001")]
    [TestCase("\"x\"", Description = "The same string at both ends of a long array")]
    public void Unique_items_of_a_huge_array_are_found_in_a_moment(string twin)
    {
        var numbers = string.Join(',', Enumerable.Range(0, 200_000));
        var clock = Stopwatch.StartNew();

        Accepts("""{"uniqueItems": true}""", $"[{twin}, {numbers}]").Should().BeTrue();
        Accepts("""{"uniqueItems": true}""", $"[{twin}, {numbers}, {twin}]").Should().BeFalse();

        clock.Elapsed.Should().BeLessThan(TimeSpan.FromSeconds(20));
    }

    [TestCase("[1, 1.0]")]
    [TestCase("[1, 100e-2]")]
    [TestCase("[0, -0.0]")]
    [TestCase("""[{"a": 1, "b": 2}, {"b": 2, "a": 1}]""")]
    [TestCase("""[[1], [1.0]]""")]
    [TestCase("""[0,1,2,3,4,5,6,7,8,{"a": [1.0], "b": null}, {"b": null, "a": [1]}]""")]
    [TestCase("""[0,1,2,3,4,5,6,7,8,1e400,10e399]""")]
    public void Values_that_are_equal_are_duplicates_however_they_are_written(string array)
        => Accepts("""{"uniqueItems": true}""", array).Should().BeFalse();

    [TestCase("""[1, true]""")]
    [TestCase("""[0, false, null, "", "0", [], {}, [0], [[0]], {"a": 0}, {"a": false}]""")]
    public void Values_that_merely_look_alike_are_no_duplicates(string array)
        => Accepts("""{"uniqueItems": true}""", array).Should().BeTrue();

    [Test]
    public void A_large_object_is_looked_through_once_for_all_required_names()
    {
        var names = Enumerable.Range(0, 2_000).Select(i => $"\"p{i}\"").ToList();
        var schema = $$"""{"required": [{{string.Join(',', names)}}]}""";

        Accepts(schema, $"{{{string.Join(',', names.Select(name => $"{name}: 1"))}}}", new JsonSchemaOptions { MaxSteps = 3_000 }).Should().BeTrue();
        Errors(schema, $"{{{string.Join(',', names.Skip(1).Select(name => $"{name}: 1"))}}}").Should().StartWith("(root): expected the required property \"p0\"");
    }

    [Test]
    public void The_default_element_is_the_callers_mistake()
        => FluentActions.Invoking(() => JsonSchema.Parse("{}").IsValid(default)).Should().Throw<ArgumentException>();
}
