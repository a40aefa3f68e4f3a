using OnlyMcp.Protocol.JsonSchemas;
using static OnlyMcp.Tests.JsonSchemas.SchemaText;

namespace OnlyMcp.Tests.JsonSchemas;

public class ErrorTextTests
{
    private const string Forecast = """
        {
          "type": "object",
          "properties": {
            "city": { "type": "string", "minLength": 1 },
            "days": { "type": "integer", "minimum": 1 },
            "units": { "enum": ["metric", "imperial"] }
          },
          "required": ["city"],
          "additionalProperties": false
        }
        """;

    [TestCase("""{"city": "Oslo", "days": "three"}""", """/days: expected an integer of at least 1, received "three" """)]
    [TestCase("""{"city": "Oslo", "days": 0}""", "/days: expected an integer of at least 1, received 0")]
    [TestCase("""{"city": "Oslo", "days": 1.5}""", "/days: expected an integer of at least 1, received 1.5")]
    [TestCase("""{"city": ""}""", "/city: expected a string of at least 1 character, received \"\"")]
    [TestCase("""{"city": null}""", "/city: expected a string of at least 1 character, received null")]
    [TestCase("""{"city": ["Oslo"]}""", "/city: expected a string of at least 1 character, received an array of 1 item")]
    [TestCase("""{"city": "Oslo", "units": "Metric"}""", """/units: expected "metric" or "imperial", received "Metric" """)]
    [TestCase("""{"town": "Oslo"}""", """
        (root): expected the required property "city", received an object with "town"
        (root): expected only the properties "city", "days", "units", received "town"
        """)]
    [TestCase("{}", """(root): expected the required property "city", received an empty object""")]
    [TestCase("""{"city": "Oslo", "Days": 3}""", """(root): expected only the properties "city", "days", "units", received "Days" (did you mean "days"?)""")]
    [TestCase("""{"city": "Oslo", "day": 3}""", """(root): expected only the properties "city", "days", "units", received "day" (did you mean "days"?)""")]
    [TestCase("[]", "(root): expected an object, received an array of 0 items")]
    public void An_error_says_where_what_was_expected_and_what_was_received(string instance, string errors)
        => Errors(Forecast, instance).Should().Be(errors.Trim().ReplaceLineEndings("\n"));

    [TestCase("""{"type": ["string", "null"]}""", "1", "a string or null")]
    [TestCase("""{"anyOf": [{"type": "integer"}, {"type": "null"}]}""", "\"a\"", "an integer or null")]
    [TestCase("""{"type": "number", "minimum": 0, "exclusiveMaximum": 1}""", "1", "a number of at least 0 and less than 1")]
    [TestCase("""{"type": "string", "pattern": "^[A-Z]{2}$"}""", "\"abc\"", "a string matching the pattern ^[A-Z]{2}$")]
    [TestCase("""{"type": "array", "minItems": 1, "maxItems": 2}""", "[]", "an array with at least 1 item and with at most 2 items")]
    [TestCase("""{"multipleOf": 0.5}""", "0.3", "a value that is a multiple of 0.5")]
    [TestCase("""{"const": "a"}""", "\"b\"", "\"a\"")]
    [TestCase("false", "1", "no value here")]
    [TestCase("""{"not": {"type": "string"}}""", "\"a\"", "anything but a string")]
    [TestCase("""{"$defs": {"n": {"type": "integer"}}, "allOf": [{"$ref": "#/$defs/n"}]}""", "\"a\"", "an integer")]
    [TestCase("""{"contains": {"type": "integer"}}""", "[\"a\"]", "an array with at least 1 item to fit: an integer")]
    [TestCase("""{"propertyNames": {"pattern": "^[a-z]+$"}}""", "{\"A\": 1}", "each property name to be a value matching the pattern ^[a-z]+$")]
    [TestCase("""{"dependentRequired": {"a": ["b"]}}""", "{\"a\": 1}", "the property \"b\", required because \"a\" is there")]
    public void Every_keyword_says_what_it_expected(string schema, string instance, string expected)
        => JsonSchema.Parse(schema).Validate(Deep(instance)).Should().ContainSingle().Which.Expected.Should().Be(expected);

    [Test]
    public void An_alternative_that_almost_fits_tells_its_own_errors()
        => Errors(
            """{"anyOf": [{"type": "string"}, {"type": "object", "properties": {"id": {"type": "integer"}}, "required": ["id"]}]}""",
            """{"id": "x"}""").Should().Be("/id: expected an integer, received \"x\"");

    [Test]
    public void Two_alternatives_that_both_fit_one_of_are_named()
        => Errors("""{"oneOf": [{"type": "integer"}, {"minimum": 2}]}""", "3").Should()
            .Be("(root): expected a value that fits only one alternative, not both an integer (#/oneOf/0) and a value of at least 2 (#/oneOf/1), received 3");

    [Test]
    public void Paths_escape_what_JSON_Pointer_reserves()
    {
        var error = JsonSchema.Parse("""{"properties": {"a/b~c": {"items": {"type": "string"}}}}""").Validate(Deep("""{"a/b~c": ["x", 1]}""")).Single();

        error.Path.Should().Be("/a~1b~0c/1");
        error.SchemaPath.Should().Be("#/properties/a~1b~0c/items/type");
    }

    [Test]
    public void What_was_received_is_cut_to_a_line()
        => JsonSchema.Parse("""{"type": "integer"}""").Validate(Deep($"\"{new string('x', 5_000_000)}\"")).Single().Received.Length.Should().BeLessThan(70);

    [Test]
    public void The_number_of_errors_is_bounded()
    {
        var many = "[" + string.Join(',', Enumerable.Repeat("1", 1_000)) + "]";

        JsonSchema.Parse("""{"items": {"type": "string"}}""").Validate(Deep(many)).Should().HaveCount(10);
        JsonSchema.Parse("""{"items": {"type": "string"}}""", new JsonSchemaOptions { MaxErrors = 2 }).Validate(Deep(many)).Should().HaveCount(2);
    }
}
