using System.Text.Json;
using OnlyMcp.Protocol.Transport;
using OnlyMcp.Tests.Support;

namespace OnlyMcp.Tests.Transport;

[Spec("2026-07-28 basic/transports/streamable-http §Schema Extension")]
public sealed class ParameterHeadersTests
{
    [Test]
    public void Annotated_parameters_are_found_through_any_chain_of_properties()
    {
        var headers = Parse("""
            {"type":"object","properties":{
              "region":{"type":"string","x-mcp-header":"Region"},
              "query":{"type":"string"},
              "where":{"type":"object","properties":{"shard":{"type":["integer","null"],"x-mcp-header":"Shard-Id"}}}}}
            """);

        headers.Select(header => $"{header.Name} {string.Join('.', header.Path)}").Should().Equal("Mcp-Param-Region region", "Mcp-Param-Shard-Id where.shard");
    }

    [Test]
    public void A_parameter_or_a_value_that_happens_to_be_called_so_is_no_annotation()
    {
        Parse("""
            {"type":"object","properties":{"x-mcp-header":{"type":"number"},
              "q":{"type":"object","default":{"x-mcp-header":""},"enum":[{"x-mcp-header":1}],"examples":[{"x-mcp-header":1}]}}}
            """).Should().BeEmpty();
        Parse("true").Should().BeEmpty();
    }

    [TestCase("""{"properties":{"a":{"type":"string","x-mcp-header":""}}}""", "'a'*no name")]
    [TestCase("""{"properties":{"a":{"type":"string","x-mcp-header":"My Region"}}}""", "'a'*no name")]
    [TestCase("""{"properties":{"a":{"type":"string","x-mcp-header":"Re:gion"}}}""", "'a'*no name")]
    [TestCase("""{"properties":{"a":{"type":"string","x-mcp-header":"R\r\nX: 1"}}}""", "'a'*no name")]
    [TestCase("""{"properties":{"a":{"type":"string","x-mcp-header":"Région"}}}""", "'a'*no name")]
    [TestCase("""{"properties":{"a":{"type":"string","x-mcp-header":7}}}""", "is 7*a string")]
    [TestCase("""{"properties":{"a":{"type":"string","x-mcp-header":null}}}""", "is null*a string")]
    [TestCase("""{"properties":{"a":{"type":"number","x-mcp-header":"A"}}}""", "'a'*not string, integer or boolean")]
    [TestCase("""{"properties":{"a":{"type":"object","x-mcp-header":"A"}}}""", "'a'*not string, integer or boolean")]
    [TestCase("""{"properties":{"a":{"type":"array","x-mcp-header":"A"}}}""", "'a'*not string, integer or boolean")]
    [TestCase("""{"properties":{"a":{"type":"null","x-mcp-header":"A"}}}""", "'a'*not string, integer or boolean")]
    [TestCase("""{"properties":{"a":{"x-mcp-header":"A"}}}""", "'a'*not string, integer or boolean")]
    [TestCase("""{"properties":{"a":{"type":["string","integer"],"x-mcp-header":"A"}}}""", "'a'*not string, integer or boolean")]
    [TestCase("""{"properties":{"a":{"type":"string","x-mcp-header":"A"},"b":{"type":"string","x-mcp-header":"a"}}}""", "'a' stands twice")]
    [TestCase("""{"type":"string","x-mcp-header":"A"}""", "no chain of 'properties'")]
    [TestCase("""{"properties":{"l":{"type":"array","items":{"type":"string","x-mcp-header":"A"}}}}""", "no chain of 'properties'")]
    [TestCase("""{"properties":{"l":{"type":"array","items":{"properties":{"a":{"type":"string","x-mcp-header":"A"}}}}}}""", "no chain of 'properties'")]
    [TestCase("""{"allOf":[{"properties":{"a":{"type":"string","x-mcp-header":"A"}}}]}""", "no chain of 'properties'")]
    [TestCase("""{"if":{"properties":{"a":{"type":"string","x-mcp-header":"A"}}}}""", "no chain of 'properties'")]
    [TestCase("""{"$defs":{"a":{"type":"string","x-mcp-header":"A"}}}""", "no chain of 'properties'")]
    [TestCase("""{"properties":{"a":{"additionalProperties":{"type":"string","x-mcp-header":"A"}}}}""", "no chain of 'properties'")]
    [TestCase("""{"patternProperties":{"^a":{"type":"string","x-mcp-header":"A"}}}""", "no chain of 'properties'")]
    [Spec("2026-07-28 basic/transports/streamable-http §Schema Extension", 1, 2, 3, 4, 5, 7, 8)]
    [Spec("2026-07-28 server/tools §x-mcp-header", 1, 2, 3, 4, 5, 7)]
    public void An_annotation_that_breaks_a_rule_is_refused_in_words(string schema, string words)
    {
        ParameterHeaders.TryParse(JsonElement.Parse(schema), out var headers, out var problem).Should().BeFalse();

        problem.Should().Match($"*{words}*");
        headers.Should().BeEmpty();
    }

