using OnlyMcp.Protocol.Revisions;
using OnlyMcp.Server;
using OnlyMcp.Server.Http;
using OnlyMcp.Tests.Support;

namespace OnlyMcp.Tests.Http;

public sealed class McpHttpHandlerTests
{
    [Test]
    [Spec("2026-07-28 basic/transports/streamable-http §Sending Messages", 9)]
    public async Task A_call_is_answered_with_one_JSON_object_in_one_piece()
    {
        var request = await AskAsync(Wire.ModernPost("echo", "7"));

        request.Status.Should().Be(200);
        request.ResponseHeaders["Content-Type"].Should().Be("application/json");
        request.ResponseHeaders["Content-Length"].Should().Be(request.Body.Length.ToString());
        request.Body.Should().StartWith("""{"jsonrpc":"2.0","id":7,"result":""");
        request.IsCompleted.Should().BeTrue();
        request.Closes.Should().BeFalse();
    }

    [TestCase("/")]
    [TestCase("/mcpx")]
    [TestCase("/MCP")]
    [TestCase("/mcp/")]
    [TestCase("/a/../mcp")]
    public async Task A_foreign_path_is_left_untouched(string path)
    {
        var request = new FakeHttpExchange("POST", path, "{}").With("Host", "evil.example");

        (await new ToolServer().Handler().HandleAsync(request)).Should().BeFalse();

        request.Status.Should().Be(0);
        request.IsCompleted.Should().BeFalse();
    }

    [TestCase("PUT", "/mcp", "POST, GET, DELETE")]
    [TestCase("HEAD", "/mcp", "POST, GET, DELETE")]
    [TestCase("OPTIONS", "/mcp", "POST, GET, DELETE")]
    [TestCase("POST", "/sse", "GET")]
    [TestCase("GET", "/messages", "POST")]
    public async Task A_verb_that_is_not_served_is_answered_with_those_that_are(string verb, string path, string allowed)
    {
        var request = await AskAsync(new FakeHttpExchange(verb, path));

        request.Status.Should().Be(405);
        request.ResponseHeaders["Allow"].Should().Be(allowed);
        request.Body.Should().BeEmpty("an error response would say that Streamable HTTP stands here");
    }

    [TestCase("GET")]
    [TestCase("DELETE")]
    [Spec("2026-07-28 basic/transports/streamable-http §Earlier Streamable HTTP Revisions")]
    public async Task Without_older_revisions_only_POST_is_served(string verb)
    {
        var server = new ToolServer(new McpServerOptions { Revisions = [KnownRevisions.Newest(Era.Modern)] });
        var request = await AskAsync(new FakeHttpExchange(verb, "/mcp"), server);

        request.Status.Should().Be(405);
        request.ResponseHeaders["Allow"].Should().Be("POST");
        (await server.Handler().HandleAsync(new FakeHttpExchange("GET", "/sse"))).Should().BeFalse();
    }

    [TestCase("application/json", 200)]
    [TestCase("Application/JSON; charset=utf-8", 200)]
    [TestCase("text/plain", 415)]
    [TestCase("application/jsonx", 415)]
    [TestCase("text/plain; application/json", 415)]
    [TestCase("", 415)]
    [TestCase(null, 415)]
    public async Task A_message_is_application_json(string? type, int status)
    {
        var request = await AskAsync(Wire.ModernPost("echo").With("Content-Type", type));

        request.Status.Should().Be(status);
        request.Closes.Should().Be(status == 415, "the body was not read");
    }

    [TestCase(null, 200)]
    [TestCase("*/*", 200)]
    [TestCase("application/json, text/event-stream", 200)]
    [TestCase("application/json", 200)]
    [TestCase("application/*;q=0.5", 200)]
    [TestCase("text/html", 406)]
    [TestCase("*/*;q=0", 406)]
    [TestCase("*/*, application/json;q=0, text/event-stream;q=0.0", 406)]
    public async Task An_answer_that_the_client_excludes_is_not_made(string? accept, int status) =>
        (await AskAsync(Wire.ModernPost("echo").With("Accept", accept))).Status.Should().Be(status);

    [Test]
    [Spec("2026-07-28 basic/transports/streamable-http §Sending Messages", 9)]
    public async Task A_client_that_takes_events_alone_gets_its_response_as_an_event()
    {
        var request = await AskAsync(Wire.ModernPost("echo").With("Accept", "text/event-stream"));

        request.ResponseHeaders["Content-Type"].Should().Be("text/event-stream");
        request.Body.Should().StartWith("event: message\ndata: {\"jsonrpc\":\"2.0\",\"id\":1,\"result\"").And.EndWith("}\n\n");
    }

    [Test]
    public async Task A_client_that_takes_JSON_alone_gets_its_response_and_no_notifications()
    {
        var request = await AskAsync(Wire.ModernPost("progress").With("Accept", "application/json"));

        request.ResponseHeaders["Content-Type"].Should().Be("application/json");
        request.Body.Should().Contain("done").And.NotContain("notifications/progress");
    }

