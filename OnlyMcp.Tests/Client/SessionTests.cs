using System.Collections.Concurrent;
using System.Text.Json;
using OnlyMcp.Client;
using OnlyMcp.Protocol.JsonRpc;
using OnlyMcp.Protocol.Revisions;
using OnlyMcp.Protocol.Schema;
using OnlyMcp.Protocol.Transport;
using OnlyMcp.Tests.Support;

namespace OnlyMcp.Tests.Client;

[Spec("2025-11-25 basic/transports §Session Management")]
public sealed class SessionTests
{
    private const string Done = """{"content":[{"type":"text","text":"done"}]}""";

    [TestCase("2025-03-26", null)]
    [TestCase("2025-06-18", "2025-06-18")]
    [TestCase("2025-11-25", "2025-11-25")]
    [Spec("2025-11-25 basic/transports §Protocol Version Header")]
    [Spec("2025-11-25 basic/transports §Session Management", 3)]
    [Spec("2025-11-25 basic/lifecycle §Version Negotiation", 4)]
    public async Task The_session_and_the_version_go_with_everything_after_initialize(string version, string? header)
    {
        await using var server = Legacy(call => call.ResultAsync(Done), version);
        await using (var client = await HttpProbeTests.ConnectAsync(server))
            await client.CallToolAsync("t");

        var calls = server.Calls.Where(call => call.RpcMethod != "server/discover").ToArray();
        calls[0].RpcMethod.Should().Be("initialize");
        (calls[0].Header("Mcp-Session-Id"), calls[0].Header("MCP-Protocol-Version")).Should().Be((null, null));
        calls.Skip(1).Should().OnlyContain(call => call.Header("Mcp-Session-Id") == "s1" && call.Header("MCP-Protocol-Version") == header);
        calls.Select(call => call.Verb).Should().Contain("GET").And.EndWith("DELETE");
        calls.Should().OnlyContain(call => call.Header("Mcp-Method") == null);
    }

    [Test]
    public async Task Without_a_session_there_is_nothing_to_delete()
    {
        await using var server = Legacy(call => call.ResultAsync(Done), session: null);
        await using (var client = await HttpProbeTests.ConnectAsync(server))
            await client.CallToolAsync("t");

        server.Methods.Should().NotContain("DELETE");
    }

    [Test]
    [Spec("2025-11-25 basic/transports §Listening for Messages from the Server")]
    public async Task What_the_server_says_on_its_own_stream_is_heard_and_answered()
    {
        var heard = new TaskCompletionSource<string>();
        await using var server = Legacy(call => call.ResultAsync(Done), get: async call =>
        {
            await call.BeginEventsAsync();
            await call.EventAsync("""{"jsonrpc":"2.0","id":"p1","method":"ping"}""");
            await call.EventAsync("""{"jsonrpc":"2.0","method":"notifications/tools/list_changed"}""");
            await call.SilenceAsync();
        });
        await using var client = await HttpProbeTests.ConnectAsync(server, new McpClientOptions
        {
            OnNotification = news =>
            {
                heard.TrySetResult(news.Method);
                return ValueTask.CompletedTask;
            },
        });

        (await heard.Task.WaitAsync(TimeSpan.FromSeconds(10))).Should().Be("notifications/tools/list_changed");
        await Eventually(() => server.Calls.Any(call => call.Body == """{"jsonrpc":"2.0","id":"p1","result":{}}"""));
    }

    [Test]
    [Spec("2025-11-25 basic/transports §Resumability and Redelivery")]
    public async Task A_stream_that_breaks_is_resumed_behind_its_last_event_after_the_wait_that_was_asked_for()
    {
        await using var server = Legacy(call => call.ResultAsync(Done), get: async call =>
        {
            await call.BeginEventsAsync();
            await call.SendAsync("id: e7\nretry: 1\ndata:\n\n");
            if (call.Header("Last-Event-ID") is not null)
                await call.SilenceAsync();
        });
        await using var client = await HttpProbeTests.ConnectAsync(server);

        await Eventually(() => server.Calls.Any(call => call.Verb == "GET" && call.Header("Last-Event-ID") == "e7"));
    }