    [TestCase("""{"v":"us-west1"}""", "us-west1")]
    [TestCase("""{"v":""}""", "")]
    [TestCase("""{"v":true}""", "true")]
    [TestCase("""{"v":false}""", "false")]
    [TestCase("""{"v":-7}""", "-7")]
    [TestCase("""{"v":42.0}""", "42")]
    [TestCase("""{"v":1e3}""", "1000")]
    [TestCase("""{"v":9007199254740991}""", "9007199254740991")]
    [TestCase("""{"v":null}""", null)]
    [TestCase("""{}""", null)]
    [TestCase("""{"v":[]}""", null)]
    [TestCase("""{"v":1.5}""", null)]
    [TestCase("""[]""", null)]
    [Spec("2026-07-28 basic/transports/streamable-http §Value Encoding")]
    public void A_value_becomes_text(string arguments, string? expected)
    {
        OfV.TryGetText(JsonElement.Parse(arguments), out var text).Should().Be(expected is not null);
        text.Should().Be(expected);
    }

    [TestCase("9007199254740992")]
    [TestCase("-9007199254740992")]
    [Spec("2026-07-28 basic/transports/streamable-http §Schema Extension", 6)]
    [Spec("2026-07-28 server/tools §x-mcp-header", 6)]
    public void A_whole_number_that_a_double_cannot_hold_has_no_header(string number) =>
        FluentActions.Invoking(() => OfV.TryGetText(JsonElement.Parse($$"""{"v":{{number}}}"""), out _))
            .Should().Throw<ArgumentException>().WithMessage($"*'v' is {number}*9007199254740991*");

    [TestCase("42.0", """{"v":42}""", true)]
    [TestCase("42", """{"v":42.0}""", true)]
    [TestCase("0042", """{"v":42}""", true)]
    [TestCase("43", """{"v":42}""", false)]
    [TestCase("NaN", """{"v":42}""", false)]
    [TestCase("true", """{"v":true}""", true)]
    [TestCase("True", """{"v":true}""", false)]
    [TestCase("a", """{"v":"A"}""", false)]
    [TestCase("a", """{}""", false)]
    [TestCase("null", """{"v":null}""", false)]
    [Spec("2026-07-28 basic/transports/streamable-http §Server Validation")]
    public void A_header_agrees_with_the_body_or_not(string header, string arguments, bool agrees) =>
        OfV.Agrees(header, JsonElement.Parse(arguments)).Should().Be(agrees);

    private static ParameterHeader OfV => Parse("""{"properties":{"v":{"type":"string","x-mcp-header":"V"}}}""").Single();

    private static IReadOnlyList<ParameterHeader> Parse(string schema)
    {
        ParameterHeaders.TryParse(JsonElement.Parse(schema), out var headers, out var problem).Should().BeTrue(problem);
        return headers;
    }
}
