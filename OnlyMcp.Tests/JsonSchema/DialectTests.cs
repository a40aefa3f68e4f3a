using System.Text.Json;
using OnlyMcp.Protocol.JsonSchemas;
using static OnlyMcp.Tests.JsonSchemas.SchemaText;

namespace OnlyMcp.Tests.JsonSchemas;

public class DialectTests
{
    [TestCase("http://json-schema.org/draft-04/schema#")]
    [TestCase("https://json-schema.org/draft/2019-09/schema")]
    [TestCase("https://example.com/mine")]
    [TestCase("")]
    public void An_unknown_dialect_is_refused_by_name_along_with_the_two_that_are_known(string dialect)
        => Parsing($$"""{"$schema": "{{dialect}}"}""").Should().Throw<JsonSchemaException>()
            .WithMessage($"#/$schema: the dialect \"{dialect}\" is not supported; supported are \"https://json-schema.org/draft/2020-12/schema\" and \"http://json-schema.org/draft-07/schema#\"");

    [TestCase("http://json-schema.org/draft-07/schema#")]
    [TestCase("http://json-schema.org/draft-07/schema")]
    [TestCase("https://json-schema.org/draft-07/schema#")]
    public void Draft_07_is_read_where_it_is_named(string dialect)
        => Accepts($$"""{"$schema": "{{dialect}}", "items": [{"type": "string"}], "additionalItems": false}""", "[\"a\", 1]").Should().BeFalse();

    [Test]
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
            .Be("(root): expected a string in the format date (such as 2026-07-28), received \"tomorrow\"");
    }

    [TestCase("^.$", "🐲", true)]
    [TestCase("^..$", "🐲", false)]
    [TestCase("^[^a]$", "🐲", true)]
    [TestCase("^[🐲-🐴]$", "🐳", true)]
    [TestCase("^[^🐲]$", "🐲", false)]
    [TestCase("^\\\\p{L}+$", "𠮷野家", true)]
    [TestCase("^\\\\P{L}+$", "𠮷", false)]
    [TestCase("^\\\\p{Lu}$", "é", false)]
    [TestCase("^\\\\u{1F432}$", "🐲", true)]
    [TestCase("^\\\\ud83d\\\\udc32$", "🐲", true)]
    [TestCase("^\\\\d$", "٣", false)]
    [TestCase("^\\\\w$", "é", false)]
    [TestCase("^[\\\\w.-]+$", "a-b.c", true)]
    [TestCase("\\\\bé", "aé", true)]
    [TestCase("^a$", "a\\n", false)]
    [TestCase("^[]$", "a", false)]
    [TestCase("^[^]$", "\\n", true)]
    [TestCase("^(a)\\\\1$", "aa", true)]
    [TestCase("^(?<x>a)\\\\k<x>$", "aa", true)]
    [TestCase("^\\\\@\\\\/$", "@/", true)]
    public void Patterns_mean_what_ECMA_262_says(string pattern, string text, bool matches)
        => Accepts($$"""{"pattern": "{{pattern}}"}""", $"\"{text}\"").Should().Be(matches);

    [Test]
    public void One_schema_serves_many_threads_at_once()
    {
        var schema = JsonSchema.Parse("""
            {
              "type": "object",
              "properties": { "name": { "pattern": "^(?=a)a+$" }, "code": { "pattern": "^[a-z]+$" }, "tags": { "uniqueItems": true } },
              "unevaluatedProperties": false
            }
            """);
        var good = Deep("""{"name": "aaa", "code": "abc", "tags": [1,2,3,4,5,6,7,8,9,10]}""");
        var bad = Deep("""{"name": "b", "code": "abc", "tags": [1,2,3,4,5,6,7,8,9,9]}""");

        Parallel.For(0, 2_000, i =>
        {
            schema.IsValid(i % 2 == 0 ? good : bad).Should().Be(i % 2 == 0);
            schema.Validate(bad).Should().HaveCount(2);
        });
    }

    [Test]
    public void A_schema_outlives_the_document_that_it_was_read_from()
    {
        JsonSchema schema;
        using (var document = JsonDocument.Parse("""{"enum": ["a"], "minimum": 1}"""))
            schema = JsonSchema.Parse(document.RootElement);

        schema.Validate(Deep("\"b\"")).Single().Expected.Should().Be("\"a\" of at least 1");
    }

    [Test]
    public void A_good_value_costs_no_memory()
    {
        var schema = JsonSchema.Parse("""{"type": "object", "properties": {"city": {"type": "string", "minLength": 1}, "days": {"type": "integer", "minimum": 1}}, "required": ["city"]}""");
        var good = Deep("""{"city": "Oslo", "days": 3}""");
        for (var i = 0; i < 100; i++)
            schema.IsValid(good);

        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var i = 0; i < 1_000; i++)
            schema.IsValid(good);

        (GC.GetAllocatedBytesForCurrentThread() - before).Should().BeLessThan(1_000);
    }
}
