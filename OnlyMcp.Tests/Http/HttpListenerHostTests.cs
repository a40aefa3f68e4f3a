using System.Net;
using System.Net.Sockets;
using System.Reflection;
using OnlyMcp.Server;
using OnlyMcp.Server.Http;
using OnlyMcp.Tests.Support;

namespace OnlyMcp.Tests.Http;

/// <summary>Bytes on a socket against the real listener: what it does of its own, and what we make of it.</summary>
public sealed class HttpListenerHostTests
{
    private static readonly McpHttpOptions Quick = new()
    {
        SilentResponseDelay = TimeSpan.FromMilliseconds(50),
        KeepAliveInterval = TimeSpan.FromMilliseconds(50),
    };

    private static readonly string[] EveryRoute =
        ["POST /mcp", "GET /mcp", "DELETE /mcp", "GET /sse", "POST /messages?sessionId=1"];

    [Test]
    [Spec("2026-07-28 basic/transports/streamable-http", 1)]
    public async Task Calls_follow_one_another_on_one_connection()
    {
        await using var host = await new ToolServer().StartAsync();
        using var raw = await RawHttp.ConnectAsync(host.Address);
        for (var i = 1; i <= 5; i++)
        {
            await raw.SendAsync("POST /mcp", Wire.ModernCall("echo", i.ToString()), Wire.ModernHeaders("echo"));
            var response = await raw.ReadAsync();
            response.Status.Should().Be(200);
            response.Body.Should().Contain($"id {i}");
        }
    }

    [Test]
    public async Task A_body_may_come_in_chunks_and_drop_by_drop()
    {
        await using var host = await new ToolServer().StartAsync();
        using var raw = await RawHttp.ConnectAsync(host.Address);
        await raw.SendAsync("POST /mcp HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked\r\n");
        await raw.SendAsync(string.Join("\r\n", Wire.ModernHeaders("echo")) + "\r\n\r\n");
        foreach (var letter in Wire.ModernCall("echo"))
            await raw.SendAsync($"1\r\n{letter}\r\n");
        await raw.SendAsync("0\r\n\r\n");

        (await raw.ReadAsync()).Body.Should().Contain("id 1");
    }

    [Test]
    public async Task A_stream_holds_nothing_for_requests_that_its_connection_will_not_have()
    {
        if (OperatingSystem.IsWindows())
            Assert.Ignore("Windows has a listener of its own.");
        var address = $"http://127.0.0.1:{FreePort.Next()}/";
        using var listener = new HttpListener { Prefixes = { address } };
        listener.Start();
        using var raw = await RawHttp.ConnectAsync(new Uri(address));
        await raw.SendAsync("GET /mcp HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n");
        var context = await listener.GetContextAsync();
        var exchange = new HttpListenerHost.Exchange(context);
        var connection = Under(context, "_connection");
        Under(connection, "_buffer").Should().BeOfType<byte[]>().Which.Length.Should().BeGreaterThan(4096);
        exchange.CloseAfterResponse();
        exchange.BeginStream();

        Under(connection, "_buffer").Should().BeNull();
        Under(Under(connection, "_socket"), "_singleBufferReceiveEventArgs").Should().BeNull();
        exchange.Complete();

        static object? Under(object? it, string field) => it!.GetType()
            .GetField(field, BindingFlags.NonPublic | BindingFlags.Instance)!.GetValue(it);
    }

    [Test]
    public async Task Events_leave_one_by_one_and_the_stream_ends_with_the_response()
    {
        await using var host = await new ToolServer().StartAsync();
        using var raw = await RawHttp.ConnectAsync(host.Address);
        await raw.SendAsync("POST /mcp", Wire.ModernCall("progress"), Wire.ModernHeaders("progress"));

        (await raw.ReadHeadAsync()).Header("Content-Type").Should().Be("text/event-stream");
        (await raw.ReadChunkAsync()).Should().Contain("notifications/progress");
        (await raw.ReadChunkAsync()).Should().Contain("done");
        (await raw.ReadChunkAsync()).Should().BeEmpty();
        (await raw.IsClosedAsync()).Should().BeTrue();
    }

