using System.Diagnostics;
using OnlyMcp.Protocol.JsonSchemas;
using OnlyMcp.Tests.Support;
using static OnlyMcp.Tests.JsonSchemas.SchemaText;

namespace OnlyMcp.Tests.JsonSchemas;

public class HostileSchemaTests
{
    [TestCase("""{"type": 5}""", "#/type")]
    [TestCase("""{"type": []}""", "#/type")]
    [TestCase("""{"type": "strin"}""", "#/type")]
    [TestCase("""{"minimum": "x"}""", "#/minimum")]
    [TestCase("""{"minLength": -1}""", "#/minLength")]
    [TestCase("""{"minLength": 1.5}""", "#/minLength")]
    [TestCase("""{"multipleOf": 0}""", "#/multipleOf")]
    [TestCase("""{"required": "city"}""", "#/required")]
    [TestCase("""{"required": [1]}""", "#/required")]
    [TestCase("""{"enum": 1}""", "#/enum")]
    [TestCase("""{"allOf": []}""", "#/allOf")]
    [TestCase("""{"properties": []}""", "#/properties")]
    [TestCase("""{"properties": {"a/b": 7}}""", "#/properties/a~1b")]
    [TestCase("""{"items": [true]}""", "#/items")]
    [TestCase("""{"$defs": {"unused": {"type": 1}}}""", "#/$defs/unused/type")]
    [TestCase("""{"pattern": "("}""", "#/pattern")]
    [TestCase("""{"pattern": "\\Z"}""", "#/pattern")]
    [TestCase("""{"pattern": "[b-a]"}""", "#/pattern")]
    [TestCase("""{"pattern": "[a"}""", "#/pattern")]
    [TestCase("""{"pattern": "\\p{Script=Greek}"}""", "#/pattern")]
    [TestCase("""{"patternProperties": {"(": true}}""", "#/patternProperties/(")]
    [TestCase("""{"$ref": 1}""", "#/$ref")]
    [TestCase("""{"$ref": "#/$defs/none"}""", "#/$ref")]
    [TestCase("""{"$ref": "#none"}""", "#/$ref")]
    [TestCase("""{"$ref": "http://["}""", "#/$ref")]
    [TestCase("""{"$id": "a#b"}""", "#/$id")]
    [TestCase("""{"$id": 1}""", "#/$id")]
    [TestCase("""17""", "#")]
    [Spec("2026-07-28 basic §Schema Validation", 1, AtEveryRevision = true)]
    public void A_malformed_schema_is_refused_with_the_place_of_the_problem(string schema, string path)
        => Parsing(schema).Should().Throw<JsonSchemaException>().Where(exception => exception.Path == path);

    [Test]
    [Spec("2026-07-28 basic §$ref Resolution", 1, 2, AtEveryRevision = true)]
    public void A_reference_to_another_host_is_an_error_and_never_a_request()
        => Parsing("""{"$ref": "http://127.0.0.1:1/schema.json"}""").Should().Throw<JsonSchemaException>()
            .WithMessage("#/$ref: the reference \"http://127.0.0.1:1/schema.json\" cannot be resolved: no such document is at hand, and none is fetched*");

    [TestCase("""{"$ref": "#"}""")]
    [TestCase("""{"$defs": {"a": {"$ref": "#/$defs/b"}, "b": {"$ref": "#/$defs/a"}}, "$ref": "#/$defs/a"}""")]
    [TestCase("""{"anyOf": [{"type": "string"}, {"not": {"allOf": [{"$ref": "#"}]}}]}""")]
    [TestCase("""{"if": true, "then": {"$ref": "#"}}""")]
    [TestCase("""{"dependentSchemas": {"a": {"$ref": "#"}}}""")]
    public void A_schema_that_applies_itself_to_the_same_value_is_refused(string schema)
        => Parsing(schema).Should().Throw<JsonSchemaException>().WithMessage("*refers back to itself*");

    [Test]
    public void A_dynamic_reference_that_goes_in_circles_is_stopped()
    {
        const string schema = """{"$dynamicAnchor": "a", "$dynamicRef": "#a"}""";

        OnSmallStack(() => Errors(schema, "1")).Should().EndWith("needs more stack than there is");
    }

    [Test]
    public void Recursion_that_goes_on_to_a_part_of_the_value_is_fine()
        => Accepts("""{"properties": {"child": {"$ref": "#"}}, "additionalProperties": false}""", """{"child": {"child": {}}}""").Should().BeTrue();

    [Test]
    public void A_schema_that_nests_too_deep_is_refused()
        => Parsing(Repeat("""{"not":""", 2_000) + "true" + Repeat("}", 2_000)).Should().Throw<JsonSchemaException>()
            .WithMessage("*nest deeper than 64 levels*");

    [Test]
    public void A_deep_schema_within_a_wider_limit_gives_up_before_the_stack_ends()
    {
        var options = new JsonSchemaOptions { MaxDepth = 10_000, MaxSubschemas = 1_000_000 };
        var schema = Repeat("""{"not":""", 2_000) + "true" + Repeat("}", 2_000);

        OnSmallStack(() => Errors(schema, "1", options)).Should().EndWith("needs more stack than there is");
    }

