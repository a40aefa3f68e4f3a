using OnlyMcp.Client;
using OnlyMcp.Client.Http;
using OnlyMcp.Protocol.JsonRpc;
using OnlyMcp.Protocol.Transport;
using OnlyMcp.Tests.Support;

namespace OnlyMcp.Tests.Client;

public sealed class HttpAnswerTests
{
    private const string Done = """{"resultType":"complete","content":[{"type":"text","text":"done"}]}""";

    [Test]
    [Spec("2026-07-28 basic/transports/streamable-http §Standard Request Headers", 1, 2)]
    [Spec("2026-07-28 basic/transports/streamable-http §Sending Messages", 3, 4)]
    [Spec("2026-07-28 basic/transports/streamable-http §Protocol Version Header", 1, 2)]
    [Spec("2026-07-28 basic/transports/streamable-http §Value Encoding", 3)]
    [Spec("2026-07-28 basic/transports/streamable-http §Client Behavior", 2)]
    public async Task A_request_carries_the_headers_that_mirror_it()
    {
        await using var server = Modern(call => call.ResultAsync(Done));
        await using var client = await HttpProbeTests.ConnectAsync(server, new McpClientOptions { Headers = new Dictionary<string, string> { ["Authorization"] = "Bearer t" } });
        await client.CallToolAsync("zähle");

        var call = server.Calls.Last();
        call.Header("MCP-Protocol-Version").Should().Be("2026-07-28");
        call.Json.GetProperty("params").GetProperty("_meta").GetProperty("io.modelcontextprotocol/protocolVersion").GetString().Should().Be("2026-07-28");
        call.Header("Mcp-Method").Should().Be("tools/call");
        call.Header("Mcp-Name").Should().Be("=?base64?esOkaGxl?=");
        call.Header("Accept").Should().Be("application/json, text/event-stream");
        call.Header("Content-Type").Should().Be("application/json");
        call.Header("Authorization").Should().Be("Bearer t");
        call.Header("Mcp-Session-Id").Should().BeNull();
        server.Calls.First().Header("Mcp-Name").Should().BeNull();
    }

    [Test]
    [Spec("2026-07-28 basic/transports/streamable-http §Standard Request Headers", 1)]
    [Spec("2026-07-28 basic/transports/streamable-http §Client Behavior", 1)]
    public async Task The_name_of_a_prompt_and_the_address_of_a_resource_are_mirrored()
    {
        await using var server = Modern(call => call.ResultAsync("{}"));
        await using var client = await HttpProbeTests.ConnectAsync(server);
        await client.SendRequestAsync("prompts/get", new JsonBody("""{"arguments":{"name":"inner"},"name":"p"}"""u8.ToArray()));
        await client.SendRequestAsync("resources/read", new JsonBody("""{"uri":"file:///a%20b"}"""u8.ToArray()));
        await client.SendRequestAsync("other/thing", new JsonBody("""{"name":"x"}"""u8.ToArray()));

        server.Calls.Skip(1).Select(call => call.Header("Mcp-Name")).Should().Equal("p", "file:///a%20b", null);
    }

    [Test]
    [Spec("2026-07-28 basic/transports/streamable-http §Receiving Messages")]
    [Spec("2026-07-28 basic/transports/streamable-http §Sending Messages", 10)]
    public async Task An_event_stream_tells_progress_before_the_answer_and_need_not_be_closed()
    {
        var seen = new List<string>();
        await using var server = Modern(async call =>
        {
            var token = call.Json.GetProperty("params").GetProperty("_meta").GetProperty("progressToken").GetRawText();
            await call.BeginEventsAsync();
            await call.SendAsync(": hello\r\n\r\nid: 1\r\ndata:\r\n\r\n");
            for (var i = 0; i < 20; i++)
                await call.EventAsync($$$"""{"jsonrpc":"2.0","method":"notifications/progress","params":{"progressToken":{{{token}}},"progress":{{{i}}}}}""");
            await call.EventAsync("""{"jsonrpc":"2.0","method":"notifications/message","params":{"level":"info","data":"log"}}""");
            await call.EventAsync($$"""{"jsonrpc":"2.0","id":{{call.Id}},"result":{{Done}}}""");
            await call.SilenceAsync();
        });
        await using var client = await HttpProbeTests.ConnectAsync(server, new McpClientOptions { OnLog = line => seen.Add(line.Data.GetString()!) });

        var answer = await client.CallToolAsync("t", options: new RequestOptions { OnProgress = news => seen.Add($"{news.Progress}") });

        answer.Text.Should().Be("done");
        seen.Should().Equal([.. Enumerable.Range(0, 20).Select(i => $"{i}"), "log"]);
    }