    [TestCase("", -32700, null)]
    [TestCase("{", -32700, null)]
    [TestCase("{\"a\":\"\\ud800\"}", -32700, null)]
    [TestCase("{} {}", -32700, null)]
    [TestCase("1", -32600, null)]
    [TestCase("{\"jsonrpc\":\"2.0\",\"id\":5}", -32600, "5")]
    [TestCase("{\"jsonrpc\":\"1.0\",\"id\":\"a\",\"method\":\"ping\"}", -32600, "\"a\"")]
    [TestCase("{\"jsonrpc\":\"2.0\",\"id\":null,\"method\":\"ping\"}", -32600, null)]
    [TestCase("{\"jsonrpc\":\"2.0\",\"id\":1.5,\"method\":\"ping\"}", -32600, null)]
    [TestCase("{\"jsonrpc\":\"2.0\",\"id\":5,\"method\":7}", -32600, "5")]
    [TestCase("{\"jsonrpc\":\"2.0\",\"id\":5,\"method\":\"ping\",\"params\":[]}", -32600, "5")]
    [TestCase("{\"jsonrpc\":\"2.0\",\"id\":5,\"method\":\"ping\",\"Method\":\"tools/list\"}", -32600, "5")]
    [TestCase("[]", -32600, null)]
    public async Task What_is_no_message_is_answered_with_400_and_the_id_if_it_could_be_read(string body, int code, string? id)
    {
        var request = await AskAsync(new FakeHttpExchange("POST", "/mcp", body));

        request.Status.Should().Be(400);
        request.Body.Should().StartWith($$"""{"jsonrpc":"2.0",{{(id is null ? "" : $"\"id\":{id},")}}"error":{"code":{{code}},""");
    }

    [Test]
    public async Task A_message_a_thousand_levels_deep_is_refused()
    {
        var body = """{"jsonrpc":"2.0","id":1,"method":"ping","params":{"a":DEEP}}""".Replace("DEEP", new string('[', 1000) + new string(']', 1000));

        (await AskAsync(new FakeHttpExchange("POST", "/mcp", body))).Body.Should().Contain("-32700");
    }

    [Test]
    public async Task A_body_over_the_limit_is_refused_declared_or_counted()
    {
        var server = new ToolServer(new McpServerOptions { Limits = new() { MaxMessageBytes = 100 } });
        var declared = await AskAsync(new FakeHttpExchange("POST", "/mcp", new string(' ', 101)), server);
        var counted = await AskAsync(new FakeHttpExchange("POST", "/mcp", new string(' ', 101))
            .With("Content-Length", null).With("Transfer-Encoding", "chunked"), server);
        var huge = await AskAsync(new FakeHttpExchange("POST", "/mcp", "{}").With("Content-Length", long.MaxValue.ToString()), server);

        new[] { declared, counted, huge }.Should().OnlyContain(request => request.Status == 413 && request.Closes);
    }

    [Test]
    public async Task A_body_that_does_not_come_in_time_is_answered_with_408()
    {
        var time = new ManualTime();
        var request = new FakeHttpExchange("POST", "/mcp", "{}") { BodyNeverComes = true };
        var handling = AskAsync(request, new ToolServer(new McpServerOptions { TimeProvider = time }));

        time.Advance(TimeSpan.FromSeconds(29));
        handling.IsCompleted.Should().BeFalse();
        time.Advance(TimeSpan.FromSeconds(1));
        await handling;

        request.Status.Should().Be(408);
        (await request.Aborted.Task).Should().Be(408);
    }

    [TestCase(false)]
    [TestCase(true)]
    public async Task A_request_whose_end_is_unclear_is_refused_and_its_connection_closed(bool http10)
    {
        var request = new FakeHttpExchange("POST", "/mcp", "{}") { Http10 = http10 }.With("Transfer-Encoding", "chunked");
        await AskAsync(http10 ? request.With("Content-Length", null) : request);

        request.Status.Should().Be(400);
        request.Closes.Should().BeTrue();
    }

    [Test]
    [Spec("2026-07-28 basic/transports/streamable-http §Sending Messages", 7)]
    public async Task A_notification_is_accepted_with_202_and_no_body()
    {
        var request = await AskAsync(new FakeHttpExchange("POST", "/mcp", """{"jsonrpc":"2.0","method":"notifications/unheard"}""")
            .With("MCP-Protocol-Version", Wire.Modern));

        request.Status.Should().Be(202);
        request.ResponseHeaders["Content-Length"].Should().Be("0");
        request.Body.Should().BeEmpty();
    }

    [Test]
    [Spec("2026-07-28 basic/transports/streamable-http §Sending Messages", 8)]
    public async Task A_modern_client_sends_no_responses()
    {
        var request = await AskAsync(new FakeHttpExchange("POST", "/mcp", """{"jsonrpc":"2.0","id":1,"result":{}}""")
            .With("MCP-Protocol-Version", Wire.Modern));

        request.Status.Should().Be(400);
        request.Body.Should().NotContain("\"id\"");
    }