    [TestCase("2025-03-26")]
    [TestCase("2025-06-18")]
    [TestCase("2025-11-25")]
    [Spec("2025-11-25 basic/transports §Session Management", 5)]
    [Spec("2025-11-25 basic §Requests", 3)]
    public async Task A_forgotten_session_is_opened_anew_and_a_list_asked_for_again(string version)
    {
        var sessions = 0;
        var lost = 0;
        await using var server = Legacy(
            call => call.Header("Mcp-Session-Id") == "s1"
                ? call.JsonAsync("""{"jsonrpc":"2.0","id":null,"error":{"code":-32001,"message":"Session not found"}}""", 404)
                : call.ResultAsync("""{"tools":[]}"""),
            version,
            newSession: () => $"s{Interlocked.Increment(ref sessions)}");
        await using var client = await HttpProbeTests.ConnectAsync(server, new McpClientOptions { OnSessionLost = () => lost++ });

        await Task.WhenAll(Enumerable.Range(0, 5).Select(_ => client.ListToolsAsync().CountAsync().AsTask()));

        (sessions, lost).Should().Be((2, 1), "one of the five opens it, for all");
        server.Calls.Where(call => call.RpcMethod == "initialize").Should().OnlyContain(call => call.Header("Mcp-Session-Id") == null);
        server.Calls.Where(call => call.RpcMethod is "initialize" or "tools/list").Select(call => call.Id)
            .Should().OnlyHaveUniqueItems("an id is never used again");
    }

    [Test]
    public async Task A_tool_is_not_called_twice_when_its_session_was_lost()
    {
        var sessions = 0;
        await using var server = Legacy(
            call => call.Header("Mcp-Session-Id") == "s1" ? call.RespondAsync(404, "text/plain", "gone") : call.ResultAsync(Done),
            newSession: () => $"s{++sessions}");
        await using var client = await HttpProbeTests.ConnectAsync(server);

        await client.Awaiting(it => it.CallToolAsync("t")).Should().ThrowAsync<SessionLostException>();
        (await client.CallToolAsync("t")).Text.Should().Be("done");
        server.Methods.Count(method => method == "tools/call").Should().Be(2);
    }

    [Test]
    [Spec("2025-11-25 basic/transports §Sending Messages to the Server")]
    public async Task Cancelling_sends_a_notification_and_then_closes()
    {
        var left = new TaskCompletionSource();
        var began = new TaskCompletionSource();
        await using var server = Legacy(async call =>
        {
            if (call.RpcMethod == "notifications/cancelled")
            {
                await call.RespondAsync(202);
                return;
            }

            began.SetResult();
            await call.ClosedByClientAsync();
            left.SetResult();
        });
        await using var client = await HttpProbeTests.ConnectAsync(server);
        using var cancel = new CancellationTokenSource();

        var calling = client.CallToolAsync("slow", cancellationToken: cancel.Token);
        await began.Task.WaitAsync(TimeSpan.FromSeconds(10));
        await cancel.CancelAsync();
        await calling.Awaiting(task => task).Should().ThrowAsync<OperationCanceledException>();
        await left.Task.WaitAsync(TimeSpan.FromSeconds(10));

        server.Calls.Single(call => call.RpcMethod == "notifications/cancelled").Header("Mcp-Session-Id").Should().Be("s1");
    }

    [Test]
    public async Task Leaving_does_not_wait_for_a_dead_server()
    {
        var time = new ManualTime();
        var deleting = new TaskCompletionSource();
        await using var server = Legacy(call => call.ResultAsync(Done), delete: call =>
        {
            deleting.SetResult();
            return call.SilenceAsync();
        });
        var client = await HttpProbeTests.ConnectAsync(server, new McpClientOptions { TimeProvider = time });

        var leaving = client.DisposeAsync().AsTask();
        await deleting.Task.WaitAsync(TimeSpan.FromSeconds(10));
        time.Advance(TimeSpan.FromSeconds(6));
        await leaving.WaitAsync(TimeSpan.FromSeconds(10));
    }

