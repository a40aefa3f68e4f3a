using System.Text.Json;
using OnlyMcp.Client;
using OnlyMcp.Protocol.JsonRpc;
using OnlyMcp.Protocol.Revisions;
using OnlyMcp.Protocol.Schema;
using OnlyMcp.Protocol.Testing;
using OnlyMcp.Server;
using OnlyMcp.Server.Prompts;
using OnlyMcp.Server.Resources;
using OnlyMcp.Server.Tools;
using OnlyMcp.Tests.Support;

namespace OnlyMcp.Tests.Faults;

/// <summary>Faults that servers of other projects had in the first month of 2026-07-28. README.md lists them all.</summary>
public sealed class FirstMonthServerTests
{
    private static readonly JsonElement AnyObject = JsonElement.Parse("""{"type":"object"}""");

    [Test]
    [Spec("2026-07-28 basic/patterns/cancellation §Cancellation Flow")]
    public async Task A_request_whose_id_is_zero_or_an_empty_text_can_be_cancelled(
        [Values("0", "\"\"")] string id, [Values("2024-11-05", "2025-11-25", "2026-07-28")] string version)
    {
        var server = new ToolServer();
        var (near, far) = InMemoryPipe.Create();
        var serving = server.Server.ServeAsync(far, far);
        await using (var peer = new StdioPeer(near))
        {
            await peer.InitializeAsync(version == Wire.Modern ? "2025-11-25" : version);
            await peer.SendAsync(version == Wire.Modern ? Wire.ModernCall("wait", id) : Wire.LegacyCall("wait", id));
            await server.Started;
            await peer.SendAsync(Wire.Cancelled(id));
            await server.Cancelled;
            await peer.ShouldAnswerAsync();
        }

        await serving;
    }

    [Test]
    [Spec("2025-11-25 basic/transports §Sending Messages to the Server")]
    public async Task A_tool_that_asks_a_client_which_takes_no_events_fails_and_does_not_wait()
    {
        var server = new McpServer("asking", "1.0.0");
        server.AddTool("ask", "Asks", async (RequestContext context) => (await context.ListRootsAsync()).Count);
        var handler = new OnlyMcp.Server.Http.McpHttpHandler(server);
        var opened = new FakeHttpExchange(
            "POST", "/mcp", Wire.Initialize().Replace("\"capabilities\":{}", "\"capabilities\":{\"roots\":{}}", StringComparison.Ordinal));
        await handler.HandleAsync(opened);
        var call = new FakeHttpExchange("POST", "/mcp", Wire.LegacyCall("ask"))
            .With("Mcp-Session-Id", opened.ResponseHeaders["Mcp-Session-Id"]).With("Accept", "application/json");

        await handler.HandleAsync(call).AsTask().WaitAsync(TimeSpan.FromSeconds(30));

        call.Body.Should().Contain("Accept");
    }

    [TestCaseSource(nameof(ModernWays))]
    [Spec("2026-07-28 server/utilities/logging §Per-request log level")]
    public async Task A_request_that_asks_for_no_log_gets_none_whatever_others_have_asked_for(Way way)
    {
        var heard = new List<string>();
        var server = new McpServer("logging", "1.0.0");
        server.AddTool("log", "Logs", async (string text, RequestContext context) =>
        {
            await context.LogAsync(LoggingLevel.Emergency, text);
            return text;
        });
        await using var connected = await way.ConnectAsync(server, new McpClientOptions { OnLog = line => heard.Add(line.Data.GetString()!) });

        await connected.Client.CallToolAsync("log", new { text = "before" });
        await connected.Client.CallToolAsync("log", new { text = "wanted" }, new RequestOptions { LogLevel = LoggingLevel.Debug });
        await connected.Client.CallToolAsync("log", new { text = "after" });

        heard.Should().Equal("wanted");
    }

