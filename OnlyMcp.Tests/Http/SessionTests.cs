using System.Security.Claims;
using OnlyMcp.Server;
using OnlyMcp.Server.Http;
using OnlyMcp.Tests.Support;

namespace OnlyMcp.Tests.Http;

[Spec("2025-11-25 basic/transports §Session Management")]
public sealed class SessionTests
{
    [TestCase("2025-03-26")]
    [TestCase("2025-06-18")]
    [TestCase("2025-11-25")]
    [Spec("2025-11-25 basic/transports §Session Management", 1)]
    public async Task Initialize_opens_a_session_whose_id_nobody_can_guess(string version)
    {
        var handler = new ToolServer().Handler();
        var session = await Sessions.OpenAsync(handler, version);
        var call = session.Post(Wire.LegacyCall("echo"));
        await handler.HandleAsync(call);

        session.Id.Should().MatchRegex("^[0-9a-f]{32}$");
        call.Status.Should().Be(200);
        call.Body.Should().Contain("id 1");
        (await Sessions.OpenAsync(handler, version)).Id.Should().NotBe(session.Id);
    }

    [Test]
    public async Task A_request_without_its_session_is_400_and_one_for_an_unknown_session_404()
    {
        var handler = new ToolServer().Handler();
        foreach (var (verb, body) in new[] { ("POST", Wire.Ping()), ("POST", Wire.Initialized), ("GET", null), ("DELETE", null) })
        {
            var missing = new FakeHttpExchange(verb, "/mcp", body);
            var unknown = new FakeHttpExchange(verb, "/mcp", body).With("Mcp-Session-Id", "0123456789abcdef0123456789abcdef");
            await handler.HandleAsync(missing);
            await handler.HandleAsync(unknown);

            missing.Status.Should().Be(400, verb);
            unknown.Status.Should().Be(404, verb);
        }
    }

    [TestCase("2025-03-26")]
    [TestCase("2025-06-18")]
    [TestCase("2025-11-25")]
    [Spec("2025-11-25 basic/transports §Session Management", 4)]
    public async Task A_session_that_its_client_ended_is_gone(string version)
    {
        var handler = new ToolServer().Handler();
        var session = await Sessions.OpenAsync(handler, version);
        var delete = session.Request("DELETE");
        var later = session.Post(Wire.Ping());
        await handler.HandleAsync(delete);
        await handler.HandleAsync(later);

        delete.Status.Should().Be(204);
        later.Status.Should().Be(404);
    }

    [Test]
    public async Task Ending_a_session_cancels_what_is_in_flight_and_closes_its_stream()
    {
        var server = new ToolServer();
        var handler = server.Handler();
        var session = await Sessions.OpenAsync(handler);
        var call = handler.HandleAsync(session.Post(Wire.LegacyCall("wait"))).AsTask();
        var listening = session.Request("GET");
        var stream = handler.HandleAsync(listening).AsTask();
        await server.Started;
        await listening.NextWriteAsync();

        await handler.HandleAsync(session.Request("DELETE"));
        await server.Cancelled;
        await call;
        await stream;

        listening.IsCompleted.Should().BeTrue();
    }

    [Test]
    [Spec("2025-11-25 client/elicitation §Statefulness", 1, 2, 3, 4)]
    public async Task A_session_belongs_to_the_principal_that_opened_it()
    {
        var handler = new ToolServer().Handler();
        var session = await Sessions.OpenAsync(handler, user: User("ann"));
        var own = session.Post(Wire.Ping());
        var others = new List<FakeHttpExchange> { (session with { User = User("bob") }).Post(Wire.Ping()), (session with { User = null }).Post(Wire.Ping()) };
        others.Add((session with { User = User("bob") }).Request("GET"));
        others.Add((session with { User = User("bob") }).Request("DELETE"));
        foreach (var request in others)
            await handler.HandleAsync(request).AsTask().WaitAsync(TimeSpan.FromSeconds(20));
        await handler.HandleAsync(own);

        others.Should().OnlyContain(request => request.Status == 404);
        own.Status.Should().Be(200);
    }