    [Test]
    public async Task A_foreign_path_does_not_wait_for_a_body_that_drips()
    {
        await using var host = await new ToolServer().StartAsync();
        using var raw = await RawHttp.ConnectAsync(host.Address);
        await raw.SendAsync("POST /nothing HTTP/1.1\r\nHost: localhost\r\nContent-Length: 1000000\r\n\r\n{");

        (await raw.ReadAsync()).Status.Should().Be(404);
    }

    [TestCase("GET /mcp", 400)]
    [TestCase("GET /nothing", 404)]
    [TestCase("PUT /mcp", 405)]
    [TestCase("POST /mcp%2f", 404)]
    [TestCase("POST /%6dcp", 415)]
    [TestCase("POST /x/../mcp", 415)]
    [TestCase("HEAD /mcp", 405)]
    public async Task Paths_are_compared_exactly_once_they_are_decoded(string line, int status)
    {
        await using var host = await new ToolServer().StartAsync();
        using var raw = await RawHttp.ConnectAsync(host.Address);
        await raw.SendAsync(line, null, "Content-Length: 0");

        (await raw.ReadHeadAsync()).Status.Should().Be(status);
    }

    [TestCase("null")]
    [TestCase("http://evil.example")]
    [TestCase("http://127.0.0.1.evil.example")]
    [Spec("2026-07-28 basic/transports/streamable-http §Security & Endpoint", 1, 2, AtEveryRevision = true)]
    [Spec("2025-11-25 basic/transports §Security Warning")]
    public async Task Foreign_pages_are_kept_out_of_every_route_with_403(string origin)
    {
        await using var host = await new ToolServer().StartAsync();
        foreach (var line in EveryRoute)
            (await AskAsync(host, line, "Origin: " + origin)).Status.Should().Be(403, line);
    }

    [TestCase("evil.example")]
    [TestCase("evil.example@127.0.0.1")]
    [TestCase("2130706433")]
    public async Task Foreign_names_are_kept_out_of_every_route(string name)
    {
        await using var host = await new ToolServer().StartAsync();
        foreach (var line in EveryRoute)
        {
            // On Windows the system looks for a prefix of that name before we see the request (404, or 400 where no name can be so).
            int[] refusals = OperatingSystem.IsWindows() ? [403, 404, 400] : [403];
            (await AskAsync(host, line, "Host: " + name)).Status.Should().BeOneOf(refusals, line);
        }
    }

    [Test]
    [Platform(Exclude = "Win", Reason = "There the system answers.")]
    public async Task A_foreign_name_gets_one_answer_in_words_and_the_end_of_its_connection()
    {
        await using var host = await new ToolServer().StartAsync();
        using var raw = await RawHttp.ConnectAsync(host.Address);
        await raw.SendAsync("POST /mcp", Wire.Initialize(), "Host: evil.example");

        var answer = await raw.ReadAsync();

        answer.Status.Should().Be(403);
        answer.Body.Should().Contain("'evil.example' is not allowed here").And.Contain("AllowedHosts");
        (await raw.IsClosedAsync()).Should().BeTrue("a second answer would be taken for that of the next request");
    }

    [Test]
    [Platform(Exclude = "Win", Reason = "There the system answers.")]
    public async Task A_name_that_a_proxy_hands_on_is_served_where_it_is_allowed()
    {
        await using var host = await new ToolServer().StartAsync(new McpHttpOptions { AllowedHosts = ["mcp.example"] });

        (await AskAsync(host, "POST /mcp", "Host: mcp.example")).Status.Should().NotBe(403);
        (await AskAsync(host, "POST /mcp", "Host: other.example")).Status.Should().Be(403);
    }

    [Test]
    public async Task A_port_is_free_again_when_its_host_has_stopped()
    {
        var host = await new ToolServer().StartAsync();
        var port = host.Address.Port;
        await host.DisposeAsync();

        using var probe = new System.Net.Sockets.TcpListener(System.Net.IPAddress.Loopback, port);
        probe.Start();
        probe.Stop();
    }

    [Test]
    public async Task A_whole_address_does_not_hide_a_foreign_host()
    {
        await using var host = await new ToolServer().StartAsync();
        using var raw = await RawHttp.ConnectAsync(host.Address);
        await raw.SendAsync($"POST {host.Address}mcp", "{}", "Host: evil.example");

        (await raw.ReadAsync()).Status.Should().Be(403);
    }