    [Test]
    [Spec("2025-03-26 basic §Batching", 1)]
    public async Task A_batch_is_received_in_the_revision_that_has_batches()
    {
        await using var server = Legacy(call => call.JsonAsync($$"""[{"jsonrpc":"2.0","method":"notifications/x"},{"jsonrpc":"2.0","id":{{call.Id}},"result":{{Done}}}]"""), "2025-03-26");
        await using var client = await HttpProbeTests.ConnectAsync(server);

        (await client.CallToolAsync("t")).Text.Should().Be("done");
    }

    [TestCase("2025-03-26")]
    [TestCase("2025-06-18")]
    [TestCase("2025-11-25")]
    [Spec("2025-11-25 server/utilities/pagination §Implementation Guidelines", 3)]
    public async Task A_cursor_is_not_taken_into_the_next_session(string version)
    {
        var sessions = 0;
        await using var server = Legacy(
            call => (call.Header("Mcp-Session-Id"), call.Body.Contains("cursor", StringComparison.Ordinal)) switch
            {
                ("s1", true) => call.RespondAsync(404, "text/plain", "gone"),
                (_, true) => throw new InvalidOperationException("The cursor of another session came."),
                _ => call.ResultAsync("""{"tools":[{"name":"a","inputSchema":{"type":"object"}}],"nextCursor":"2"}"""),
            },
            version,
            newSession: () => $"s{++sessions}");
        await using var client = await HttpProbeTests.ConnectAsync(server);

        await FluentActions.Awaiting(() => client.ListToolsAsync().CountAsync().AsTask()).Should().ThrowAsync<SessionLostException>();
        server.Calls.Count(call => call.RpcMethod == "tools/list").Should().Be(2);
        (await client.ListToolsPageAsync()).Tools.Should().ContainSingle("the listing begins anew in the new session");
    }

    [Test]
    [Spec("2025-11-25 server/utilities/pagination §Implementation Guidelines", 3)]
    public async Task A_cursor_is_not_taken_into_a_session_that_another_call_has_opened()
    {
        var sessions = 0;
        await using var server = Legacy(
            call => (call.RpcMethod, call.Header("Mcp-Session-Id")) switch
            {
                ("ping", "s1") => call.RespondAsync(404, "text/plain", "gone"),
                ("ping", _) => call.ResultAsync("{}"),
                _ => call.ResultAsync("""{"tools":[{"name":"a","inputSchema":{"type":"object"}}],"nextCursor":"2"}"""),
            },
            newSession: () => $"s{++sessions}");
        await using var client = await HttpProbeTests.ConnectAsync(server);
        await using var tools = client.ListToolsAsync().GetAsyncEnumerator();
        (await tools.MoveNextAsync()).Should().BeTrue();

        await client.PingAsync();

        await FluentActions.Awaiting(() => tools.MoveNextAsync().AsTask()).Should().ThrowAsync<SessionLostException>();
        server.Calls.Should().NotContain(call => call.Body.Contains("cursor", StringComparison.Ordinal));
    }

    [TestCase("resources/read", """{"contents":[]}""")]
    [TestCase("prompts/get", """{"messages":[]}""")]
    [TestCase("completion/complete", """{"completion":{"values":[]}}""")]
    public async Task What_only_reads_is_asked_again_in_the_new_session(string method, string result)
    {
        var sessions = 0;
        await using var server = Legacy(
            call => call.Header("Mcp-Session-Id") == "s1" ? call.RespondAsync(404, "text/plain", "gone") : call.ResultAsync(result),
            newSession: () => $"s{++sessions}");
        await using var client = await HttpProbeTests.ConnectAsync(server);

        (await client.SendRequestAsync(method)).ToString().Should().Be(result);
        server.Methods.Count(asked => asked == method).Should().Be(2);
    }

