using OnlyMcp.Client;
using OnlyMcp.Client.Eras;
using OnlyMcp.Client.Http;
using OnlyMcp.Protocol.JsonRpc;
using OnlyMcp.Protocol.Revisions;
using OnlyMcp.Protocol.Transport;
using OnlyMcp.Tests.Support;

namespace OnlyMcp.Tests.Client;

[Spec("2026-07-28 basic/transports/streamable-http §Backward Compatibility")]
public sealed class HttpProbeTests
{
    internal const string Discovered = """{"resultType":"complete","supportedVersions":["2026-07-28"],"capabilities":{"tools":{}}}""";
    internal const string Initialized = """{"protocolVersion":"2025-11-25","capabilities":{"tools":{},"prompts":{},"resources":{},"completions":{ } },"serverInfo":{"name":"old","version":"1"}}""";

    [Test]
    public async Task A_modern_server_is_found_with_one_question()
    {
        await using var server = new ScriptedHttpServer(call => call.ResultAsync(Discovered));
        await using var client = await ConnectAsync(server);

        client.ProtocolVersion.Should().Be("2026-07-28");
        server.Methods.Should().Equal("server/discover");
    }

    [TestCase(400, null, "")]
    [TestCase(400, "application/json", "not json")]
    [TestCase(400, "application/json", """{"jsonrpc":"2.0","id":null,"error":{"code":-32000,"message":"Bad Request: Server not initialized"}}""")]
    [TestCase(400, "application/json", """{"jsonrpc":"2.0","id":"server-error","error":{"code":-32600,"message":"Missing session ID"}}""")]
    [TestCase(404, "application/json", """{"jsonrpc":"2.0","id":1,"error":{"code":-32601,"message":"Method not found"}}""")]
    [TestCase(405, "text/html", "<html><body>Method Not Allowed</body></html>")]
    [TestCase(406, "text/plain", "no")]
    [TestCase(200, "application/json", "")]
    [TestCase(200, null, "")]
    [TestCase(202, null, "")]
    [TestCase(200, "text/html", "<html>Welcome</html>")]
    [TestCase(200, "application/json", """{"jsonrpc":"2.0","id":1,"result":{}}""")]
    [TestCase(200, "application/json", """{"jsonrpc":"2.0","id":1,"error":{"code":-32601,"message":"?"}}""")]
    [TestCase(200, "application/json", """{"jsonrpc":"2.0","id":77,"result":{"resultType":"complete"}}""")]
    public async Task Whatever_an_older_server_answers_to_the_probe_it_is_initialized(int status, string? type, string body)
    {
        await using var server = new ScriptedHttpServer(call => call.RpcMethod switch
        {
            "server/discover" => call.RespondAsync(status, type, body),
            "initialize" => call.ResultAsync(Initialized, "Mcp-Session-Id: s1\r\n"),
            "notifications/initialized" => call.RespondAsync(202),
            _ => call.RespondAsync(405),
        });
        await using var client = await ConnectAsync(server);

        client.ProtocolVersion.Should().Be("2025-11-25");
        server.Calls.Single(call => call.RpcMethod == "initialize").Header("Mcp-Method").Should().BeNull("modern headers are for modern requests");
    }

    [Test]
    public async Task Silence_does_not_brick_the_connection()
    {
        await using var server = new ScriptedHttpServer(call => call.RpcMethod switch
        {
            "server/discover" => call.SilenceAsync(),
            "initialize" => call.ResultAsync(Initialized),
            "notifications/initialized" => call.RespondAsync(202),
            _ => call.RespondAsync(405),
        });
        await using var client = await ConnectAsync(server, new McpClientOptions { ProbeTimeout = TimeSpan.FromMilliseconds(200) });

        client.Era.Should().Be(Era.Legacy);
    }