    [Test]
    public async Task Two_lengths_are_refused_and_the_connection_closed()
    {
        await using var host = await new ToolServer().StartAsync();
        using var raw = await RawHttp.ConnectAsync(host.Address);
        await raw.SendAsync("POST /mcp HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nContent-Length: 4\r\nTransfer-Encoding: chunked\r\n\r\n2\r\n{}\r\n0\r\n\r\n");

        (await raw.ReadAsync()).Status.Should().Be(400);
        (await raw.IsClosedAsync()).Should().BeTrue();
    }

    [TestCase(true)]
    [TestCase(false)]
    public async Task A_client_that_sends_too_much_gets_to_read_why_it_was_refused(bool declared)
    {
        await using var host = await new ToolServer().StartAsync();
        using var raw = await RawHttp.ConnectAsync(host.Address);
        const int Much = 20 * 1024 * 1024;
        await raw.SendAsync("POST /mcp HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n");
        await raw.SendAsync(declared ? $"Content-Length: {Much}\r\n\r\n" : $"Transfer-Encoding: chunked\r\n\r\n{Much:x}\r\n");
        for (var sent = 0; sent < Much; sent += 1024 * 1024)
            await raw.SendAsync(new string(' ', 1024 * 1024));
        if (!declared)
            await raw.SendAsync("\r\n0\r\n\r\n");

        (await raw.ReadAsync()).Status.Should().Be(413);
    }

    [Test]
    public async Task A_body_that_stops_in_the_middle_is_answered_with_408()
    {
        var time = new ManualTime();
        await using var host = await new ToolServer(new McpServerOptions { TimeProvider = time }).StartAsync();
        using var raw = await RawHttp.ConnectAsync(host.Address);
        await raw.SendAsync("POST /mcp HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nContent-Length: 100\r\n\r\n{");
        while (time.Running == 0)
            await Task.Yield();
        time.Advance(TimeSpan.FromSeconds(30));

        (await raw.ReadAsync()).Status.Should().Be(408);
        (await raw.IsClosedAsync()).Should().BeTrue();
        await ServesAsync(host);
    }

    [Test]
    public async Task Clients_that_are_refused_while_they_drip_hold_up_nobody()
    {
        await using var host = await new ToolServer().StartAsync();
        var drips = new List<RawHttp>();
        for (var i = 0; i < 60; i++)
        {
            drips.Add(await RawHttp.ConnectAsync(host.Address));
            await drips[^1].SendAsync("POST /mcp HTTP/1.1\r\nHost: localhost\r\nContent-Type: text/plain\r\nContent-Length: 1000000\r\n\r\n{");
        }

        var started = TimeProvider.System.GetTimestamp();
        await ServesAsync(host);
        TimeProvider.System.GetElapsedTime(started).Should().BeLessThan(TimeSpan.FromSeconds(5), "no thread waits for the sixty");
        foreach (var raw in drips)
        {
            (await raw.ReadAsync()).Status.Should().Be(415);
            raw.Dispose();
        }
    }

    [TestCase("POST /mcp HTTP/1.1\r\nHost: localhost\r\n\r\n")]
    [TestCase("GARBAGE\r\n\r\n")]
    [TestCase("POST /mcp HTTP/1.1\r\nHost: localhost\r\nContent-Length: -1\r\n\r\n")]
    [TestCase("POST /mcp HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n")]
    [TestCase("POST /mcp HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nContent-Length: 10\r\n\r\n{")]
    public async Task What_is_no_HTTP_costs_its_sender_the_connection_and_nobody_else_anything(string bytes)
    {
        await using var host = await new ToolServer().StartAsync();
        using (var raw = await RawHttp.ConnectAsync(host.Address))
        {
            await raw.SendAsync(bytes);
            raw.Reset();
        }

        await ServesAsync(host);
    }

    [Test]
    [Spec("2026-07-28 basic/transports/streamable-http §Cancellation", 1)]
    [Spec("2026-07-28 basic/patterns/cancellation §Transport-Specific Cancellation", 1)]
    public async Task A_silent_modern_call_is_cancelled_when_its_client_goes_away([Values] bool reset)
    {
        var server = new ToolServer();
        await using var host = await server.StartAsync(Quick);
        var raw = await RawHttp.ConnectAsync(host.Address);
        await raw.SendAsync("POST /mcp", Wire.ModernCall("wait"), Wire.ModernHeaders("wait"));
        await server.Started;
        if (reset)
            raw.Reset();
        else
            raw.Dispose();

        await server.Cancelled;
    }