    [Test]
    public void A_long_chain_of_references_is_compiled_and_gives_up_before_the_stack_ends()
    {
        var chain = Enumerable.Range(0, 9_000).Select(i => $$"""
            "d{{i}}": {"$ref": "#/$defs/d{{i + 1}}"}
            """);
        var schema = $$"""{"$ref": "#/$defs/d0", "$defs": { {{string.Join(',', chain)}}, "d9000": {"type": "string"} } }""";

        OnSmallStack(() => Errors(schema, "\"a\"")).Should().EndWith("needs more stack than there is");
    }

    [Test]
    public void One_huge_name_above_many_schemas_does_not_fill_the_memory()
    {
        var below = string.Join(',', Enumerable.Range(0, 9_000).Select(i => $$"""
            "p{{i}}": true
            """));

        Parsing($$"""{"properties": {"{{new string('x', 1_000_000)}}": {"properties": { {{below}} } } } }""").Should().Throw<JsonSchemaException>()
            .WithMessage("*names of the schemas are too long").Which.Message.Length.Should().BeLessThan(400);
    }

    [Test]
    public void A_reference_to_a_huge_name_outside_all_keywords_does_not_fill_the_memory_either()
    {
        var name = new string('x', 1_000_000);

        Parsing($$"""{"$ref": "#/other/{{name}}", "other": {"{{name}}": {"allOf": [{{string.Join(',', Enumerable.Repeat("true", 9_000))}}] } } }""")
            .Should().Throw<JsonSchemaException>().WithMessage("*names of the schemas are too long");
    }

    [Test]
    public void A_schema_with_too_many_subschemas_is_refused()
    {
        var properties = string.Join(',', Enumerable.Range(0, 10_001).Select(i => $$"""
            "p{{i}}": true
            """));

        Parsing($$"""{"properties": { {{properties}} } }""").Should().Throw<JsonSchemaException>().WithMessage("*more than 10000 subschemas*");
    }

    [Test]
    public void Work_that_doubles_with_every_reference_is_cut_off_by_the_budget()
    {
        var levels = Enumerable.Range(0, 40).Select(i => $$"""
            "l{{i}}": {"allOf": [{"$ref": "#/$defs/l{{i + 1}}"}, {"$ref": "#/$defs/l{{i + 1}}"}]}
            """);
        var schema = JsonSchema.Parse($$"""{"$ref": "#/$defs/l0", "$defs": { {{string.Join(',', levels)}}, "l40": {"type": "string"} } }""");
        var clock = Stopwatch.StartNew();

        var errors = schema.Validate(Deep("\"a\""));

        errors.Should().ContainSingle().Which.Expected.Should().Be("a value that can be checked in 2000000 steps");
        clock.Elapsed.Should().BeLessThan(TimeSpan.FromSeconds(20));
    }

    [Test]
    public void A_spent_budget_is_a_failure_even_under_not()
    {
        var options = new JsonSchemaOptions { MaxSteps = 100 };
        var many = "[" + string.Join(',', Enumerable.Repeat("1", 1_000)) + "]";

        Accepts("""{"not": {"items": {"type": "string"}}}""", many, options).Should().BeTrue();
        Accepts("""{"not": {"items": {"type": "integer"}}}""", many, options).Should().BeFalse();
        Accepts("""{"not": {"not": {"items": {"type": "integer"}}}}""", many, options).Should().BeFalse();
    }

    [TestCase("^(a+)+$", Description = "Linear: the engine without backtracking takes it")]
    [TestCase("^(?=a)(a+)+$", Description = "Lookahead needs backtracking, and the timeout stops that")]
    public void A_regular_expression_that_explodes_does_not_hang(string pattern)
    {
        var clock = Stopwatch.StartNew();

        Accepts($$"""{"pattern": "{{pattern}}"}""", $"\"{new string('a', 40)}!\"").Should().BeFalse();

        clock.Elapsed.Should().BeLessThan(TimeSpan.FromSeconds(10));
    }

    [Test]
    public void A_regular_expression_that_ran_out_of_time_is_a_failure_that_says_so()
        => Errors("""{"pattern": "^(?=a)(a+)+$"}""", $"\"{new string('a', 40)}!\"").Should()
            .Be("(root): expected a string that the pattern ^(?=a)(a+)+$ can search in 100 ms, received one of 41 characters that takes longer");

    [Test]
    public void Many_slow_searches_together_are_stopped_too()
    {
        var slow = "\"" + new string('a', 19) + "!\"";
        var many = "[" + string.Join(',', Enumerable.Repeat(slow, 10_000)) + "]";
        var clock = Stopwatch.StartNew();

        Accepts("""{"items": {"not": {"pattern": "^(?=a)(a+)+$"}}}""", many).Should().BeFalse();

        clock.Elapsed.Should().BeLessThan(TimeSpan.FromSeconds(20));
    }

    [Test]
    public void Half_a_character_in_a_schema_is_no_reason_to_throw_anything_unexpected()
    {
        const string schema = """{"properties": {"\ud800": {"const": "\udc00"}, "\ud801": {"pattern": "\ud800"}}, "required": ["\ud800"], "$comment": "\ud800"}""";

        Parsing(schema).Should().NotThrow();
    }
}
