using System.Text.Json;
using OnlyMcp.Client;
using OnlyMcp.Protocol.JsonRpc;
using OnlyMcp.Protocol.Middleware;
using OnlyMcp.Protocol.Schema;
using OnlyMcp.Protocol.Transport;
using OnlyMcp.Server;
using OnlyMcp.Server.InMemory;
using OnlyMcp.Tests.Support;

namespace OnlyMcp.Tests.InMemory;

/// <summary>A client and a server with nothing between them. That all features work so, the tests over every <see cref="Way"/> say.</summary>
[Spec("2026-07-28 basic/transports §Custom Transports")]
public sealed class InMemoryTransportTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);
    private static readonly AsyncLocal<string?> Flow = new();

    [Test]
    public async Task A_tool_that_keeps_its_thread_keeps_nobody_elses()
    {
        using var released = new ManualResetEventSlim();
        var server = new McpServer("test", "1");
        server.AddTool("block", "", () => released.Wait(Patience));
        server.AddTool("echo", "", (string text) => text);
        await using var client = await ConnectAsync(server);

        var blocked = client.CallToolAsync("block");
        blocked.IsCompleted.Should().BeFalse("it runs elsewhere");
        (await client.CallToolAsync("echo", new { text = "past it" })).Text.Should().Be("past it");
        var impatient = () => client.CallToolAsync("block", null, new RequestOptions { Timeouts = new() { Timeout = TimeSpan.FromMilliseconds(1) } });
        await impatient.Should().ThrowAsync<RequestTimedOutException>();
        released.Set();
        (await blocked).EnsureSuccess();
    }

    [Test]
    public async Task Requests_are_served_side_by_side()
    {
        const int Many = 50;
        var missing = Many;
        var all = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var server = new McpServer("test", "1");
        server.AddTool("meet", "", async () =>
        {
            if (Interlocked.Decrement(ref missing) == 0)
                all.SetResult();
            await all.Task.WaitAsync(Patience);
            return true;
        });
        await using var client = await ConnectAsync(server);

        var answers = await Task.WhenAll(Enumerable.Range(0, Many).Select(_ => client.CallToolAsync("meet")));

        answers.Should().AllSatisfy(answer => answer.EnsureSuccess().Text.Should().Be("true"));
    }

    [Test]
    public async Task What_flows_with_a_caller_does_not_flow_into_the_server()
    {
        var seen = new TaskCompletionSource<string?>();
        var server = new McpServer("test", "1", new McpServerOptions
        {
            MessageMiddleware =
            [
                (message, next, cancellationToken) =>
                {
                    if (message.Message is JsonRpcNotification { Method: "notifications/com.example/hello" })
                        seen.TrySetResult(Flow.Value);
                    return next(message, cancellationToken);
                },
            ],
        });
        server.AddTool("look", "", () => Flow.Value ?? "nothing");
        await using var client = await ConnectAsync(server);

        Flow.Value = "the caller's";
        (await client.CallToolAsync("look")).Text.Should().Be("nothing");
        await client.SendNotificationAsync("notifications/com.example/hello");
        (await seen.Task.WaitAsync(Patience)).Should().BeNull();
        Flow.Value.Should().Be("the caller's");
    }

    [Test]
    public async Task Each_side_has_messages_of_its_own()
    {
        var kept = new CallToolResult { Content = [new TextContent { Text = "kept" }] };
        JsonElement received = default;
        var server = new McpServer("test", "1");
        server.AddTool("keep", "", (JsonElement given) =>
        {
            received = given;
            return kept;
        });
        await using var client = await ConnectAsync(server);

        var given = new List<int> { 1, 2 };
        var answer = await client.CallToolAsync("keep", new { given });
        given.Add(3);

        received.GetArrayLength().Should().Be(2);
        answer.Text.Should().Be("kept");
        answer.Should().NotBeSameAs(kept);
        answer.Content[0].Should().NotBeSameAs(kept.Content[0]);
    }

    [Test]
    public async Task What_a_middleware_answers_with_a_part_of_the_request_outlives_the_request()
    {
        JsonBody asked = default;
        var server = new McpServer("test", "1", new McpServerOptions { MessageMiddleware = [AnswerWithParams] });
        server.AddTool("take", "", (string text) => text.Length);
        await using var client = await ConnectAsync(server);

        var first = await client.SendRequestAsync(Methods.ToolsCall, Call("first"));
        var then = first.ToString();
        for (var i = 0; i < 10; i++)
            await client.SendRequestAsync(Methods.ToolsCall, Call($"another {i}"));

        then.Should().Contain("first");
        first.ToString().Should().Be(then);

        static JsonBody Call(string text) => new(JsonSerializer.SerializeToUtf8Bytes(new { name = "take", arguments = new { text } }));

        ValueTask AnswerWithParams(PassingMessage passing, MessageStep next, CancellationToken cancellationToken)
        {
            if (passing.Message is JsonRpcRequest { Method: Methods.ToolsCall } request)
                asked = request.Params;
            return next(
                passing.Message is JsonRpcResultResponse answer && !asked.IsAbsent
                    ? passing with { Message = new JsonRpcResultResponse(answer.Id, asked) }
                    : passing,
                cancellationToken);
        }
    }

    [Test]
    public async Task A_notification_stays_what_it_is_until_it_has_been_handled()
    {
        var released = new TaskCompletionSource();
        var heard = new TaskCompletionSource<string>();
        var server = new McpServer("test", "1");
        server.AddNotification("notifications/com.example/news", async (notification, _) =>
        {
            await released.Task;
            heard.TrySetResult(notification.Params.ToString());
        });
        await using var client = await ConnectAsync(server);

        for (var i = 0; i < 10; i++)
            await client.SendNotificationAsync("notifications/com.example/news", new JsonBody(JsonSerializer.SerializeToUtf8Bytes(new { number = i })));
        released.SetResult();

        (await heard.Task.WaitAsync(Patience)).Should().Contain("\"number\":0");
    }

    [Test]
    public async Task What_is_too_long_or_too_deep_is_refused_and_the_next_is_served()
    {
        var server = new McpServer("test", "1", new McpServerOptions { Limits = new ServerLimits { MaxMessageBytes = 10_000, MaxDepth = 20 } });
        server.AddTool("take", "", (JsonElement given) => given.GetRawText().Length);
        await using var client = await ConnectAsync(server);

        var tooLong = () => client.CallToolAsync("take", new { given = new string('x', 10_000) });
        (await tooLong.Should().ThrowAsync<JsonRpcException>()).WithMessage("*10000*");
        var tooDeep = () => client.CallToolAsync("take", new { given = JsonElement.Parse(new string('[', 30) + new string(']', 30)) });
        (await tooDeep.Should().ThrowAsync<JsonRpcException>()).WithMessage("*20*");
        (await client.CallToolAsync("take", new { given = "fits" })).Text.Should().Be("6");
    }

    [Test]
    public async Task More_requests_at_once_than_the_server_allows_are_refused_with_the_limit()
    {
        using var released = new ManualResetEventSlim();
        var server = new McpServer("test", "1", new McpServerOptions { Limits = new ServerLimits { MaxConcurrentRequestsPerConversation = 3 } });
        server.AddTool("wait", "", () => Task.Run(() => released.Wait(Patience)));
        await using var client = await ConnectAsync(server);

        var waiting = Enumerable.Range(0, 3).Select(_ => client.CallToolAsync("wait")).ToArray();
        var oneMore = () => client.CallToolAsync("wait");
        (await oneMore.Should().ThrowAsync<JsonRpcException>()).WithMessage("3 requests are being answered*");
        released.Set();
        (await Task.WhenAll(waiting)).Should().AllSatisfy(answer => answer.EnsureSuccess());
        (await oneMore()).EnsureSuccess();
    }

    [Test]
    public async Task A_client_that_goes_cancels_what_it_asked_and_can_ask_nothing_more()
    {
        var began = new TaskCompletionSource();
        var cancelled = new TaskCompletionSource();
        var server = new McpServer("test", "1");
        server.AddTool("wait", "", async (RequestContext context, CancellationToken cancellationToken) =>
        {
            await using var noted = cancellationToken.Register(cancelled.SetResult);
            began.SetResult();
            await Task.Delay(Timeout.Infinite, cancellationToken);
        });
        var way = new InMemoryTransport(server);
        var client = await McpClient.ConnectAsync(way);
        var call = client.CallToolAsync("wait");
        await began.Task;

        await client.DisposeAsync();
        await client.DisposeAsync();

        await cancelled.Task.WaitAsync(Patience);
        await call.Awaiting(it => it).Should().ThrowAsync<TransportClosedException>();
        var later = () => way.SendAsync(new JsonRpcRequest(7, "ping", default), CancellationToken.None);
        await later.Should().ThrowAsync<TransportClosedException>();
    }

    [Test]
    public async Task Whoever_goes_on_with_an_answer_may_keep_the_thread_and_end_the_client_on_it()
    {
        var server = new McpServer("test", "1");
        server.AddTool("echo", "", (string text) => text);
        var client = await ConnectAsync(server);

        await Task.Run(async () =>
        {
            for (var i = 0; i < 100; i++)
                (await client.CallToolAsync("echo", new { text = $"{i}" })).Text.Should().Be($"{i}");
            client.CallToolAsync("echo", new { text = "blocked for" }).GetAwaiter().GetResult().Text.Should().Be("blocked for");
            var end = client.DisposeAsync().AsTask();
            end.Wait(Patience).Should().BeTrue();
        });
    }

    [Test]
    public async Task A_result_that_cannot_be_written_is_an_error_for_its_caller_alone()
    {
        var server = new McpServer("test", "1");
        server.AddTool("broken", "", () => new CallToolResult { Content = [null!] });
        server.AddTool("echo", "", (string text) => text);
        await using var client = await ConnectAsync(server);

        await client.Awaiting(it => it.CallToolAsync("broken")).Should().ThrowAsync<JsonRpcException>();
        (await client.CallToolAsync("echo", new { text = "still here" })).Text.Should().Be("still here");
    }

    [Test]
    public async Task One_way_is_for_one_client()
    {
        var server = new McpServer("test", "1");
        var way = new InMemoryTransport(server);
        await using var client = await McpClient.ConnectAsync(way);

        var again = () => McpClient.ConnectAsync(way);

        await again.Should().ThrowAsync<InvalidOperationException>().WithMessage("*make a transport for each*");
    }

    private static Task<McpClient> ConnectAsync(McpServer server) => McpClient.ConnectAsync(new InMemoryTransport(server));
}
