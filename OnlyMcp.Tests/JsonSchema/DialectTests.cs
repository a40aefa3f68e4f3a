using System.Text.Json;
using OnlyMcp.Protocol.JsonSchemas;
using OnlyMcp.Tests.Support;
using static OnlyMcp.Tests.JsonSchemas.SchemaText;

namespace OnlyMcp.Tests.JsonSchemas;

public class DialectTests
{
    [TestCase("http://json-schema.org/draft-04/schema#")]
    [TestCase("https://json-schema.org/draft/2019-09/schema")]
    [TestCase("https://example.com/mine")]
    [TestCase("")]
    [Spec("2026-07-28 basic §Implementation Requirements", 3, AtEveryRevision = true)]
    public void An_unknown_dialect_is_refused_by_name_along_with_the_two_that_are_known(string dialect)
        => Parsing($$"""{"$schema": "{{dialect}}"}""").Should().Throw<JsonSchemaException>()
            .WithMessage($"#/$schema: the dialect \"{dialect}\" is not supported; supported are \"https://json-schema.org/draft/2020-12/schema\" and \"http://json-schema.org/draft-07/schema#\"");

    [TestCase("http://json-schema.org/draft-07/schema#")]
    [TestCase("http://json-schema.org/draft-07/schema")]
    [TestCase("https://json-schema.org/draft-07/schema#")]
    [Spec("2026-07-28 basic §Implementation Requirements", 2, AtEveryRevision = true)]
    public void Draft_07_is_read_where_it_is_named(string dialect)
        => Accepts($$"""{"$schema": "{{dialect}}", "items": [{"type": "string"}], "additionalItems": false}""", "[\"a\", 1]").Should().BeFalse();

    [Test]
    [Spec("2026-07-28 basic §Implementation Requirements", 1, AtEveryRevision = true)]
    public void Without_a_name_a_schema_is_2020_12()
        => Accepts("""{"prefixItems": [{"type": "string"}], "dependencies": {"a": ["b"]}}""", "[1]").Should().BeFalse();

    [Test]
    public void Another_document_is_found_where_it_was_given()
    {
        var options = new JsonSchemaOptions
        {
            Documents = new Dictionary<string, JsonElement> { ["https://example.com/day"] = Deep("""{"type": "integer"}""") },
        };

        Errors("""{"properties": {"day": {"$ref": "https://example.com/day"}}}""", """{"day": "x"}""", options).Should().StartWith("/day: expected an integer");
        Parsing("""{"$ref": "https://example.com/day#/none"}""", options).Should().Throw<JsonSchemaException>();
    }

    [Test]
    public void A_vocabulary_that_must_be_understood_and_is_not_makes_the_schema_unusable()
    {
        var options = new JsonSchemaOptions
        {
            Documents = new Dictionary<string, JsonElement> { ["https://example.com/meta"] = Deep("""{"$vocabulary": {"https://example.com/units": true}}""") },
        };

        Parsing("""{"$schema": "https://example.com/meta"}""", options).Should().Throw<JsonSchemaException>().WithMessage("*\"https://example.com/units\"*");
    }

    [Test]
    public void A_format_is_an_annotation_until_it_is_asserted()
    {
        const string schema = """{"format": "date"}""";

        Accepts(schema, "\"tomorrow\"").Should().BeTrue();
        Accepts(schema, "\"tomorrow\"", new JsonSchemaOptions { AssertFormats = true }).Should().BeFalse();
        Errors("""{"type": "string", "format": "date"}""", "\"tomorrow\"", new JsonSchemaOptions { AssertFormats = true }).Should()
            .Be("(root): expected a string in the format date (such as 2001-02-03), received \"tomorrow\"");
    }
}