    [Test]
    [Spec("2026-07-28 basic/transports/streamable-http §Protocol Version Header", 5)]
    [Spec("2026-07-28 basic/transports/streamable-http §Server Validation", 1, 2)]
    public async Task An_error_takes_the_status_that_its_cause_asks_for()
    {
        var body = Wire.ModernCall("echo").Replace("tools/call", "tools/fly");
        var unknown = new FakeHttpExchange("POST", "/mcp", body).With("MCP-Protocol-Version", Wire.Modern).With("Mcp-Method", "tools/fly");
        var mismatch = Wire.ModernPost("echo").With("Mcp-Name", "other");

        (await AskAsync(unknown)).Status.Should().Be(404);
        unknown.Body.Should().Contain("-32601");
        (await AskAsync(mismatch)).Status.Should().Be(400);
        mismatch.Body.Should().Contain("-32020").And.Contain("\"id\":1");
    }

    [Test]
    public async Task Too_many_requests_are_told_to_come_back()
    {
        var server = new ToolServer(new McpServerOptions { Limits = new() { MaxConcurrentRequests = 1 } });
        var handler = server.Handler();
        var first = handler.HandleAsync(Wire.ModernPost("wait")).AsTask();
        await server.Started;
        var second = Wire.ModernPost("echo");
        await handler.HandleAsync(second);
        server.Release();
        await first;
        var third = Wire.ModernPost("echo");
        await handler.HandleAsync(third);

        second.Status.Should().Be(503);
        second.ResponseHeaders["Retry-After"].Should().Be("1");
        third.Status.Should().Be(200);
    }

    [Test]
    public async Task A_stopping_server_finishes_what_is_in_flight_and_takes_nothing_new()
    {
        var server = new ToolServer();
        var handler = server.Handler();
        var first = Wire.ModernPost("wait");
        var handling = handler.HandleAsync(first).AsTask();
        await server.Started;
        var stopping = handler.StopAsync();
        var late = Wire.ModernPost("echo");
        await handler.HandleAsync(late);
        server.Release();
        await stopping;
        await handling;

        late.Status.Should().Be(503);
        first.Body.Should().Contain("released");
    }

    [Test]
    public async Task What_does_not_finish_before_the_deadline_is_cancelled_and_told_so()
    {
        var time = new ManualTime();
        var server = new ToolServer(new McpServerOptions { TimeProvider = time });
        var handler = server.Handler();
        var request = Wire.ModernPost("wait").With("Accept", "application/json");
        var handling = handler.HandleAsync(request).AsTask();
        await server.Started;
        var stopping = handler.StopAsync();
        time.Advance(TimeSpan.FromSeconds(5));
        await handling;
        await stopping;

        server.WasCancelled.Should().BeTrue();
        request.Status.Should().Be(503);
        request.Body.Should().Contain("\"id\":1").And.Contain("stopping");
    }

    [Test]
    public async Task Pages_read_no_answers_unless_CORS_is_on()
    {
        var preflight = new FakeHttpExchange("OPTIONS", "/mcp").With("Origin", "http://localhost:1").With("Access-Control-Request-Method", "POST");

        (await AskAsync(preflight)).Status.Should().Be(405);

        preflight.ResponseHeaders.Should().NotContainKey("Access-Control-Allow-Origin");
    }

    [Test]
    public async Task With_CORS_a_page_learns_what_it_may_send_and_reads_the_headers_it_needs()
    {
        var handler = new ToolServer().Handler(new McpHttpOptions { Cors = true });
        var preflight = new FakeHttpExchange("OPTIONS", "/mcp").With("Origin", "http://localhost:1")
            .With("Access-Control-Request-Method", "POST").With("Access-Control-Request-Headers", "mcp-param-x");
        var call = Wire.ModernPost("echo").With("Origin", "http://localhost:1");
        var foreign = new FakeHttpExchange("OPTIONS", "/mcp").With("Origin", "http://evil.example").With("Access-Control-Request-Method", "POST");
        foreach (var request in new[] { preflight, call, foreign })
            await handler.HandleAsync(request);

        preflight.Status.Should().Be(204);
        preflight.ResponseHeaders["Access-Control-Allow-Methods"].Should().Be("POST, GET, DELETE");
        preflight.ResponseHeaders["Access-Control-Allow-Headers"].Should().Be("mcp-param-x");
        call.ResponseHeaders["Access-Control-Allow-Origin"].Should().Be("http://localhost:1");
        call.ResponseHeaders["Access-Control-Expose-Headers"].Should().Be("Mcp-Session-Id, MCP-Protocol-Version, WWW-Authenticate");
        foreign.Status.Should().Be(403);
        foreign.ResponseHeaders.Should().NotContainKey("Access-Control-Allow-Origin");
    }

    private static async Task<FakeHttpExchange> AskAsync(FakeHttpExchange request, ToolServer? server = null)
    {
        (await (server ?? new ToolServer()).Handler().HandleAsync(request).AsTask().WaitAsync(TimeSpan.FromSeconds(30))).Should().BeTrue();
        return request;
    }
}
