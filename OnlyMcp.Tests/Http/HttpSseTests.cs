using System.Text.RegularExpressions;
using OnlyMcp.Protocol.JsonRpc;
using OnlyMcp.Server;
using OnlyMcp.Server.Http;
using OnlyMcp.Tests.Support;

namespace OnlyMcp.Tests.Http;

[Spec("2024-11-05 basic/transports §HTTP with SSE")]
public sealed class HttpSseTests
{
    [Test]
    [Spec("2024-11-05 basic/transports §Security Warning", 2, 3, 4)]
    public async Task A_conversation_posts_its_messages_and_reads_the_answers_on_its_stream()
    {
        var handler = new ToolServer().Handler();
        var (stream, address) = await OpenAsync(handler);

        (await PostAsync(handler, address, Wire.Initialize("2024-11-05"))).Body.Should().Be("Accepted");
        (await stream.NextWriteAsync()).Should().StartWith("event: message\ndata: {\"jsonrpc\":\"2.0\",\"id\":0,\"result\":{\"protocolVersion\":\"2024-11-05\"");
        (await PostAsync(handler, address, Wire.Initialized)).Status.Should().Be(202);
        (await PostAsync(handler, address, Wire.LegacyCall("progress", "\"x\""))).Status.Should().Be(202);
        (await stream.NextWriteAsync()).Should().Contain("notifications/progress");
        (await stream.NextWriteAsync()).Should().Contain("\"id\":\"x\"").And.Contain("done");
    }

    [Test]
    public async Task Behind_a_proxy_the_address_is_the_public_one()
    {
        var options = new McpHttpOptions { PublicBaseAddress = new Uri("https://example.com/tools/"), SsePath = "/events", MessagePath = "/in" };
        var stream = new FakeHttpExchange("GET", "/events");
        _ = new ToolServer().Handler(options).HandleAsync(stream).AsTask();

        (await stream.NextWriteAsync()).Should().MatchRegex("^event: endpoint\ndata: https://example.com/tools/in\\?sessionId=[0-9a-f]{32}\n\n$");
    }

    [Test]
    public async Task What_cannot_be_taken_is_refused()
    {
        var handler = new ToolServer().Handler();
        var (_, address) = await OpenAsync(handler);

        (await PostAsync(handler, "/messages", Wire.Ping())).Status.Should().Be(400);
        (await PostAsync(handler, "/messages?sessionId=", Wire.Ping())).Status.Should().Be(400);
        (await PostAsync(handler, "/messages?sessionId=1", Wire.Ping())).Status.Should().Be(404);
        (await PostAsync(handler, address, "{")).Status.Should().Be(400);
        (await PostAsync(handler, address, $"[{Wire.Ping()}]")).Status.Should().Be(400);
        var wrongType = new FakeHttpExchange("POST", address, Wire.Ping()).With("Content-Type", "text/plain");
        await handler.HandleAsync(wrongType);
        wrongType.Status.Should().Be(415);
    }

    [Test]
    public async Task A_request_before_initialize_is_answered_with_an_error_on_the_stream()
    {
        var handler = new ToolServer().Handler();
        var (stream, address) = await OpenAsync(handler);

        (await PostAsync(handler, address, Wire.LegacyCall("echo"))).Status.Should().Be(202);

        (await stream.NextWriteAsync()).Should().Contain("-32600").And.Contain("initialize");
    }

    [Test]
    public async Task A_client_that_leaves_ends_its_conversation()
    {
        var time = new ManualTime();
        var server = new ToolServer(new McpServerOptions { TimeProvider = time });
        var handler = server.Handler();
        var (stream, address) = await OpenAsync(handler);
        await PostAsync(handler, address, Wire.Initialize("2024-11-05"));
        var call = PostAsync(handler, address, Wire.LegacyCall("wait"));
        await server.Started;

        stream.ClientIsGone = true;
        time.Advance(TimeSpan.FromSeconds(15));
        await server.Cancelled;
        await call;

        (await PostAsync(handler, address, Wire.Ping())).Status.Should().Be(404);
    }