    [TestCase(401, "Bearer resource_metadata=\"http://x/\"")]
    [TestCase(403, "")]
    [TestCase(500, "")]
    [TestCase(503, "")]
    public async Task Credentials_and_accidents_are_told_and_nothing_else_is_tried(int status, string challenge)
    {
        await using var server = new ScriptedHttpServer(call => call.RespondAsync(
            status, "application/json", """{"error":"nope"}""", challenge.Length > 0 ? $"WWW-Authenticate: {challenge}\r\n" : ""));

        var fault = (await Connecting(server).Should().ThrowAsync<ConnectException>()).Which;

        fault.HttpStatus.Should().Be(status);
        fault.InnerException.Should().BeOfType<HttpStatusException>().Which.Challenge.Should().Be(challenge);
        fault.Message.Contains("McpClientOptions.Authorization", StringComparison.Ordinal).Should().Be(status == 401, "only a token is missing there");
        server.Calls.Should().ContainSingle();
    }

    [Test]
    public async Task Where_nothing_is_found_the_exception_tells_the_whole_story()
    {
        await using var server = new ScriptedHttpServer(call => call.RespondAsync(404, "text/html", "<h1>Not\r\nFound</h1>"));

        var fault = (await Connecting(server).Should().ThrowAsync<ConnectException>()).Which;

        fault.Message.Should().Contain("server/discover").And.Contain("initialize").And.Contain("GET").And.Contain("404").And.Contain("<h1>Not  Found</h1>");
        server.Methods.Should().Equal("server/discover", "initialize", "GET");
    }

    [Test]
    public async Task A_modern_server_that_cannot_be_asked_is_not_asked_in_the_old_way()
    {
        await using var server = new ScriptedHttpServer(call => call.ErrorAsync(-32020, 400));

        await Connecting(server).Should().ThrowAsync<ConnectException>().WithMessage("*-32020*");
        server.Methods.Should().Equal("server/discover");
    }

    [Test]
    public async Task A_server_that_is_not_there_is_told_as_such()
    {
        var server = new ScriptedHttpServer(_ => Task.CompletedTask);
        await server.DisposeAsync();

        await Connecting(server).Should().ThrowAsync<TransportClosedException>();
    }

    [Test]
    [Spec("2026-07-28 basic/versioning §Backward Compatibility with Initialization-Based Versions")]
    public async Task A_verdict_is_remembered_and_dropped_when_the_server_contradicts_it()
    {
        var modern = false;
        await using var server = new ScriptedHttpServer(call => (call.RpcMethod, modern) switch
        {
            ("server/discover", true) => call.ResultAsync(Discovered),
            (_, true) => call.ErrorAsync(-32022, 400, """{"supported":["2026-07-28"],"requested":""}"""),
            ("initialize", false) => call.ResultAsync(Initialized),
            ("notifications/initialized", false) => call.RespondAsync(202),
            _ => call.RespondAsync(405),
        });
        var options = new McpClientOptions { EraVerdicts = new EraVerdicts() };

        await using (await McpClient.ConnectAsync(server.Url, options))
            options.EraVerdicts.Find(server.Url.AbsoluteUri).Should().Be(Approach.Initialize);
        await using (await McpClient.ConnectAsync(server.Url, options))
            server.Methods.Count(method => method == "server/discover").Should().Be(1, "the second client knows");

        modern = true;
        await using var client = await McpClient.ConnectAsync(server.Url, options);
        client.Era.Should().Be(Era.Modern);
        options.EraVerdicts.Find(server.Url.AbsoluteUri).Should().Be(Approach.Discover);
    }

