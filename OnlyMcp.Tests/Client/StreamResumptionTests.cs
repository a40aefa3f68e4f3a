using OnlyMcp.Client;
using OnlyMcp.Protocol.Transport;
using OnlyMcp.Tests.Support;

namespace OnlyMcp.Tests.Client;

/// <summary>A call whose event stream ends before its answer: the client gets the rest, or says that it cannot.</summary>
[Spec("2025-11-25 basic/transports §Resumability and Redelivery")]
public sealed class StreamResumptionTests
{
    private const string Done = """{"content":[{"type":"text","text":"done"}]}""";

    [TestCase("id: e1\nretry: 1\ndata:\n\n", "e1", Description = "the server closes the stream after its first event, to be polled")]
    [TestCase("id: e1\nretry: 1\ndata:\n\nid: e2\ndata: {\"jsonrpc\":\"2.0\",\"method\":\"notifications/x\"}\n\n", "e2")]
    [TestCase("id: e1\nretry: 1\ndata:\n\nid: e2\ndata: {\"jsonrpc\":", "e1", Description = "an event that is cut off was not received")]
    [TestCase("id: e1\nretry: 1\ndata:\n\nid: e2\n", "e1")]
    public async Task The_rest_of_an_answer_is_fetched_behind_the_last_whole_event(string first, string resumedBehind)
    {
        var id = new TaskCompletionSource<string>();
        await using var server = Server(
            post: async call =>
            {
                id.SetResult(call.Id);
                await call.BeginEventsAsync();
                await call.SendAsync(first);
            },
            resume: async call =>
            {
                await call.BeginEventsAsync();
                await call.EventAsync($$"""{"jsonrpc":"2.0","id":{{await id.Task}},"result":{{Done}}}""");
            });
        await using var client = await HttpProbeTests.ConnectAsync(server);

        (await client.CallToolAsync("t")).Text.Should().Be("done");

        var resumption = server.Calls.Single(call => call.Verb == "GET" && call.Header("Last-Event-ID") is not null);
        resumption.Header("Last-Event-ID").Should().Be(resumedBehind);
        (resumption.Header("Mcp-Session-Id"), resumption.Header("MCP-Protocol-Version"), resumption.Header("Accept")).Should().Be(("s1", "2025-11-25", "text/event-stream"));
        server.Methods.Count(method => method == "tools/call").Should().Be(1, "the call itself is never repeated");
    }

    [Test]
    [Spec("2025-11-25 basic/transports §Sending Messages to the Server", 9)]
    public async Task The_client_does_not_come_back_before_the_time_that_the_server_asked_for()
    {
        var time = new ManualTime();
        var closed = new TaskCompletionSource();
        string? id = null;
        await using var server = Server(
            post: async call =>
            {
                id = call.Id;
                await call.BeginEventsAsync();
                await call.SendAsync("id: e1\nretry: 20000\ndata:\n\n");
                closed.SetResult();
            },
            resume: async call =>
            {
                await call.BeginEventsAsync();
                await call.EventAsync($$"""{"jsonrpc":"2.0","id":{{id}},"result":{{Done}}}""");
            });
        await using var client = await HttpProbeTests.ConnectAsync(server, new McpClientOptions { TimeProvider = time });

        var calling = client.CallToolAsync("t");
        await closed.Task.WaitAsync(TimeSpan.FromSeconds(10));
        await SessionTests.Eventually(() => time.HasTimerIn(TimeSpan.FromSeconds(20)));
        time.Advance(TimeSpan.FromSeconds(19.9));
        calling.IsCompleted.Should().BeFalse();
        server.Calls.Should().NotContain(call => call.Header("Last-Event-ID") != null);

        time.Advance(TimeSpan.FromSeconds(0.2));
        (await calling.WaitAsync(TimeSpan.FromSeconds(10))).Text.Should().Be("done");
    }

    [Test]
    public async Task A_stream_that_never_brings_anything_new_is_given_up()
    {
        await using var server = Server(
            post: async call =>
            {
                await call.BeginEventsAsync();
                await call.SendAsync("id: e1\nretry: 1\ndata:\n\n");
            },
            resume: call => call.BeginEventsAsync());
        await using var client = await HttpProbeTests.ConnectAsync(server);

        var calling = client.Awaiting(it => it.CallToolAsync("t").WaitAsync(TimeSpan.FromSeconds(20)));

        (await calling.Should().ThrowAsync<ProtocolFaultException>()).WithMessage("*ended without the response to 'tools/call'*");
        server.Calls.Count(call => call.Header("Last-Event-ID") is not null).Should().Be(5);
    }

    [TestCase(405, typeof(ProtocolFaultException))]
    [TestCase(404, typeof(SessionLostException))]
    public async Task A_server_that_resumes_nothing_ends_the_call(int status, Type expected)
    {
        await using var server = Server(
            post: async call =>
            {
                await call.BeginEventsAsync();
                await call.SendAsync("id: e1\nretry: 1\ndata:\n\n");
            },
            resume: call => call.RespondAsync(status));
        await using var client = await HttpProbeTests.ConnectAsync(server);

        var fault = await client.Awaiting(it => it.CallToolAsync("t").WaitAsync(TimeSpan.FromSeconds(20))).Should().ThrowAsync<Exception>();

        fault.Which.Should().BeOfType(expected);
    }

    [Test]
    public async Task A_stream_without_ids_is_not_resumed()
    {
        await using var server = Server(
            post: async call =>
            {
                await call.BeginEventsAsync();
                await call.EventAsync("""{"jsonrpc":"2.0","method":"notifications/x"}""");
            },
            resume: call => call.RespondAsync(500));
        await using var client = await HttpProbeTests.ConnectAsync(server);

        await client.Awaiting(it => it.CallToolAsync("t").WaitAsync(TimeSpan.FromSeconds(20))).Should().ThrowAsync<ProtocolFaultException>();
        server.Calls.Should().NotContain(call => call.Header("Last-Event-ID") != null);
    }

    private static ScriptedHttpServer Server(Func<HttpCall, Task> post, Func<HttpCall, Task> resume) => new(call => (call.Verb, call.RpcMethod) switch
    {
        ("GET", _) when call.Header("Last-Event-ID") is not null => resume(call),
        ("GET", _) => call.RespondAsync(405),
        ("DELETE", _) => call.RespondAsync(200),
        (_, "server/discover") => call.ErrorAsync(-32601, 400),
        (_, "initialize") => call.ResultAsync(HttpProbeTests.Initialized, "Mcp-Session-Id: s1\r\n"),
        (_, "notifications/initialized") or (_, null) => call.RespondAsync(202),
        _ => post(call),
    });
}