    [Test]
    public async Task Equal_ids_of_two_conversations_do_not_meet()
    {
        var handler = new ToolServer().Handler();
        var one = await OpenAsync(handler);
        var other = await OpenAsync(handler);
        foreach (var (stream, address) in new[] { one, other })
        {
            await PostAsync(handler, address, Wire.Initialize("2024-11-05"));
            await stream.NextWriteAsync();
        }

        await PostAsync(handler, one.Address, Wire.LegacyCall("echo"));
        await PostAsync(handler, other.Address, Wire.Ping());

        (await one.Stream.NextWriteAsync()).Should().Contain("id 1");
        (await other.Stream.NextWriteAsync()).Should().Contain("\"result\":{}");
    }

    [Test]
    [Spec("2024-11-05 basic/utilities/cancellation §Behavior Requirements")]
    public async Task A_cancellation_reaches_only_the_requests_of_its_own_conversation()
    {
        var server = new ToolServer();
        var handler = server.Handler();
        var one = await OpenAsync(handler);
        var other = await OpenAsync(handler);
        foreach (var (stream, address) in new[] { one, other })
        {
            await PostAsync(handler, address, Wire.Initialize("2024-11-05"));
            await stream.NextWriteAsync();
        }

        var call = PostAsync(handler, one.Address, Wire.LegacyCall("wait"));
        await server.Started;
        (await PostAsync(handler, other.Address, Wire.Cancelled())).Status.Should().Be(202);
        server.WasCancelled.Should().BeFalse("that conversation has no request 1");

        (await PostAsync(handler, one.Address, Wire.Cancelled())).Status.Should().Be(202);
        await server.Cancelled;
        (await call).Status.Should().Be(202);
    }

    [Test]
    public async Task The_server_asks_its_client_on_the_stream_and_is_answered_by_a_post()
    {
        var server = new McpServer("asks", "1.0.0");
        server.AddTool("ask", "Asks whether the client is there", async (RequestContext context, CancellationToken cancellationToken) =>
        {
            var conversation = context.Exchange.Conversation!;
            var ping = new JsonRpcRequest(conversation.Pending.NextId(), "ping");
            using var pending = conversation.Pending.Add(ping, RequestTimeouts.Default, conversation.Notifications);
            await context.Exchange.UnrelatedStream!.SendAsync(ping, cancellationToken);
            await pending.WaitAsync(cancellationToken);
            return "it is";
        });
        var handler = new McpHttpHandler(server);
        var (stream, address) = await OpenAsync(handler);
        await PostAsync(handler, address, Wire.Initialize("2024-11-05"));
        await stream.NextWriteAsync();
        var call = PostAsync(handler, address, Wire.LegacyCall("ask", "7"));
        (await stream.NextWriteAsync()).Should().Contain("\"id\":1,\"method\":\"ping\"");
        (await PostAsync(handler, address, "{\"jsonrpc\":\"2.0\",\"id\":1,\"result\":{}}")).Status.Should().Be(202);

        (await stream.NextWriteAsync()).Should().Contain("\"id\":7").And.Contain("it is");
        (await call).Status.Should().Be(202);
    }

    [Test]
    public async Task No_more_streams_are_opened_than_there_is_room_for()
    {
        var handler = new ToolServer(new McpServerOptions { Limits = new() { MaxStreams = 1 } }).Handler();
        await OpenAsync(handler);
        var second = new FakeHttpExchange("GET", "/sse");
        await handler.HandleAsync(second);

        second.Status.Should().Be(503);
        second.ResponseHeaders["Retry-After"].Should().Be("1");
    }

    [Test]
    public async Task It_can_be_turned_off()
    {
        var handler = new ToolServer().Handler(new McpHttpOptions { ServeHttpSse = false });

        (await handler.HandleAsync(new FakeHttpExchange("GET", "/sse"))).Should().BeFalse();
    }

    private static async Task<(FakeHttpExchange Stream, string Address)> OpenAsync(McpHttpHandler handler)
    {
        var stream = new FakeHttpExchange("GET", "/sse");
        _ = handler.HandleAsync(stream).AsTask();
        var first = await stream.NextWriteAsync();
        var match = Regex.Match(first, "^event: endpoint\ndata: (/messages\\?sessionId=[0-9a-f]{32})\n\n$");
        match.Success.Should().BeTrue(first);
        return (stream, match.Groups[1].Value);
    }

    private static async Task<FakeHttpExchange> PostAsync(McpHttpHandler handler, string address, string body)
    {
        var request = new FakeHttpExchange("POST", address, body);
        await handler.HandleAsync(request);
        return request;
    }
}
