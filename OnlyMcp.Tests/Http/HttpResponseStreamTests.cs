using OnlyMcp.Server;
using OnlyMcp.Server.Http;
using OnlyMcp.Tests.Support;

namespace OnlyMcp.Tests.Http;

[Spec("2026-07-28 basic/transports/streamable-http §Receiving Messages")]
[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
public sealed class HttpResponseStreamTests
{
    private readonly ManualTime time = new();

    [Test]
    [Spec("2026-07-28 basic/transports/streamable-http §Receiving Messages", 1)]
    public async Task From_the_first_notification_on_the_answer_is_an_event_stream()
    {
        var request = Wire.ModernPost("progress");

        await Handler(new ToolServer()).HandleAsync(request);

        request.Status.Should().Be(200);
        request.ResponseHeaders.Should().Contain("Content-Type", "text/event-stream")
            .And.Contain("Cache-Control", "no-cache").And.Contain("X-Accel-Buffering", "no");
        request.Closes.Should().BeTrue("the last bytes would else wait for an acknowledgement");
        (await request.NextWriteAsync()).Should().StartWith("event: message\ndata: {\"jsonrpc\":\"2.0\",\"method\":\"notifications/progress\"");
        (await request.NextWriteAsync()).Should().StartWith("event: message\ndata: {\"jsonrpc\":\"2.0\",\"id\":1,\"result\"");
        request.IsCompleted.Should().BeTrue();
    }

    [Test]
    [Spec("2026-07-28 server/utilities/logging §Per-request log level", 1, 2)]
    [Spec("2026-07-28 basic/transports/streamable-http §Receiving Messages", 1)]
    public async Task Log_messages_leave_with_the_answer_of_the_request_that_asked_for_them()
    {
        var server = new ToolServer();
        server.Server.AddTool("log", "Logs", (RequestContext context) => context.LogAsync(Protocol.Schema.LoggingLevel.Error, "heard"));
        var (asking, silent) = (Wire.ModernPost("wait"), Wire.ModernPost("log"));
        var level = "\"io.modelcontextprotocol/logLevel\":\"debug\",\"progressToken\"";
        var logging = new FakeHttpExchange("POST", "/mcp", Wire.ModernCall("log").Replace("\"progressToken\"", level, StringComparison.Ordinal))
            .With("MCP-Protocol-Version", Wire.Modern).With("Mcp-Method", "tools/call").With("Mcp-Name", "log");
        var handler = Handler(server);
        var handling = handler.HandleAsync(asking).AsTask();
        await server.Started;
        await handler.HandleAsync(silent);
        await handler.HandleAsync(logging);
        server.Release();
        await handling;

        logging.Body.Should().Contain("notifications/message").And.Contain("heard");
        (asking.Body + silent.Body).Should().NotContain("notifications/message");
    }

    [Test]
    public async Task A_silent_modern_response_becomes_an_event_stream_after_a_while()
    {
        var (server, request, handling) = await WaitingAsync(Wire.ModernPost("wait"));

        request.Status.Should().Be(0);
        time.Advance(TimeSpan.FromSeconds(1));
        (await request.NextWriteAsync()).Should().Be(":\n\n");
        time.Advance(TimeSpan.FromSeconds(15));
        (await request.NextWriteAsync()).Should().Be(":\n\n");
        server.Release();
        await handling;

        (await request.NextWriteAsync()).Should().Contain("released");
    }

    [Test]
    [Spec("2026-07-28 basic/transports/streamable-http §Cancellation", 1, 2)]
    [Spec("2026-07-28 basic/transports §Cancellation")]
    public async Task A_modern_client_that_leaves_has_cancelled_its_request()
    {
        var (server, request, handling) = await WaitingAsync(Wire.ModernPost("wait"));

        request.ClientIsGone = true;
        time.Advance(TimeSpan.FromSeconds(1));
        await server.Cancelled;
        await handling;

        request.Tried.Should().StartWith(":").And.NotContain("data", "that first comment showed that the client has left, and nothing follows it");
    }

    [Test]
    public async Task A_client_that_leaves_between_two_comments_is_noticed_at_the_next()
    {
        var (server, request, handling) = await WaitingAsync(Wire.ModernPost("wait"));

        time.Advance(TimeSpan.FromSeconds(1));
        await request.NextWriteAsync();
        request.ClientIsGone = true;
        server.WasCancelled.Should().BeFalse();
        time.Advance(TimeSpan.FromSeconds(15));
        await server.Cancelled;
        await handling;
    }

    [Test]
    [Spec("2025-11-25 basic/transports §Sending Messages to the Server")]
    public async Task A_legacy_client_that_leaves_has_cancelled_nothing()
    {
        var server = new ToolServer(new McpServerOptions { TimeProvider = time });
        var handler = Handler(server);
        var session = await Sessions.OpenAsync(handler);
        var request = session.Post(Wire.LegacyCall("wait"));
        var handling = handler.HandleAsync(request).AsTask();
        await server.Started;

        request.ClientIsGone = true;
        time.Advance(TimeSpan.FromSeconds(60));
        server.WasCancelled.Should().BeFalse();
        server.Release();
        await server.Finished;
        await handling;
    }

    [Test]
    public async Task A_legacy_handler_whose_client_left_does_not_learn_of_it()
    {
        var handler = Handler(new ToolServer(new McpServerOptions { TimeProvider = time }));
        var session = await Sessions.OpenAsync(handler);
        var request = session.Post(Wire.LegacyCall("progress"));
        request.ClientIsGone = true;

        (await handler.HandleAsync(request)).Should().BeTrue();
        var next = session.Post(Wire.LegacyCall("echo"));
        await handler.HandleAsync(next);

        next.Body.Should().Contain("id 1");
    }

    [Test]
    public async Task A_client_that_does_not_read_its_events_is_given_up()
    {
        var server = new ToolServer(new McpServerOptions { TimeProvider = time });
        var request = Wire.ModernPost("progress");
        request.Stuck = new TaskCompletionSource();
        var handling = Handler(server).HandleAsync(request).AsTask();

        time.Advance(TimeSpan.FromSeconds(29));
        request.Aborted.Task.IsCompleted.Should().BeFalse();
        time.Advance(TimeSpan.FromSeconds(1));
        await request.Aborted.Task;
        await handling.WaitAsync(TimeSpan.FromSeconds(30));
    }

    [Test]
    public async Task A_client_that_does_not_read_its_JSON_is_given_up()
    {
        var server = new ToolServer(new McpServerOptions { TimeProvider = time });
        var request = Wire.ModernPost("echo");
        request.Stuck = new TaskCompletionSource();
        var handling = Handler(server).HandleAsync(request).AsTask();

        time.Advance(TimeSpan.FromSeconds(30));
        await handling.WaitAsync(TimeSpan.FromSeconds(30));

        request.Aborted.Task.IsCompleted.Should().BeTrue();
    }

    [Test]
    [Spec("2025-11-25 basic/utilities/cancellation §Behavior Requirements")]
    public async Task A_cancelled_legacy_request_ends_without_a_response()
    {
        var server = new ToolServer(new McpServerOptions { TimeProvider = time });
        var handler = Handler(server);
        var session = await Sessions.OpenAsync(handler);
        var request = session.Post(Wire.LegacyCall("wait", "9"));
        var handling = handler.HandleAsync(request).AsTask();
        await server.Started;

        var cancel = session.Post("""{"jsonrpc":"2.0","method":"notifications/cancelled","params":{"requestId":9}}""");
        await handler.HandleAsync(cancel);
        await server.Cancelled;
        await handling;

        cancel.Status.Should().Be(202);
        request.Body.Should().Be(":\n\n");
        request.IsCompleted.Should().BeTrue();
    }

    private static McpHttpHandler Handler(ToolServer server) => server.Handler();

    private async Task<(ToolServer Server, FakeHttpExchange Request, Task Handling)> WaitingAsync(FakeHttpExchange request)
    {
        var server = new ToolServer(new McpServerOptions { TimeProvider = time });
        var handling = Handler(server).HandleAsync(request).AsTask();
        await server.Started;
        return (server, request, handling);
    }
}