    [Test]
    public async Task A_message_on_the_stream_of_the_session_that_is_too_long_is_reported()
    {
        var fault = new TaskCompletionSource<ProtocolFaultException>();
        await using var server = Legacy(call => call.ResultAsync(Done), get: async call =>
        {
            await call.BeginEventsAsync();
            await call.EventAsync($$$"""{"jsonrpc":"2.0","method":"notifications/x","params":{"text":"{{{new string('x', 5000)}}}"}}""");
            await call.SilenceAsync();
        });
        await using var client = await HttpProbeTests.ConnectAsync(server, new McpClientOptions
        {
            Limits = new ClientLimits { MaxMessageBytes = 2000 },
            OnProtocolFault = fault.SetResult,
        });

        (await fault.Task.WaitAsync(TimeSpan.FromSeconds(10))).Message.Should().Contain("longer than");
    }

    [Test]
    [Spec("2025-03-26 basic §Batching", 1)]
    public async Task Requests_of_the_server_in_a_batch_are_answered_over_http_too()
    {
        await using var server = Legacy(
            async call =>
            {
                await call.BeginEventsAsync();
                await call.EventAsync($$"""[{"jsonrpc":"2.0","id":7,"method":"ping"},{"jsonrpc":"2.0","id":8,"method":"roots/list"},{"jsonrpc":"2.0","id":{{call.Id}},"result":{{Done}}}]""");
            },
            "2025-03-26");
        await using var client = await HttpProbeTests.ConnectAsync(server, new McpClientOptions { Roots = [new Root { Uri = "file:///a" }] });

        (await client.CallToolAsync("t")).Text.Should().Be("done");
        await Eventually(() => server.Methods.Count(method => method == "response") == 2);
        server.Calls.Where(call => call.Json.ValueKind == JsonValueKind.Object && call.RpcMethod is null).Select(call => call.Body).Should().BeEquivalentTo(
            """{"jsonrpc":"2.0","id":7,"result":{}}""", """{"jsonrpc":"2.0","id":8,"result":{"roots":[{"uri":"file:///a"}]}}""");
    }

    [Test]
    public async Task A_flood_of_requests_of_the_server_is_bounded()
    {
        var faults = new ConcurrentQueue<ProtocolFaultException>();
        await using var server = new ScriptedHttpServer(async call =>
        {
            if (call.RpcMethod == "initialize")
                await call.ResultAsync(HttpProbeTests.Initialized);
            else if (call.RpcMethod == "notifications/initialized")
                await call.RespondAsync(202);
            else if (call.Verb == "GET")
            {
                await call.BeginEventsAsync();
                for (var i = 0; i < 50; i++)
                    await call.EventAsync($$"""{"jsonrpc":"2.0","id":{{i}},"method":"ping"}""");
            }
            else if (call.RpcMethod is null && call.Verb == "POST")
                await call.SilenceAsync();
            else
                await call.RespondAsync(404);
        });
        await using var client = await HttpProbeTests.ConnectAsync(server, new McpClientOptions
        {
            Revision = KnownRevisions.V20251125,
            Limits = new ClientLimits { MaxServerRequests = 10 },
            OnProtocolFault = faults.Enqueue,
        });

        await Eventually(() => faults.Count == 40);
    }

    internal static async Task Eventually(Func<bool> condition)
    {
        for (var i = 0; i < 500 && !condition(); i++)
            await Task.Delay(20);
        condition().Should().BeTrue();
    }

    private static ScriptedHttpServer Legacy(
        Func<HttpCall, Task> answer, string version = "2025-11-25", string? session = "s1", Func<string>? newSession = null,
        Func<HttpCall, Task>? get = null, Func<HttpCall, Task>? delete = null) => new(call => (call.Verb, call.RpcMethod) switch
    {
        ("GET", _) => get?.Invoke(call) ?? call.RespondAsync(405),
        ("DELETE", _) => delete?.Invoke(call) ?? call.RespondAsync(200),
        (_, "server/discover") => call.ErrorAsync(-32601, 400),
        (_, "initialize") => call.ResultAsync(
            $$$"""{"protocolVersion":"{{{version}}}","capabilities":{"tools":{},"prompts":{},"resources":{},"completions":{ } },"serverInfo":{"name":"old","version":"1"}}""",
            session is null ? "" : $"Mcp-Session-Id: {newSession?.Invoke() ?? session}\r\n"),
        (_, "notifications/initialized") or (_, null) => call.RespondAsync(202),
        _ => answer(call),
    });
}
