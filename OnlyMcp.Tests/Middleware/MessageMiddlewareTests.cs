using System.Collections.Concurrent;
using OnlyMcp.Client;
using OnlyMcp.Protocol.JsonRpc;
using OnlyMcp.Protocol.Middleware;
using OnlyMcp.Protocol.Testing;
using OnlyMcp.Protocol.Transport;
using OnlyMcp.Server;
using OnlyMcp.Tests.Support;

namespace OnlyMcp.Tests.Middleware;

/// <summary>What stands on the way of messages, on both sides, over every transport and revision.</summary>
public sealed class MessageMiddlewareTests
{
    [TestCaseSource(typeof(Way), nameof(Way.All))]
    public async Task A_call_passes_the_middleware_of_both_sides_on_its_way_and_back(Way way)
    {
        var server = new Passed();
        var client = new Passed();
        var tools = new ToolServer(new McpServerOptions { MessageMiddleware = [server.Note] });
        await using var connected = await way.ConnectAsync(tools.Server, new McpClientOptions { MessageMiddleware = [client.Note] });

        var options = new RequestOptions { OnProgress = _ => { } };
        (await connected.Client.CallToolAsync("progress", null, options)).Text.Should().Be("done");

        client.AfterTheOpening().Should().Equal("out tools/call", "in notifications/progress", "in result");
        server.AfterTheOpening().Should().Equal("in tools/call", "out notifications/progress", "out result");
    }

    [TestCaseSource(typeof(Way), nameof(Way.All))]
    public async Task The_first_stands_nearest_to_the_wire_in_both_directions(Way way)
    {
        var order = new ConcurrentQueue<string>();
        var options = new McpServerOptions { MessageMiddleware = [Named("first"), Named("second")] };
        await using var connected = await way.ConnectAsync(new ToolServer(options).Server);
        order.Clear();

        await connected.Client.CallToolAsync("echo");

        order.Should().Equal("first Incoming", "second Incoming", "second Outgoing", "first Outgoing");

        MessageMiddleware Named(string name) => async (passing, next, cancellationToken) =>
        {
            // The notification that ends the handshake may still be on its way.
            if (passing.Message is not JsonRpcNotification)
                order.Enqueue($"{name} {passing.Direction}");
            await next(passing, cancellationToken);
        };
    }

    [TestCaseSource(typeof(Way), nameof(Way.All))]
    public async Task What_it_throws_on_an_incoming_request_is_the_answer(Way way)
    {
        MessageMiddleware refuse = (passing, next, cancellationToken) => IsCall(passing, MessageDirection.Incoming)
            ? throw new JsonRpcException(4711, "Not today.")
            : next(passing, cancellationToken);
        await using var connected = await way.ConnectAsync(new ToolServer(new McpServerOptions { MessageMiddleware = [refuse] }).Server);

        var call = () => connected.Client.CallToolAsync("echo");

        (await call.Should().ThrowAsync<JsonRpcException>()).Which.Error.Should().Match<JsonRpcError>(error => error.Code == 4711 && error.Message == "Not today.");
        (await connected.Client.ListToolsAsync().CountAsync()).Should().BePositive("the next request passes");
    }

    [TestCaseSource(typeof(Way), nameof(Way.All))]
    public async Task A_request_or_a_response_that_a_servers_middleware_keeps_is_answered_with_an_error(Way way)
    {
        foreach (var direction in Enum.GetValues<MessageDirection>())
        {
            MessageMiddleware keep = (passing, next, cancellationToken) =>
                IsCall(passing, direction) || IsResultOf(passing, direction, "id ") ? default : next(passing, cancellationToken);
            await using var connected = await way.ConnectAsync(new ToolServer(new McpServerOptions { MessageMiddleware = [keep] }).Server);

            var call = () => connected.Client.CallToolAsync("echo");

            (await call.Should().ThrowAsync<JsonRpcException>()).Which.Code.Should().Be(ErrorCode.InternalError);
        }
    }