    [TestCase("/mcp")]
    [TestCase("/messages")]
    public async Task A_body_over_the_limit_is_refused_on_every_route(string path)
    {
        var handler = new ToolServer(new McpServerOptions { Limits = new() { MaxMessageBytes = 500 } }).Handler();
        if (path == "/messages")
        {
            var stream = new FakeHttpExchange("GET", "/sse");
            _ = handler.HandleAsync(stream).AsTask();
            path = (await stream.NextWriteAsync()).Split("data: ")[1].Trim();
        }

        var fits = new FakeHttpExchange("POST", path, Wire.Initialize("2024-11-05"));
        await handler.HandleAsync(fits);
        var large = new FakeHttpExchange("POST", path, Wire.ModernCall("echo", $"\"{new string('x', 500)}\""));
        await handler.HandleAsync(large);

        fits.Status.Should().BeOneOf(200, 202);
        large.Status.Should().Be(413);
    }

    [Test]
    [Spec("2025-11-25 basic/transports §Resumability and Redelivery")]
    public async Task A_position_behind_the_end_of_its_stream_is_refused_and_breaks_nothing()
    {
        var server = new StepServer();
        await using var host = await server.StartAsync();
        var client = await SessionClient.OpenAsync(host.Address);
        using var call = await client.CallAsync("steps");
        await server.SayAsync("something");
        server.End();
        await call.RestAsync();
        var stream = call.LastId!.Split('-')[0];

        foreach (var position in new[] { "1000", "2147483648", "9223372036854775807" })
        {
            using var resumed = await client.ListenAsync($"{stream}-{position}");
            (await resumed.HeadAsync()).Status.Should().BeInRange(200, 499);
        }

        using var next = await client.CallAsync("echo", "2");
        (await next.ReadAsync()).Body.Should().Contain("echo");
    }

    [TestCaseSource(typeof(Way), nameof(Way.All))]
    public async Task A_handler_that_returns_null_is_an_error_and_the_server_goes_on(Way way)
    {
        var server = new McpServer("empty-handed", "1.0.0");
        server.Tools.Add(new SchemaTool(new Tool { Name = "null", InputSchema = AnyObject }, (_, _, _) => new((Result)null!)));
        server.Prompts.Add(new DefinedPrompt(new Prompt { Name = "null" }, (_, _, _) => new((Result)null!)));
        server.AddResource(new Resource { Uri = "null://null", Name = "null" }, (_, _) => new((Result)null!));
        server.AddTool("echo", "Echoes", () => "still here");
        await using var connected = await way.ConnectAsync(server);
        var client = connected.Client;

        (await client.Awaiting(it => it.CallToolAsync("null")).Should().ThrowAsync<JsonRpcException>()).Which.Code.Should().Be(ErrorCode.InternalError);
        (await client.Awaiting(it => it.GetPromptAsync("null")).Should().ThrowAsync<JsonRpcException>()).Which.Code.Should().Be(ErrorCode.InternalError);
        (await client.Awaiting(it => it.ReadResourceAsync("null://null")).Should().ThrowAsync<JsonRpcException>()).Which.Code.Should().Be(ErrorCode.InternalError);
        (await client.CallToolAsync("echo")).Text.Should().Be("still here");
    }

    [TestCaseSource(typeof(Way), nameof(Way.All))]
    public async Task What_has_been_answered_is_remembered_by_neither_side(Way way)
    {
        Conversation? conversation = null;
        var server = new McpServer("forgetful", "1.0.0");
        server.AddTool("echo", "Echoes", (int n, RequestContext context) =>
        {
            conversation = context.Exchange.Conversation ?? conversation;
            return n;
        });
        await using var connected = await way.ConnectAsync(server);

        await Task.WhenAll(Enumerable.Range(0, 50).Select(n => connected.Client.CallToolAsync("echo", new { n })));
        await connected.Client.PingAsync();

        connected.Client.Conversation.Inbox.Conversation.Pending.Count.Should().Be(0);

        // An answer leaves just before its request is forgotten.
        SpinWait.SpinUntil(() => conversation is null || conversation.InFlight.Count == 0, TimeSpan.FromSeconds(10)).Should().BeTrue();
    }

    private static IEnumerable<Way> ModernWays => Way.All.Where(way => way.Revision.Era == Era.Modern);
}
