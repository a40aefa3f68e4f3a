using System.Text.Json;
using OnlyMcp.Protocol.Schema;
using OnlyMcp.Server;
using OnlyMcp.Server.Tools;
using OnlyMcp.Tests.Support;

namespace OnlyMcp.Tests.Http;

[Spec("2026-07-28 basic/transports/streamable-http §Server Behavior for Custom Headers")]
public sealed class ParameterHeaderValidationTests
{
    [TestCase("""{"region":"Hello","shard":7}""", "Hello", "7")]
    [TestCase("""{"region":"Hello","shard":7}""", "=?base64?SGVsbG8=?=", "7.0")]
    [TestCase("""{"region":"SGVsbG8="}""", "SGVsbG8=", null)]
    [TestCase("""{"region":"=?base64?SGVsbG8="}""", "=?base64?SGVsbG8=", null)]
    [TestCase("""{"region":null}""", null, null)]
    [TestCase("""{}""", null, null)]
    [Spec("2026-07-28 basic/transports/streamable-http §Server Behavior for Custom Headers", 3, 6, 7)]
    [Spec("2026-07-28 basic/transports/streamable-http §Value Encoding", 4, 5)]
    public async Task Headers_that_say_what_the_body_says_are_accepted(string arguments, string? region, string? shard)
    {
        var request = await CallAsync(arguments, region, shard);

        request.Status.Should().Be(200, request.Body);
        request.Body.Should().Contain("called");
    }

    [TestCase("""{"region":"Hello"}""", null, null, "Mcp-Param-Region is missing")]
    [TestCase("""{"region":"Hello","shard":7}""", "Hello", null, "Mcp-Param-Shard is missing")]
    [TestCase("""{"region":"Hello"}""", "World", null, "'World'*arguments.region")]
    [TestCase("""{"region":"Hello"}""", "hello", null, "'hello'*arguments.region")]
    [TestCase("""{"region":"Hello"}""", "=?base64?SGVsbG8?=", null, "cannot be decoded")]
    [TestCase("""{"region":"Hello"}""", "=?base64?SGVs!!!bG8=?=", null, "cannot be decoded")]
    [TestCase("""{}""", "Hello", null, "'Hello'*arguments.region")]
    [TestCase("""{"region":null}""", "null", null, "'null'*arguments.region")]
    [TestCase("""{"shard":9007199254740992}""", null, "9007199254740992", "9007199254740991")]
    [Spec("2026-07-28 basic/transports/streamable-http §Server Validation", 1, 2, 3)]
    [Spec("2026-07-28 basic/transports/streamable-http §Server Behavior for Custom Headers", 2, 3, 4, 8)]
    [Spec("2026-07-28 basic/transports/streamable-http §Schema Extension", 6)]
    public async Task Headers_that_contradict_the_body_are_refused(string arguments, string? region, string? shard, string words)
    {
        var request = await CallAsync(arguments, region, shard);

        request.Status.Should().Be(400);
        var answer = JsonElement.Parse(request.Body);
        answer.GetProperty("id").GetInt32().Should().Be(1);
        answer.GetProperty("error").GetProperty("code").GetInt32().Should().Be(-32020);
        answer.GetProperty("error").GetProperty("message").GetString().Should().Match($"*{words}*");
    }

    [Test]
    [Spec("2026-07-28 server/tools §x-mcp-header", 2, 4, 5)]
    public void A_tool_whose_annotation_breaks_a_rule_is_not_offered()
    {
        var server = new McpServer("headers", "1.0.0");
        var given = () => server.AddTool(
            new Tool { Name = "given", InputSchema = JsonElement.Parse("""{"type":"object","properties":{"a":{"type":"number","x-mcp-header":"A"}}}""") },
            (_, _, _) => new(new CallToolResult { Content = [] }));

        given.Should().Throw<ArgumentException>().WithMessage("*'given'*'a'*");
        FluentActions.Invoking(() => server.AddTool("twice", "", ([McpHeader("A")] string a, [McpHeader("a")] string b) => a + b))
            .Should().Throw<ArgumentException>().WithMessage("*header 'a' twice*");
        FluentActions.Invoking(() => server.AddTool("spaced", "", ([McpHeader("My A")] string a) => a))
            .Should().Throw<ArgumentException>().WithMessage("*'My A'*");
        server.Tools.All.Should().BeEmpty();
    }

    private static async Task<FakeHttpExchange> CallAsync(string arguments, string? region, string? shard)
    {
        var server = new McpServer("headers", "1.0.0");
        server.AddTool("route", "Is routed", ([McpHeader("Region")] string? region = null, [McpHeader("Shard")] long? shard = null) => $"called {region} {shard}");
        var body = $$"""
            {"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"route","arguments":{{arguments}},
            "_meta":{"io.modelcontextprotocol/protocolVersion":"2026-07-28","io.modelcontextprotocol/clientCapabilities":{} } } }
            """;
        var request = new FakeHttpExchange("POST", "/mcp", body)
            .With("MCP-Protocol-Version", Wire.Modern).With("Mcp-Method", "tools/call").With("Mcp-Name", "route");
        if (region is not null)
            request = request.With("mcp-param-region", region);
        if (shard is not null)
            request = request.With("Mcp-Param-Shard", shard);

        await new OnlyMcp.Server.Http.McpHttpHandler(server).HandleAsync(request);
        return request;
    }
}