    [Test]
    public async Task A_session_that_nobody_uses_ends_and_one_with_a_listener_stays()
    {
        var time = new ManualTime();
        var handler = new ToolServer(new McpServerOptions { TimeProvider = time }).Handler();
        var idle = await Sessions.OpenAsync(handler);
        var heard = await Sessions.OpenAsync(handler);
        var listening = heard.Request("GET");
        _ = handler.HandleAsync(listening).AsTask();
        await listening.NextWriteAsync();

        time.Advance(TimeSpan.FromMinutes(29));
        time.Advance(TimeSpan.FromMinutes(1));
        var onIdle = idle.Post(Wire.Ping());
        var onHeard = heard.Post(Wire.Ping());
        await handler.HandleAsync(onIdle);
        await handler.HandleAsync(onHeard);

        onIdle.Status.Should().Be(404);
        onHeard.Status.Should().Be(200);
    }

    [Test]
    public async Task A_session_that_nobody_uses_after_it_was_opened_ends_sooner()
    {
        var time = new ManualTime();
        var handler = new ToolServer(new McpServerOptions { TimeProvider = time }).Handler();
        var abandoned = await Sessions.OpenAsync(handler);
        var used = await Sessions.OpenAsync(handler);
        await handler.HandleAsync(used.Post(Wire.Initialized));

        time.Advance(TimeSpan.FromMinutes(5));
        var onAbandoned = abandoned.Post(Wire.Ping());
        var onUsed = used.Post(Wire.Ping());
        await handler.HandleAsync(onAbandoned);
        await handler.HandleAsync(onUsed);

        onAbandoned.Status.Should().Be(404);
        onUsed.Status.Should().Be(200);
    }

    [Test]
    public async Task No_more_sessions_are_opened_than_there_is_room_for_and_a_failed_initialize_takes_none()
    {
        var handler = new ToolServer(new McpServerOptions { Limits = new() { MaxSessions = 1 } }).Handler();
        var failed = new FakeHttpExchange("POST", "/mcp", """{"jsonrpc":"2.0","id":1,"method":"initialize","params":{}}""");
        var badVersion = new FakeHttpExchange("POST", "/mcp", Wire.Initialize()).With("MCP-Protocol-Version", "1999-01-01");
        await handler.HandleAsync(failed);
        await handler.HandleAsync(badVersion);
        await Sessions.OpenAsync(handler);
        var second = new FakeHttpExchange("POST", "/mcp", Wire.Initialize());
        await handler.HandleAsync(second);

        failed.ResponseHeaders.Should().NotContainKey("Mcp-Session-Id");
        badVersion.Status.Should().Be(400);
        second.Status.Should().Be(503);
        second.ResponseHeaders["Retry-After"].Should().Be("1");
    }

    [TestCase("2025-11-25", "2025-06-18", 200)]
    [TestCase("2025-11-25", null, 200)]
    [TestCase("2025-11-25", "1999-01-01", 400)]
    [TestCase("2025-11-25", "2025-06-18 ", 400)]
    [TestCase("2025-06-18", "1999-01-01", 400)]
    [Spec("2025-11-25 basic/transports §Protocol Version Header", 2)]
    public async Task The_version_header_must_name_a_served_version_or_be_missing(string agreed, string? version, int status)
    {
        var handler = new ToolServer().Handler();
        var session = await Sessions.OpenAsync(handler, agreed);
        var request = session.Post(Wire.Ping()).With("MCP-Protocol-Version", version);
        await handler.HandleAsync(request);

        request.Status.Should().Be(status);
    }

    [Test]
    public async Task A_session_may_not_have_more_than_so_many_requests_in_flight()
    {
        var server = new ToolServer(new McpServerOptions { Limits = new() { MaxConcurrentRequestsPerConversation = 1 } });
        var handler = server.Handler();
        var session = await Sessions.OpenAsync(handler);
        var first = handler.HandleAsync(session.Post(Wire.LegacyCall("wait"))).AsTask();
        await server.Started;
        var second = session.Post(Wire.LegacyCall("echo", "2"));
        await handler.HandleAsync(second);
        server.Release();
        await first;

        second.Status.Should().Be(429);
        second.ResponseHeaders["Retry-After"].Should().Be("1");
    }

