using System.Text.Json;
using OnlyMcp.Protocol.Revisions;
using OnlyMcp.Protocol.Schema;
using OnlyMcp.Server;
using OnlyMcp.Server.Http;
using OnlyMcp.Tests.Support;

namespace OnlyMcp.Tests.Http;

/// <summary>What the headers of a modern request say is what its body says, or the request is refused.</summary>
[Spec("2026-07-28 basic/transports/streamable-http §Server Validation")]
public sealed class HeaderValidationTests
{
    [TestCase("MCP-Protocol-Version", null)]
    [TestCase("MCP-Protocol-Version", "2025-11-25")]
    [TestCase("Mcp-Method", null)]
    [TestCase("Mcp-Method", "tools/list")]
    [TestCase("Mcp-Method", "TOOLS/CALL")]
    [TestCase("Mcp-Name", null)]
    [TestCase("Mcp-Name", "other")]
    [TestCase("Mcp-Name", "=?base64?b3RoZXI=?=")]
    [TestCase("Mcp-Name", "=?base64?not base 64?=")]
    [Spec("2026-07-28 basic/transports/streamable-http §Server Validation", 1, 2, 3)]
    [Spec("2026-07-28 basic/transports/streamable-http §Protocol Version Header", 1, 3)]
    [Spec("2026-07-28 basic/transports/streamable-http §Standard Request Headers", 1)]
    public async Task A_header_that_is_missing_or_contradicts_the_body_is_refused(string header, string? value)
    {
        var request = await AskAsync(Wire.ModernPost("echo").With(header, value));

        request.Status.Should().Be(400);
        request.Body.Should().StartWith("""{"jsonrpc":"2.0","id":1,"error":{"code":-32020""").And.Contain(header);
    }

    [TestCase("echo")]
    [TestCase("=?base64?ZWNobw==?=")]
    [Spec("2026-07-28 basic/transports/streamable-http §Server Validation", 3)]
    [Spec("2026-07-28 basic/transports/streamable-http §Value Encoding", 4, 5)]
    public async Task A_name_is_decoded_before_it_is_compared(string name) =>
        (await AskAsync(Wire.ModernPost("echo").With("Mcp-Name", name))).Status.Should().Be(200);

    [TestCase("=?BASE64?ZWNobw==?=")]
    [TestCase("=?Base64?ZWNobw==?=")]
    [Spec("2026-07-28 basic/transports/streamable-http §Value Encoding", 3)]
    public async Task The_marks_of_a_coded_value_are_compared_letter_by_letter(string name) =>
        (await AskAsync(Wire.ModernPost("echo").With("Mcp-Name", name))).Status.Should().Be(400);

    [Test]
    [Spec("2026-07-28 basic/transports/streamable-http §Case Sensitivity", 1)]
    public async Task Names_of_headers_may_be_written_in_any_case()
    {
        await using var host = await new ToolServer().StartAsync();
        using var raw = await RawHttp.ConnectAsync(host.Address);
        await raw.SendAsync("POST /mcp", Wire.ModernCall("echo"), $"mcp-protocol-version: {Wire.Modern}", "MCP-METHOD: tools/call", "mCP-nAME: echo");

        (await raw.ReadAsync()).Body.Should().Contain("id 1");
    }

    [TestCase("2030-01-01", null, """["2026-07-28"]""")]
    [TestCase("2026-07-28", "2030-01-01", null)]
    [Spec("2026-07-28 basic/transports/streamable-http §Protocol Version Header", 4)]
    [Spec("2026-07-28 basic/versioning §Protocol Version Negotiation", 1)]
    public async Task A_version_that_is_not_served_is_answered_with_those_that_are(string asked, string? inHeader, string? supported)
    {
        var request = await AskAsync(Post(Wire.ModernCall("echo").Replace(Wire.Modern, asked, StringComparison.Ordinal), inHeader ?? asked));

        request.Status.Should().Be(400);
        var error = JsonElement.Parse(request.Body).GetProperty("error");
        error.GetProperty("code").GetInt32().Should().Be(supported is null ? -32020 : -32022);
        if (supported is not null)
            error.GetProperty("data").GetProperty("supported").GetRawText().Should().Be(supported);
    }

    [Test]
    [Spec("2026-07-28 basic/transports/streamable-http §Protocol Version Header", 6)]
    public async Task Without_older_revisions_a_request_without_the_version_header_is_refused()
    {
        var server = new ToolServer(new McpServerOptions { Revisions = [KnownRevisions.Newest(Era.Modern)] });

        foreach (var body in new[] { Wire.ModernCall("echo"), Wire.Ping() })
            (await AskAsync(Post(body, null), server)).Status.Should().Be(400, body);
    }

    [TestCase("clientCapabilities")]
    [TestCase("protocolVersion")]
    [Spec("2026-07-28 basic §_meta", 6, 7)]
    public async Task A_request_without_its_metadata_is_refused(string missing)
    {
        var request = await AskAsync(Post(Wire.ModernCall("echo").Replace(missing, "somethingElse", StringComparison.Ordinal), Wire.Modern));

        request.Status.Should().Be(400);
        request.Body.Should().StartWith("""{"jsonrpc":"2.0","id":1,"error":{"code":-32602""").And.Contain(missing);
    }

    [Test]
    [Spec("2026-07-28 basic §_meta", 8, 9, 10)]
    public async Task A_capability_that_the_client_did_not_declare_is_named_and_not_used()
    {
        var used = false;
        var server = new McpServer("needs", "1.0.0");
        server.AddTool("echo", "Needs sampling", (RequestContext context) =>
        {
            context.Require(new ClientCapabilities { Sampling = new() });
            used = true;
        });
        var request = Wire.ModernPost("echo");
        await new McpHttpHandler(server).HandleAsync(request);

        used.Should().BeFalse();
        request.Status.Should().Be(400);
        var error = JsonElement.Parse(request.Body).GetProperty("error");
        error.GetProperty("code").GetInt32().Should().Be(-32021);
        error.GetProperty("data").GetProperty("requiredCapabilities").GetRawText().Should().Be("""{"sampling":{}}""");
    }

    [TestCase("a\u00e9")]
    [TestCase("a\u0001")]
    [Spec("2026-07-28 basic/transports/streamable-http §Server Behavior for Custom Headers", 2)]
    public async Task A_value_that_no_header_may_hold_is_refused_even_if_the_body_holds_it_too(string name)
    {
        var server = new McpServer("names", "1.0.0");
        server.AddTool("route", "Is routed", ([OnlyMcp.Server.Tools.McpHeader("Region")] string region) => region);
        var body = Wire.ModernCall("route").Replace("\"arguments\":{}", $$"""
            "arguments":{"region":{{JsonSerializer.Serialize(name)}}}
            """, StringComparison.Ordinal);
        var request = Post(body, Wire.Modern).With("Mcp-Name", "route").With("Mcp-Param-Region", name);
        await new McpHttpHandler(server).HandleAsync(request);

        request.Status.Should().Be(400);
        request.Body.Should().Contain("-32020");
    }

    private static FakeHttpExchange Post(string body, string? version) =>
        new FakeHttpExchange("POST", "/mcp", body).With("MCP-Protocol-Version", version).With("Mcp-Method", "tools/call").With("Mcp-Name", "echo");

    private static async Task<FakeHttpExchange> AskAsync(FakeHttpExchange request, ToolServer? server = null)
    {
        await (server ?? new ToolServer()).Handler().HandleAsync(request);
        return request;
    }
}