    [Test]
    [Spec("2025-11-25 basic/transports §Sending Messages to the Server")]
    public async Task A_legacy_call_goes_on_when_its_client_goes_away()
    {
        var server = new ToolServer();
        await using var host = await server.StartAsync(Quick);
        using var first = await RawHttp.ConnectAsync(host.Address);
        await first.SendAsync("POST /mcp", Wire.Initialize());
        var session = "Mcp-Session-Id: " + (await first.ReadAsync()).Header("Mcp-Session-Id");
        var raw = await RawHttp.ConnectAsync(host.Address);
        await raw.SendAsync("POST /mcp", Wire.LegacyCall("wait"), session);
        await server.Started;
        raw.Reset();
        await ServesAsync(host);
        server.WasCancelled.Should().BeFalse();
        server.Release();

        await server.Finished;
    }

    [Test]
    public async Task Equal_ids_of_two_clients_do_not_meet()
    {
        var server = new ToolServer();
        await using var host = await server.StartAsync();
        using var one = await RawHttp.ConnectAsync(host.Address);
        using var other = await RawHttp.ConnectAsync(host.Address);
        await one.SendAsync("POST /mcp", Wire.ModernCall("wait"), Wire.ModernHeaders("wait"));
        await server.Started;
        await other.SendAsync("POST /mcp", Wire.ModernCall("echo"), Wire.ModernHeaders("echo"));

        (await other.ReadAsync()).Body.Should().Contain("id 1");
        server.Release();
        (await one.ReadAsync()).Body.Should().Contain("released");
    }

    [Test]
    [Spec("2026-07-28 basic/patterns/cancellation §Transport-Specific Cancellation")]
    public async Task A_modern_cancellation_is_accepted_and_cancels_no_request_of_another_client()
    {
        var server = new ToolServer();
        await using var host = await server.StartAsync();
        using var one = await RawHttp.ConnectAsync(host.Address);
        using var other = await RawHttp.ConnectAsync(host.Address);
        await one.SendAsync("POST /mcp", Wire.ModernCall("wait"), Wire.ModernHeaders("wait"));
        await server.Started;
        foreach (var cancellation in new[] { Wire.Cancelled(), Wire.ModernCancelled() })
        {
            await other.SendAsync("POST /mcp", cancellation, $"MCP-Protocol-Version: {Wire.Modern}", "Mcp-Method: notifications/cancelled");
            (await other.ReadAsync()).Status.Should().Be(202);
        }

        server.WasCancelled.Should().BeFalse();
        server.Release();
        (await one.ReadAsync()).Body.Should().Contain("released");
    }

    [Test]
    public async Task A_client_that_stops_reading_is_given_up_and_does_not_hold_up_the_end()
    {
        var server = new ToolServer(new McpServerOptions { Limits = new() { WriteTimeout = TimeSpan.FromMilliseconds(200) } });
        var host = await server.StartAsync();
        using var raw = await RawHttp.ConnectAsync(host.Address, receiveBuffer: 4096);
        await raw.SendAsync("POST /mcp", Wire.ModernCall("talk"), Wire.ModernHeaders("talk"));

        await server.Finished;
        await ServesAsync(host);
        await host.StopAsync().WaitAsync(TimeSpan.FromSeconds(20));
    }

    [Test]
    public async Task Stopping_finishes_what_is_in_flight_refuses_the_rest_and_frees_the_port()
    {
        var server = new ToolServer();
        var host = await server.StartAsync();
        using var raw = await RawHttp.ConnectAsync(host.Address);
        await raw.SendAsync("POST /mcp", Wire.ModernCall("wait"), Wire.ModernHeaders("wait"));
        await server.Started;
        var stopping = host.StopAsync();
        await FluentActions.Awaiting(() => RawHttp.ConnectAsync(host.Address)).Should().ThrowAsync<SocketException>();
        server.Release();

        (await raw.ReadAsync()).Body.Should().Contain("released");
        await stopping;
        await using var next = new McpHttpHost(server.Server, host.Address.AbsoluteUri);
        await next.StartAsync();
        await ServesAsync(next);
    }

