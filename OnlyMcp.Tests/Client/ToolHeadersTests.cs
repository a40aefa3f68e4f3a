using System.Collections.Concurrent;
using System.Text.Json;
using OnlyMcp.Client;
using OnlyMcp.Protocol.JsonRpc;
using OnlyMcp.Protocol.Transport;
using OnlyMcp.Server;
using OnlyMcp.Server.Http;
using OnlyMcp.Server.Tools;
using OnlyMcp.Tests.Support;

namespace OnlyMcp.Tests.Client;

/// <summary>Parameters of tools that a client mirrors into HTTP headers.</summary>
[Spec("2026-07-28 basic/transports/streamable-http §Client Behavior")]
public sealed class ToolHeadersTests
{
    private const string Done = """{"resultType":"complete","content":[{"type":"text","text":"done"}]}""";

    private const string Schema = """
        {"type":"object","properties":{"region":{"type":"string","x-mcp-header":"Region"},"deep":{"type":"object","properties":{"n":{"type":"integer","x-mcp-header":"N"}}}}}
        """;

    [TestCase("""{"region":"us-west1","deep":{"n":7}}""", "us-west1", "7")]
    [TestCase("""{"region":"zähle"}""", "=?base64?esOkaGxl?=", null)]
    [TestCase("""{"region":" padded "}""", "=?base64?IHBhZGRlZCA=?=", null)]
    [TestCase("""{"region":"=?base64?literal?="}""", "=?base64?PT9iYXNlNjQ/bGl0ZXJhbD89?=", null)]
    [TestCase("""{"region":"a\r\nX-Evil: 1"}""", "=?base64?YQ0KWC1FdmlsOiAx?=", null)]
    [TestCase("""{"region":null,"deep":{}}""", null, null)]
    [TestCase("{}", null, null)]
    [Spec("2026-07-28 basic/transports/streamable-http §Value Encoding", 1, 2, 6)]
    [Spec("2026-07-28 basic/transports/streamable-http §Custom Headers from Tool Parameters", 1, 2)]
    [Spec("2026-07-28 basic/transports/streamable-http §Client Behavior", 3, 4, 5)]
    [Spec("2026-07-28 basic/transports/streamable-http §Server Behavior for Custom Headers", 5, 6, 7)]
    public async Task A_listed_tools_parameters_stand_in_headers(string arguments, string? region, string? n)
    {
        await using var server = Server(_ => Listed(("t", Schema)));
        await using var client = await HttpProbeTests.ConnectAsync(server);
        await client.ListToolsAsync().CountAsync();

        await client.CallToolAsync("t", JsonElement.Parse(arguments));

        var call = server.Calls.Last();
        (call.Header("Mcp-Param-Region"), call.Header("Mcp-Param-N")).Should().Be((region, n));
        call.Header("X-Evil").Should().BeNull();
    }

    [Test]
    [Spec("2026-07-28 server/tools §x-mcp-header", 8, 9)]
    [Spec("2026-07-28 basic/transports/streamable-http §Schema Extension", 9, 10)]
    public async Task A_tool_whose_annotation_breaks_a_rule_is_left_out_and_the_host_is_told_why()
    {
        var faults = new ConcurrentQueue<ProtocolFaultException>();
        await using var server = Server(_ => Listed(
            ("good", Schema), ("bad", """{"type":"object","properties":{"a":{"type":"number","x-mcp-header":"A"}}}"""), ("plain", """{"type":"object"}""")));
        await using var client = await HttpProbeTests.ConnectAsync(server, new McpClientOptions { OnProtocolFault = faults.Enqueue });

        (await client.ListToolsAsync().Select(tool => tool.Name).ToListAsync()).Should().Equal("good", "plain");

        faults.Should().ContainSingle().Which.Message.Should().Match("*'bad'*'a'*not string, integer or boolean*");
    }