    [TestCase(Era.Modern, "call")]
    [TestCase(Era.Modern, "call after another list")]
    [TestCase(Era.Modern, "list")]
    [TestCase(Era.Modern, "ping")]
    [TestCase(Era.Modern, "request")]
    [TestCase(Era.Legacy, "call")]
    [TestCase(Era.Legacy, "list")]
    [TestCase(Era.Legacy, "ping")]
    [TestCase(Era.Legacy, "request")]
    public async Task A_server_that_answers_later_as_none_of_its_era_would_is_remembered_no_longer(Era era, string asked)
    {
        var (gone, calls) = (false, 0);
        await using var server = new ScriptedHttpServer(call => call.RpcMethod switch
        {
            "tools/list" when asked == "call after another list" => call.ResultAsync(
                """{"resultType":"complete","tools":[{"name":"t","inputSchema":{"type":"object","properties":{"a":{"type":"string","x-mcp-header":"A"}}}}]}"""),
            "tools/call" when asked == "call after another list" && calls++ == 0 => call.ErrorAsync(ErrorCode.HeaderMismatch, 400),
            _ when gone => call.RespondAsync(404),
            "server/discover" when era == Era.Modern => call.ResultAsync(Discovered),
            "initialize" => call.ResultAsync("""{"protocolVersion":"2025-06-18","capabilities":{"tools":{}},"serverInfo":{"name":"old","version":"1"}}"""),
            "notifications/initialized" => call.RespondAsync(202),
            _ => call.RespondAsync(405),
        });
        var options = new McpClientOptions { EraVerdicts = new EraVerdicts() };
        await using var client = await McpClient.ConnectAsync(server.Url, options);
        options.EraVerdicts.Find(server.Url.AbsoluteUri).Should().NotBeNull();

        gone = true;
        Func<Task> asking = asked switch
        {
            "list" => () => client.ListToolsPageAsync(),
            "ping" => () => client.PingAsync(),
            "request" => () => client.SendRequestAsync("com.example/x"),
            _ => () => client.CallToolAsync("t", new { a = "b" }),
        };

        (await asking.Should().ThrowAsync<HttpStatusException>()).Which.Status.Should().Be(404);
        options.EraVerdicts.Find(server.Url.AbsoluteUri).Should().BeNull();
        calls.Should().Be(asked == "call after another list" ? 2 : 0);
    }

    [Test]
    public async Task A_server_that_forgot_the_session_and_opens_another_is_remembered_still()
    {
        var sessions = 0;
        await using var server = new ScriptedHttpServer(call => call.RpcMethod switch
        {
            "initialize" => call.ResultAsync(Initialized, $"Mcp-Session-Id: s{++sessions}\r\n"),
            "notifications/initialized" => call.RespondAsync(202),
            "tools/list" when sessions == 1 => call.RespondAsync(404),
            "tools/list" => call.ResultAsync("""{"tools":[]}"""),
            _ => call.RespondAsync(405),
        });
        var options = new McpClientOptions { EraVerdicts = new EraVerdicts() };
        await using var client = await McpClient.ConnectAsync(server.Url, options);

        (await client.ListToolsPageAsync()).Tools.Should().BeEmpty();

        sessions.Should().Be(2);
        options.EraVerdicts.Find(server.Url.AbsoluteUri).Should().Be(Approach.Initialize);
    }

    [Test]
    public async Task A_pinned_client_leaves_the_verdict_alone_and_asks_in_its_own_way()
    {
        await using var server = new ScriptedHttpServer(call => call.RpcMethod switch
        {
            "initialize" => call.ResultAsync("""{"protocolVersion":"2025-06-18","capabilities":{"tools":{},"prompts":{},"resources":{},"completions":{ } },"serverInfo":{"name":"old","version":"1"}}"""),
            "notifications/initialized" => call.RespondAsync(202),
            _ => call.RespondAsync(405),
        });
        var options = new McpClientOptions { EraVerdicts = new EraVerdicts(), Revision = KnownRevisions.V20250618 };
        await using var client = await McpClient.ConnectAsync(server.Url, options);

        client.ProtocolVersion.Should().Be("2025-06-18");
        server.Methods.Should().StartWith("initialize");
        server.Calls.First().Json.GetProperty("params").GetProperty("protocolVersion").GetString().Should().Be("2025-06-18");
        options.EraVerdicts.Find(server.Url.AbsoluteUri).Should().BeNull();
    }

    internal static Task<McpClient> ConnectAsync(ScriptedHttpServer server, McpClientOptions? options = null) =>
        McpClient.ConnectAsync(server.Url, (options ?? new McpClientOptions()) with { EraVerdicts = new EraVerdicts() }).WaitAsync(TimeSpan.FromSeconds(20));

    private static Func<Task> Connecting(ScriptedHttpServer server) => () => ConnectAsync(server);
}