    [Test]
    public async Task An_open_stream_ends_when_the_server_stops()
    {
        var host = await new ToolServer().StartAsync();
        using var raw = await RawHttp.ConnectAsync(host.Address);
        await raw.SendAsync("GET /sse", null, "Accept: text/event-stream");
        await raw.ReadHeadAsync();
        (await raw.ReadEventAsync()).Should().StartWith("event: endpoint\ndata: /messages?sessionId=");
        await host.StopAsync();

        (await raw.ReadChunkAsync()).Should().BeEmpty();
    }

    [Test]
    public async Task Two_hundred_early_endings_do_not_end_the_loop()
    {
        await using var host = await new ToolServer().StartAsync();
        for (var i = 0; i < 200; i++)
        {
            using var raw = await RawHttp.ConnectAsync(host.Address);
            await raw.SendAsync("POST /mcp", Wire.ModernCall("progress"), Wire.ModernHeaders("progress"));
            raw.Reset();
        }

        await ServesAsync(host);
    }

    [Test]
    public async Task Several_servers_share_a_listener_and_other_paths_are_the_programs()
    {
        var (one, other) = (new ToolServer(), new ToolServer());
        await using var host = new McpHttpHost(one.Server, "http://localhost:0")
        {
            OtherPaths = async (http, cancellationToken) =>
            {
                if (http.Path != "/ping")
                    return false;
                await http.RespondAsync(200, "pong"u8.ToArray(), cancellationToken);
                return true;
            },
        }.Mount(other.Server, new McpHttpOptions { Path = "/other", ServeHttpSse = false });
        await host.StartAsync();
        await ServesAsync(host);
        await ServesAsync(host, "/other");
        using var raw = await RawHttp.ConnectAsync(host.Address);
        await raw.SendAsync("GET /ping", null);

        (await raw.ReadAsync()).Body.Should().Be("pong");
    }

    [Test]
    public async Task A_handler_mounts_in_a_loop_that_is_there_already()
    {
        var port = FreePort.Next();
        using var listener = new HttpListener { Prefixes = { $"http://127.0.0.1:{port}/" } };
        listener.Start();
        await using var handler = new ToolServer().Handler();
        _ = Task.Run(async () =>
        {
            while (listener.IsListening)
            {
                var context = await listener.GetContextAsync();
                if (await handler.TryHandleAsync(context))
                    continue;
                context.Response.StatusCode = 299;
                context.Response.Close();
            }
        });
        using var http = new HttpClient { BaseAddress = new Uri($"http://127.0.0.1:{port}/") };

        ((int)(await http.GetAsync("rest")).StatusCode).Should().Be(299);
        ((int)(await http.GetAsync("mcp")).StatusCode).Should().Be(400);
    }

    [Test]
    public async Task A_port_that_is_taken_is_named_in_the_exception()
    {
        var server = new ToolServer();
        await using var first = await server.StartAsync();
        await using var second = new McpHttpHost(server.Server, first.Address.AbsoluteUri);

        await second.Invoking(host => host.StartAsync()).Should().ThrowAsync<IOException>().WithMessage($"*{first.Address.Port}*");
    }

    [Test]
    public async Task Running_ends_when_it_is_told_to()
    {
        using var stop = new CancellationTokenSource();
        var running = new ToolServer().Server.RunHttpAsync("http://127.0.0.1:0/", cancellationToken: stop.Token);
        await stop.CancelAsync();

        await running.WaitAsync(TimeSpan.FromSeconds(30));
    }

    private static async Task<RawResponse> AskAsync(McpHttpHost host, string line, string header)
    {
        using var raw = await RawHttp.ConnectAsync(host.Address);
        await raw.SendAsync(line, line.StartsWith("POST", StringComparison.Ordinal) ? "{}" : null, header);
        return await raw.ReadHeadAsync();
    }

    private static async Task ServesAsync(McpHttpHost host, string path = "/mcp")
    {
        using var raw = await RawHttp.ConnectAsync(host.Address);
        await raw.SendAsync("POST " + path, Wire.ModernCall("echo"), Wire.ModernHeaders("echo"));
        (await raw.ReadAsync()).Status.Should().Be(200);
    }
}