    [Test]
    public async Task A_call_that_is_refused_for_its_headers_is_made_again_after_a_look_at_the_list()
    {
        await using var server = Server(_ => Listed(("t", Schema)), call => call.Header("Mcp-Param-Region") is null);
        await using var client = await HttpProbeTests.ConnectAsync(server);

        (await client.CallToolAsync("t", new { region = "us-west1" })).Text.Should().Be("done");

        server.Methods.Should().Equal("server/discover", "tools/call", "tools/list", "tools/call");
        server.Calls.Where(call => call.RpcMethod == "tools/call").Select(call => call.Id).Should().OnlyHaveUniqueItems();
    }

    [Test]
    public async Task A_call_that_is_refused_although_the_list_says_nothing_new_is_not_repeated()
    {
        await using var server = Server(_ => Listed(("t", Schema)), _ => true);
        await using var client = await HttpProbeTests.ConnectAsync(server);
        await client.ListToolsAsync().CountAsync();

        var calling = client.Awaiting(it => it.CallToolAsync("t", new { region = "us-west1" }));

        (await calling.Should().ThrowAsync<JsonRpcException>()).Which.Code.Should().Be(ErrorCode.HeaderMismatch);
        server.Methods.Should().Equal("server/discover", "tools/list", "tools/call", "tools/list");
    }

    [Test]
    public async Task A_call_that_is_refused_again_with_new_headers_ends_there()
    {
        await using var server = Server(_ => Listed(("t", Schema)), _ => true);
        await using var client = await HttpProbeTests.ConnectAsync(server);

        await client.Awaiting(it => it.CallToolAsync("t", new { region = "us-west1" })).Should().ThrowAsync<JsonRpcException>();

        server.Methods.Count(method => method == "tools/call").Should().Be(2);
    }

    [Test]
    [Spec("2026-07-28 basic/transports/streamable-http §Schema Extension", 6)]
    public async Task A_number_that_no_header_can_hold_is_the_callers_mistake()
    {
        await using var server = Server(_ => Listed(("t", Schema)));
        await using var client = await HttpProbeTests.ConnectAsync(server);
        await client.ListToolsAsync().CountAsync();

        await client.Awaiting(it => it.CallToolAsync("t", new { deep = new { n = 9007199254740993 } }))
            .Should().ThrowAsync<ArgumentException>().WithMessage("*'deep.n' is 9007199254740993*");
    }

    [Test]
    [Spec("2026-07-28 basic/transports/streamable-http §Server Behavior for Custom Headers", 5)]
    public async Task Our_client_and_our_server_agree_on_them()
    {
        var server = new McpServer("headers", "1.0.0");
        server.AddTool("route", "Is routed", ([McpHeader("Region")] string region, [McpHeader("N")] int n, [McpHeader("Dry")] bool dry) => $"{region} {n} {dry}");
        await using var host = new McpHttpHost(server, "http://127.0.0.1:0/");
        await host.StartAsync();
        await using var client = await McpClient.ConnectAsync(new Uri(host.Address, "/mcp"));

        (await client.CallToolAsync("route", new { region = "Øst", n = -3, dry = true })).Text.Should().Be("Øst -3 True", "the client learns of the headers by itself");
        (await client.CallToolAsync("route", new { region = "", n = 0, dry = false })).Text.Should().Be(" 0 False");
    }

    private static string Listed(params (string Name, string Schema)[] tools) =>
        $$"""{"resultType":"complete","ttlMs":0,"cacheScope":"private","tools":[{{string.Join(',', tools.Select(tool => $$"""{"name":"{{tool.Name}}","inputSchema":{{tool.Schema}}}"""))}}]}""";

    private static ScriptedHttpServer Server(Func<HttpCall, string> list, Func<HttpCall, bool>? refuses = null) => new(call => call.RpcMethod switch
    {
        "server/discover" => call.ResultAsync(HttpProbeTests.Discovered),
        "tools/list" => call.ResultAsync(list(call)),
        _ when refuses?.Invoke(call) == true => call.ErrorAsync(ErrorCode.HeaderMismatch, 400),
        _ => call.ResultAsync(Done),
    });
}