    [TestCaseSource(typeof(Way), nameof(Way.All))]
    public async Task A_request_that_a_clients_middleware_keeps_or_refuses_fails_at_its_sender(Way way)
    {
        var keeps = true;
        MessageMiddleware keep = (passing, next, cancellationToken) => !IsCall(passing, MessageDirection.Outgoing) ? next(passing, cancellationToken)
            : keeps ? default : throw new TimeZoneNotFoundException("No.");
        await using var connected = await way.ConnectAsync(new ToolServer().Server, new McpClientOptions { MessageMiddleware = [keep] });

        var call = () => connected.Client.CallToolAsync("echo");

        (await call.Should().ThrowAsync<InvalidOperationException>()).WithMessage("*did not pass on the request 'tools/call'*");
        keeps = false;
        await call.Should().ThrowAsync<TimeZoneNotFoundException>("it is its own exception that surfaces");
    }

    [TestCaseSource(typeof(Way), nameof(Way.All))]
    public async Task A_response_that_a_clients_middleware_keeps_or_refuses_fails_the_call(Way way)
    {
        Exception? thrown = null;
        MessageMiddleware keep = (passing, next, cancellationToken) => !IsResultOf(passing, MessageDirection.Incoming, "id ") ? next(passing, cancellationToken)
            : thrown is null ? default : throw thrown;
        await using var connected = await way.ConnectAsync(new ToolServer().Server, new McpClientOptions { MessageMiddleware = [keep] });

        var call = () => connected.Client.CallToolAsync("echo");

        (await call.Should().ThrowAsync<JsonRpcException>()).WithMessage("*did not pass on a response*");
        thrown = new JsonRpcException(4711, "I do not like it.");
        (await call.Should().ThrowAsync<JsonRpcException>()).Which.Code.Should().Be(4711);
    }

    [TestCaseSource(typeof(Way), nameof(Way.All))]
    public async Task Notifications_may_be_dropped_and_messages_changed(Way way)
    {
        MessageMiddleware change = (passing, next, cancellationToken) => passing switch
        {
            { Message: JsonRpcNotification { Method: Methods.Progress } } => default,
            { Direction: MessageDirection.Outgoing, Message: JsonRpcResultResponse { Result: var result } response } when result.ToString().Contains("done", StringComparison.Ordinal) =>
                next(passing with { Message = new JsonRpcResultResponse(response.Id, new JsonBody("""{"content":[{"type":"text","text":"changed"}]}"""u8.ToArray())) }, cancellationToken),
            _ => next(passing, cancellationToken),
        };
        await using var connected = await way.ConnectAsync(new ToolServer(new McpServerOptions { MessageMiddleware = [change] }).Server);
        var reports = 0;

        var answer = await connected.Client.CallToolAsync("progress", null, new RequestOptions { OnProgress = _ => reports++ });

        answer.Text.Should().Be("changed");
        reports.Should().Be(0);
    }

    [TestCaseSource(typeof(Way), nameof(Way.All))]
    public async Task What_it_throws_on_a_notification_is_logged_and_changes_nothing(Way way)
    {
        using var log = new RecordedLog();
        MessageMiddleware fail = (passing, next, cancellationToken) => passing is { Direction: MessageDirection.Incoming, Message: JsonRpcNotification }
            ? throw new TimeZoneNotFoundException("Oh.")
            : next(passing, cancellationToken);
        await using var connected = await way.ConnectAsync(
            new ToolServer(new McpServerOptions { MessageMiddleware = [fail], LoggerFactory = log }).Server,
            new McpClientOptions { MessageMiddleware = [fail], LoggerFactory = log });

        (await connected.Client.CallToolAsync("progress", null, new RequestOptions { OnProgress = _ => { } })).Text.Should().Be("done");

        log.Exceptions.OfType<TimeZoneNotFoundException>().Should().NotBeEmpty();
    }

    [Test]
    public async Task Neither_the_kind_nor_the_id_of_a_message_can_be_changed_and_none_passes_twice()
    {
        var faults = new List<Exception>();
        var request = new JsonRpcRequest(1, "a");
        foreach (MessageMiddleware wrong in new MessageMiddleware[]
        {
            (passing, next, token) => next(passing with { Message = new JsonRpcRequest(2, "a") }, token),
            (passing, next, token) => next(passing with { Message = new JsonRpcNotification("a") }, token),
            async (passing, next, token) =>
            {
                await next(passing, token);
                await next(passing, token);
            },
        })
        {
            var pipeline = MessagePipeline.Of([wrong], faults.Add)!;
            var receive = async () => await pipeline.ReceiveAsync(request, (_, _) => default, default);
            await receive.Should().ThrowAsync<InvalidOperationException>().WithMessage("A middleware*");
        }
    }