    [TestCase("2025-03-26")]
    [TestCase("2025-06-18")]
    [TestCase("2025-11-25")]
    [Spec("2025-11-25 basic/transports §Listening for Messages from the Server", 2)]
    [Spec("2025-11-25 basic/transports §Streamable HTTP", 1)]
    public async Task A_second_stream_of_a_session_replaces_the_first(string version)
    {
        var handler = new ToolServer().Handler();
        var session = await Sessions.OpenAsync(handler, version);
        var first = session.Request("GET");
        var firstHandling = handler.HandleAsync(first).AsTask();
        await first.NextWriteAsync();
        first.ResponseHeaders["Content-Type"].Should().Be("text/event-stream");
        var second = session.Request("GET");
        var secondHandling = handler.HandleAsync(second).AsTask();
        await second.NextWriteAsync();
        await firstHandling.WaitAsync(TimeSpan.FromSeconds(30));

        first.IsCompleted.Should().BeTrue();
        secondHandling.IsCompleted.Should().BeFalse();
        await handler.StopAsync();
        await secondHandling;
    }

    [TestCase("2025-03-26")]
    [TestCase("2025-06-18")]
    [TestCase("2025-11-25")]
    [Spec("2025-11-25 basic/transports §Sending Messages to the Server", 5, 6)]
    public async Task What_asks_for_no_answer_is_taken_with_202_or_refused_with_an_error(string version)
    {
        var handler = new ToolServer().Handler();
        var session = await Sessions.OpenAsync(handler, version);
        string[] taken = [Wire.Initialized, """{"jsonrpc":"2.0","id":9,"result":{}}""", """{"jsonrpc":"2.0","id":9,"error":{"code":1,"message":"no"}}"""];
        string[] refused = ["""{"jsonrpc":"2.0","method":7}""", """{"jsonrpc":"2.0","id":9,"result":[]}"""];
        foreach (var (body, status) in taken.Select(body => (body, 202)).Concat(refused.Select(body => (body, 400))))
        {
            var request = session.Post(body);
            await handler.HandleAsync(request);

            request.Status.Should().Be(status, body);
            (request.Body.Length == 0).Should().Be(status == 202, body);
        }
    }

    [TestCase("2025-03-26")]
    [TestCase("2025-06-18")]
    [TestCase("2025-11-25")]
    [Spec("2026-07-28 basic/transports/streamable-http §Sending Messages", 9)]
    [Spec("2025-11-25 basic/transports §Listening for Messages from the Server", 3)]
    [Spec("2025-11-25 basic/transports §Multiple Connections", 1)]
    public async Task What_belongs_to_a_request_leaves_on_its_own_answer_alone(string version)
    {
        var handler = new ToolServer().Handler();
        var session = await Sessions.OpenAsync(handler, version);
        var listening = session.Request("GET");
        _ = handler.HandleAsync(listening).AsTask();
        await listening.NextWriteAsync();
        var (plain, streamed) = (session.Post(Wire.LegacyCall("echo")), session.Post(Wire.LegacyCall("progress")));
        await handler.HandleAsync(plain);
        await handler.HandleAsync(streamed);

        (plain.ResponseHeaders["Content-Type"], streamed.ResponseHeaders["Content-Type"]).Should().Be(("application/json", "text/event-stream"));
        plain.Body.Should().Contain("\"id\":1,\"result\"");
        streamed.Body.Should().Contain("notifications/progress").And.Contain("\"id\":1,\"result\"");
        listening.Body.Should().NotContain("jsonrpc");
    }

    [Test]
    public async Task A_stream_is_an_event_stream_or_nothing()
    {
        var handler = new ToolServer().Handler();
        var session = await Sessions.OpenAsync(handler);
        var request = session.Request("GET").With("Accept", "application/json");
        await handler.HandleAsync(request);

        request.Status.Should().Be(406);
    }