    [Test]
    [Spec("2026-07-28 basic/transports/streamable-http §Cancellation")]
    public async Task Cancelling_closes_the_response_stream_and_sends_nothing([Values] bool streaming)
    {
        var left = new TaskCompletionSource();
        var began = new TaskCompletionSource();
        await using var server = Modern(async call =>
        {
            if (streaming)
                await call.BeginEventsAsync();
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
        server.Methods.Should().Equal("server/discover", "tools/call");
    }

    [Test]
    [Spec("2026-07-28 basic/patterns/cancellation §Timeouts")]
    public async Task A_time_out_closes_the_response_stream()
    {
        var left = new TaskCompletionSource();
        await using var server = Modern(async call =>
        {
            await call.BeginEventsAsync();
            await call.ClosedByClientAsync();
            left.SetResult();
        });
        await using var client = await HttpProbeTests.ConnectAsync(server);

        var calling = client.CallToolAsync("slow", options: new RequestOptions { Timeouts = new RequestTimeouts { Timeout = TimeSpan.FromMilliseconds(300) } });

        await calling.Awaiting(task => task).Should().ThrowAsync<RequestTimedOutException>();
        await left.Task.WaitAsync(TimeSpan.FromSeconds(10));
    }

    [TestCase(200, "application/json", "", "*ended without the response*")]
    [TestCase(200, "application/json", "{", "*ended without the response*")]
    [TestCase(200, "application/json", """{"jsonrpc":"2.0","id":4711,"result":{}}""", "*ended without the response*4711*")]
    [TestCase(200, "application/json", """{"jsonrpc":"2.0","id":"2","result":{}}""", "*ended without the response*")]
    [TestCase(200, "application/json", """[{"jsonrpc":"2.0","id":2,"result":{}}]""", "*ended without the response*")]
    [TestCase(200, "application/json", """{"jsonrpc":"2.0","method":"notifications/message","params":{"level":"info","data":1}}""", "*ended without the response*")]
    [TestCase(200, "text/event-stream", "", "*event stream ended without the response*")]
    [TestCase(200, "text/event-stream", "data: {\"jsonrpc\":\"2.0\",\"id\":2,\"result\":{}}", "*event stream ended without the response*")]
    [TestCase(200, "text/event-stream", "event: other\ndata: {\"jsonrpc\":\"2.0\",\"id\":2,\"result\":{}}\n\n", "*event stream ended without the response*")]
    [TestCase(200, "text/html", "<html>hello</html>", "*text/html*<html>hello*")]
    [TestCase(200, null, "", "*empty body*")]
    [TestCase(202, null, "", "*HTTP 202 and an empty body*")]
    [Spec("2026-07-28 basic/transports/streamable-http §Receiving Messages")]
    public async Task An_answer_that_is_none_is_a_clear_exception(int status, string? type, string body, string message)
    {
        await using var server = Modern(call => call.RespondAsync(status, type, body));
        await using var client = await HttpProbeTests.ConnectAsync(server);

        await client.Awaiting(it => it.CallToolAsync("t")).Should().ThrowAsync<ProtocolFaultException>().WithMessage(message);
    }

    [TestCase(500)]
    [TestCase(404)]
    [TestCase(400)]
    [TestCase(401)]
    [TestCase(302)]
    public async Task An_error_page_is_quoted_shortly(int status)
    {
        await using var server = Modern(call => call.RespondAsync(status, "text/html", "<html>oops " + new string('x', 300_000)));
        await using var client = await HttpProbeTests.ConnectAsync(server);

        var fault = (await client.Awaiting(it => it.CallToolAsync("t")).Should().ThrowAsync<HttpStatusException>()).Which;

        fault.Status.Should().Be(status);
        fault.Message.Should().Contain("<html>oops").And.Subject.Length.Should().BeLessThan(400);
    }

    [Test]
    public async Task An_error_response_is_thrown_whatever_its_status_and_id(
        [Values(200, 400, 404, 500)] int status, [Values("own", "null", "\"server-error\"")] string id)
    {
        // A made-up id is borne where the HTTP status says that the body is about this request; with 200 see the test above.
        id = status == 200 && id == "\"server-error\"" ? "own" : id;
        await using var server = Modern(call => call.JsonAsync(
            $$$"""{"jsonrpc":"2.0","id":{{{(id == "own" ? call.Id : id)}}},"error":{"code":-32603,"message":"broken"}}""", status));
        await using var client = await HttpProbeTests.ConnectAsync(server);

        var fault = (await client.Awaiting(it => it.CallToolAsync("t")).Should().ThrowAsync<JsonRpcException>()).Which;

        (fault.Code, fault.ReceivedHttpStatus).Should().Be((-32603, status));
    }

    [Test]
    public async Task A_connection_that_breaks_is_a_clear_exception([Values("json", "events", "head")] string where)
    {
        await using var server = Modern(async call =>
        {
            if (where == "json")
                await call.SendAsync("HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 1000\r\n\r\n{\"jsonrpc\"");
            else if (where == "events")
                await call.SendAsync("HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nTransfer-Encoding: chunked\r\n\r\n5\r\ndata:");
        });
        await using var client = await HttpProbeTests.ConnectAsync(server);

        await client.Awaiting(it => it.CallToolAsync("t")).Should().ThrowAsync<TransportClosedException>();
    }

    [Test]
    public async Task Hostile_answers_are_bounded([Values("declared", "whole", "chunked", "event", "line", "comments", "deep")] string kind)
    {
        var limits = new ClientLimits { MaxMessageBytes = 20_000 };
        await using var server = Modern(call => HostileAsync(call, kind));
        await using var client = await HttpProbeTests.ConnectAsync(server, new McpClientOptions { Limits = limits });

        var calling = client.CallToolAsync("t", options: new RequestOptions { Timeouts = new RequestTimeouts { Timeout = TimeSpan.FromSeconds(2) } });

        var fault = (await calling.Awaiting(task => task).Should().ThrowAsync<Exception>()).Which;
        if (kind == "comments")
            fault.Should().BeOfType<RequestTimedOutException>();
        else
            fault.Should().BeOfType<ProtocolFaultException>();
    }

    [Test]
    public async Task A_client_that_is_disposed_leaves_what_is_still_under_way()
    {
        var (asked, left) = (new TaskCompletionSource(), new TaskCompletionSource());
        await using var server = Modern(async call =>
        {
            asked.SetResult();
            await call.ClosedByClientAsync();
            left.SetResult();
        });
        var client = await HttpProbeTests.ConnectAsync(server);
        var calling = client.CallToolAsync("t");
        await asked.Task.WaitAsync(TimeSpan.FromSeconds(10));

        await client.DisposeAsync();

        await calling.Awaiting(task => task).Should().ThrowAsync<TransportClosedException>();
        await left.Task.WaitAsync(TimeSpan.FromSeconds(10));
    }

    [Test]
    public async Task A_redirect_is_followed_within_the_origin_and_the_message_goes_along()
    {
        await using var server = new ScriptedHttpServer(call => call.Target == "/mcp"
            ? call.RespondAsync(307, headers: "Location: /elsewhere\r\n")
            : call.ResultAsync(call.RpcMethod == "server/discover" ? HttpProbeTests.Discovered : Done));
        await using var client = await HttpProbeTests.ConnectAsync(server, new McpClientOptions { Headers = new Dictionary<string, string> { ["X-Key"] = "k" } });

        (await client.CallToolAsync("t")).Text.Should().Be("done");
        server.Calls.Should().OnlyContain(call => call.Header("X-Key") == "k");
    }

    [Test]
    public async Task A_redirect_to_another_origin_is_not_followed()
    {
        await using var other = new ScriptedHttpServer(call => call.ResultAsync(HttpProbeTests.Discovered));
        await using var server = new ScriptedHttpServer(call => call.RespondAsync(307, headers: $"Location: {other.Url}\r\n"));

        await FluentActions.Awaiting(() => HttpProbeTests.ConnectAsync(server)).Should().ThrowAsync<ConnectException>().WithMessage("*not followed*");
        other.Calls.Should().BeEmpty();
    }

    [Test]
    public async Task A_redirect_in_a_circle_ends()
    {
        await using var server = new ScriptedHttpServer(call => call.RespondAsync(307, headers: "Location: /mcp\r\n"));

        await FluentActions.Awaiting(() => HttpProbeTests.ConnectAsync(server)).Should().ThrowAsync<ConnectException>();
        server.Calls.Count.Should().BeLessThan(10);
    }

    [TestCase("Mcp-Session-Id", "x")]
    [TestCase("accept", "x")]
    [TestCase("X-Fine", "a\r\nEvil: b")]
    public async Task Headers_that_the_protocol_owns_or_that_hold_line_breaks_are_refused(string name, string value)
    {
        var options = new McpClientOptions { Headers = new Dictionary<string, string> { [name] = value } };

        await FluentActions.Awaiting(() => McpClient.ConnectAsync("http://127.0.0.1:9/", options)).Should().ThrowAsync<ArgumentException>();
    }

    private static ScriptedHttpServer Modern(Func<HttpCall, Task> answer) =>
        new(call => call.RpcMethod == "server/discover" ? call.ResultAsync(HttpProbeTests.Discovered) : answer(call));

    private static async Task HostileAsync(HttpCall call, string kind)
    {
        switch (kind)
        {
            case "declared":
                await call.SendAsync("HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 2000000000\r\n\r\n{");
                break;
            case "whole":
                await call.ResultAsync($$"""{"resultType":"complete","content":[{"type":"text","text":"{{new string('x', 20_000)}}"}]}""");
                break;
            case "chunked":
                await call.SendAsync("HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n");
                while (true)
                    await call.SendAsync("1000\r\n" + new string(' ', 0x1000) + "\r\n");
            case "deep":
                await call.JsonAsync($"{{\"jsonrpc\":\"2.0\",\"id\":{call.Id},\"result\":{{\"a\":{new string('[', 5000)}{new string(']', 5000)}}}}}");
                break;
            default:
                await call.BeginEventsAsync();
                if (kind == "line")
                    await call.SendAsync("data: ");
                while (true)
                    await call.SendAsync(kind switch { "event" => "data: " + new string('x', 1000) + "\n", "line" => new string('x', 1000), _ => ":\n" });
        }
    }
}