    [Test]
    public async Task An_error_that_does_not_pass_leaves_as_it_is_and_a_fault_behind_a_response_sends_no_second_one()
    {
        var faults = new List<Exception>();
        var stream = new RecordedStream();
        var error = new JsonRpcErrorResponse(1, new JsonRpcError(5, "five"));
        var result = new JsonRpcResultResponse(2, new JsonBody("{}"u8.ToArray()));
        await MessagePipeline.Of([(_, _, _) => default], faults.Add)!.Around(stream).SendAsync(error, default);
        await MessagePipeline.Of([async (passing, next, token) =>
        {
            await next(passing, token);
            throw new TimeZoneNotFoundException("Too late.");
        }], faults.Add)!.Around(stream).SendAsync(result, default);

        stream.Messages.Should().Equal(error, result);
        faults.Should().HaveCount(2);
    }

    [Test]
    public async Task A_request_of_the_server_that_does_not_pass_is_answered_with_an_error()
    {
        await using var pipe = new ScriptedPipe();
        MessageMiddleware refuse = (passing, next, token) => passing.Message is JsonRpcRequest { Method: "ping" } ? throw new JsonRpcException(4711, "No pings.") : next(passing, token);
        var connecting = McpClient.ConnectAsync(pipe.Transport, new McpClientOptions { MessageMiddleware = [refuse], Revision = Protocol.Revisions.KnownRevisions.V20251125 });
        await pipe.ResultAsync(await pipe.NextAsync("initialize"), """{"protocolVersion":"2025-11-25","capabilities":{"tools":{},"prompts":{},"resources":{},"completions":{ } },"serverInfo":{"name":"s","version":"1"}}""");
        await pipe.NextAsync("notifications/initialized");
        await using var client = await connecting;

        await pipe.SendAsync(Wire.Ping("9"));

        var answer = await pipe.NextAsync();
        answer.GetProperty("id").GetInt32().Should().Be(9);
        answer.GetProperty("error").GetProperty("code").GetInt32().Should().Be(4711);
    }

    [Test]
    public async Task A_client_whose_middleware_stands_still_is_cut_off_and_fills_no_memory()
    {
        var still = new TaskCompletionSource();
        var receiver = new RecordedMessages();
        await using var transport = new Fed();
        await using var passed = MessagePipeline.Of([async (passing, next, token) =>
        {
            await still.Task;
            await next(passing, token);
        }], _ => { })!.Around(transport);
        await passed.StartAsync(receiver, default);

        for (var i = 0; i < 10_001; i++)
            transport.Receiver!.Receive(new JsonRpcNotification("n"));

        (await receiver.WhyClosed).Message.Should().Contain("10000 messages wait for a middleware");
        still.SetResult();
        await receiver.NextAsync();
    }

    private static bool IsCall(PassingMessage passing, MessageDirection direction) =>
        passing.Direction == direction && passing.Message is JsonRpcRequest { Method: Methods.ToolsCall };

    private static bool IsResultOf(PassingMessage passing, MessageDirection direction, string text) => passing.Direction == direction
        && passing.Message is JsonRpcResultResponse { Result: var result } && result.ToString().Contains($"\"{text}", StringComparison.Ordinal);

    private sealed class Fed : IClientTransport
    {
        public IMessageReceiver? Receiver { get; private set; }

        public Task StartAsync(IMessageReceiver receiver, CancellationToken cancellationToken)
        {
            Receiver = receiver;
            return Task.CompletedTask;
        }

        public Task SendAsync(JsonRpcMessage message, CancellationToken cancellationToken) => Task.CompletedTask;

        public ValueTask DisposeAsync() => default;
    }

    private sealed class Passed
    {
        private readonly ConcurrentQueue<string> seen = new();

        public ValueTask Note(PassingMessage passing, MessageStep next, CancellationToken cancellationToken)
        {
            var way = passing.Direction == MessageDirection.Incoming ? "in" : "out";
            seen.Enqueue(passing.Message switch
            {
                JsonRpcRequest request => $"{way} {request.Method}",
                JsonRpcNotification told => $"{way} {told.Method}",
                JsonRpcResultResponse => $"{way} result",
                _ => $"{way} error",
            });
            return next(passing, cancellationToken);
        }

        public IEnumerable<string> AfterTheOpening() => seen.SkipWhile(line => !line.EndsWith("tools/call", StringComparison.Ordinal));
    }
}