    [Test]
    [Spec("2025-03-26 basic/transports §Sending Messages to the Server", 5, 6, 7, 9)]
    [Spec("2025-03-26 basic §Batching", 1)]
    public async Task An_array_is_answered_with_one_array_where_the_session_knows_arrays()
    {
        var handler = new ToolServer().Handler();
        var session = await Sessions.OpenAsync(handler, "2025-03-26");
        var batch = session.Post($"[{Wire.LegacyCall("echo", "1")},{Wire.Initialized},{Wire.Ping("2")},{Wire.Initialize()},{{\"jsonrpc\":\"2.0\",\"id\":3}}]");
        var silent = session.Post($"[{Wire.Initialized}]");
        var answers = session.Post("""[{"jsonrpc":"2.0","id":8,"result":{}},{"jsonrpc":"2.0","id":9,"result":{}}]""");
        var talking = session.Post($"[{Wire.LegacyCall("progress", "1")}]");
        foreach (var request in new[] { batch, silent, answers, talking })
            await handler.HandleAsync(request);

        batch.Body.Should().StartWith("[{").And.EndWith("}]").And.Contain("id 1").And.Contain("\"id\":2").And.Contain("cannot be part of an array").And.Contain("\"id\":3,\"error\"");
        (silent.Status, answers.Status).Should().Be((202, 202));
        talking.Body.Should().Contain("notifications/progress").And.EndWith("\n\n");
    }

    [Test]
    [Spec("2025-03-26 basic/transports §Sending Messages to the Server")]
    public async Task A_malformed_response_in_an_array_is_not_told_with_its_id()
    {
        var handler = new ToolServer().Handler();
        var session = await Sessions.OpenAsync(handler, "2025-03-26");
        var request = session.Post($"[{{\"jsonrpc\":\"2.0\",\"id\":1,\"result\":[]}},{Wire.LegacyCall("echo", "1")}]");
        await handler.HandleAsync(request);

        request.Body.Should().Contain("{\"jsonrpc\":\"2.0\",\"error\":{\"code\":-32600").And.Contain("id 1");
        request.Body.Should().NotContain("\"id\":1,\"error\"", "that would be an answer to the client's own request 1");
    }

    [TestCase("2025-06-18")]
    [TestCase("2025-11-25")]
    [Spec("2025-11-25 basic/transports §Sending Messages to the Server")]
    public async Task An_array_is_refused_everywhere_else(string version)
    {
        var handler = new ToolServer().Handler();
        var session = await Sessions.OpenAsync(handler, version);
        var request = session.Post($"[{Wire.Ping()}]");
        await handler.HandleAsync(request);

        request.Status.Should().Be(400);
        request.Body.Should().Contain("-32600");
    }

    [Test]
    public async Task Equal_ids_of_two_sessions_do_not_meet()
    {
        var server = new ToolServer();
        var handler = server.Handler();
        var (one, other) = (await Sessions.OpenAsync(handler), await Sessions.OpenAsync(handler));
        var waiting = one.Post(Wire.LegacyCall("wait"));
        var handling = handler.HandleAsync(waiting).AsTask();
        await server.Started;

        await handler.HandleAsync(other.Post("""{"jsonrpc":"2.0","method":"notifications/cancelled","params":{"requestId":1}}"""));
        var sameId = other.Post(Wire.LegacyCall("echo"));
        await handler.HandleAsync(sameId);
        var duplicate = one.Post(Wire.LegacyCall("echo"));
        await handler.HandleAsync(duplicate);
        server.WasCancelled.Should().BeFalse();
        server.Release();
        await handling;

        sameId.Body.Should().Contain("id 1");
        duplicate.Body.Should().Contain("-32600");
        waiting.Body.Should().Contain("released");
    }

    private static ClaimsPrincipal User(string name) => new(new ClaimsIdentity([new Claim("sub", name)], "test"));
}
