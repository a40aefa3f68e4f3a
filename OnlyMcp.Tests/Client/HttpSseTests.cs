using OnlyMcp.Client;
using OnlyMcp.Protocol.Revisions;
using OnlyMcp.Protocol.Transport;
using OnlyMcp.Tests.Support;

namespace OnlyMcp.Tests.Client;

[Spec("2024-11-05 basic/transports §HTTP with SSE")]
public sealed class HttpSseTests
{
    [TestCase("/messages?id=1")]
    [TestCase("messages?id=1")]
    [TestCase("absolute")]
    [Spec("2024-11-05 basic/transports §Security Warning", 5)]
    public async Task A_server_of_the_first_revision_is_found_and_called(string endpoint)
    {
        await using var server = Server(url => endpoint == "absolute" ? new Uri(url, "/messages?id=1").AbsoluteUri : endpoint);
        await using var client = await HttpProbeTests.ConnectAsync(server);

        client.ProtocolVersion.Should().Be("2024-11-05");
        (await client.CallToolAsync("t")).Text.Should().Be("done");
        server.Methods.Should().Equal("server/discover", "initialize", "GET", "initialize", "notifications/initialized", "tools/call");
        server.Calls.Skip(3).Should().OnlyContain(call => call.Target == "/messages?id=1" && call.Header("MCP-Protocol-Version") == null);
    }

    [Test]
    public async Task A_pinned_first_revision_goes_straight_to_the_stream()
    {
        await using var server = Server(_ => "/messages?id=1");
        await using var client = await HttpProbeTests.ConnectAsync(server, new McpClientOptions { Revision = KnownRevisions.V20241105 });

        server.Methods.Should().StartWith("GET");
    }

    [TestCase("http://127.0.0.1:1/messages")]
    [TestCase("https://127.0.0.1/messages")]
    [TestCase("//evil.example/messages")]
    [TestCase("http://evil.example/messages")]
    [TestCase("file:///etc/passwd")]
    public async Task An_endpoint_of_another_origin_is_refused(string endpoint)
    {
        await using var server = Server(_ => endpoint);

        await FluentActions.Awaiting(() => HttpProbeTests.ConnectAsync(server)).Should().ThrowAsync<ConnectException>().WithMessage("*another origin*");
    }

    [TestCase("event: message\ndata: {}\n\n")]
    [TestCase("")]
    public async Task A_stream_that_names_no_endpoint_is_none(string text)
    {
        await using var server = new ScriptedHttpServer(async call =>
        {
            if (call.Verb != "GET")
            {
                await call.RespondAsync(405);
                return;
            }

            await call.BeginEventsAsync();
            await call.SendAsync(text);
        });

        await FluentActions.Awaiting(() => HttpProbeTests.ConnectAsync(server)).Should().ThrowAsync<ConnectException>().WithMessage("*'endpoint'*");
    }

    [Test]
    public async Task A_stream_that_stays_silent_is_given_up()
    {
        await using var server = new ScriptedHttpServer(async call =>
        {
            if (call.Verb != "GET")
            {
                await call.RespondAsync(405);
                return;
            }

            await call.BeginEventsAsync();
            await call.SilenceAsync();
        });

        var options = new McpClientOptions { ConnectTimeout = TimeSpan.FromMilliseconds(300) };
        await FluentActions.Awaiting(() => HttpProbeTests.ConnectAsync(server, options)).Should().ThrowAsync<ConnectException>().WithMessage("*no endpoint within*");
    }

    [Test]
    public async Task The_end_of_the_stream_ends_the_conversation()
    {
        HttpCall? stream = null;
        var gone = new TaskCompletionSource();
        await using var server = new ScriptedHttpServer(async call =>
        {
            if (call.Verb == "GET")
            {
                stream = call;
                await call.BeginEventsAsync();
                await call.SendAsync("event: endpoint\ndata: /messages\n\n");
                await gone.Task;
            }
            else if (call.Target != "/messages")
                await call.RespondAsync(404);
            else if (call.RpcMethod == "tools/call")
                gone.SetResult();
            else
            {
                await call.RespondAsync(202);
                if (call.RpcMethod == "initialize")
                    await stream!.EventAsync($$"""{"jsonrpc":"2.0","id":{{call.Id}},"result":{{HttpProbeTests.Initialized}}}""");
            }
        });
        await using var client = await HttpProbeTests.ConnectAsync(server);

        await client.Awaiting(it => it.CallToolAsync("t")).Should().ThrowAsync<TransportClosedException>();
        await SessionTests.Eventually(() => client.CallToolAsync("t").Exception?.InnerException is TransportClosedException);
    }

    private static ScriptedHttpServer Server(Func<Uri, string> endpoint)
    {
        HttpCall? stream = null;
        ScriptedHttpServer? server = null;
        server = new ScriptedHttpServer(async call =>
        {
            if (call.Verb == "GET")
            {
                stream = call;
                await call.BeginEventsAsync();
                await call.SendAsync($"event: endpoint\ndata: {endpoint(server!.Url)}\n\n");
                await call.SilenceAsync();
            }
            else if (!call.Target.StartsWith("/messages", StringComparison.Ordinal))
                await call.RespondAsync(404, "text/plain", "no such path");
            else
            {
                await call.RespondAsync(202);
                var result = call.RpcMethod == "initialize"
                    ? """{"protocolVersion":"2024-11-05","capabilities":{"tools":{},"prompts":{},"resources":{},"completions":{ } },"serverInfo":{"name":"first","version":"1"}}"""
                    : """{"content":[{"type":"text","text":"done"}]}""";
                if (call.Json.TryGetProperty("id", out _))
                    await stream!.EventAsync($$"""{"jsonrpc":"2.0","id":{{call.Id}},"result":{{result}}}""");
            }
        }, "/sse");
        return server;
    }
}
