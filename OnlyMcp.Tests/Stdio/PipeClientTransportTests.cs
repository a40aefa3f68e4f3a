using System.Text;
using OnlyMcp.Client.Stdio;
using OnlyMcp.Protocol.JsonRpc;
using OnlyMcp.Protocol.Testing;
using OnlyMcp.Protocol.Transport;
using OnlyMcp.Server;
using OnlyMcp.Tests.Support;

namespace OnlyMcp.Tests.Stdio;

public sealed class PipeClientTransportTests
{
    [Test]
    public async Task A_client_and_a_server_meet_in_memory()
    {
        var (client, server) = InMemoryPipe.Create();
        var serving = new McpServer("test", "1").ServeAsync(server, server);
        var heard = new RecordedMessages();
        await using (var transport = new PipeClientTransport(client, client))
        {
            await transport.StartAsync(heard, default);
            for (var i = 0; i < 500; i++)
            {
                // The same id each time: it is free as soon as its answer is there.
                await transport.SendAsync(new JsonRpcRequest(1, "ping"), default);
                (await heard.NextAsync()).Should().BeOfType<JsonRpcResultResponse>();
            }
        }

        await serving.WaitAsync(TimeSpan.FromSeconds(60));
        (await heard.WhyClosed).Message.Should().NotBeEmpty();
    }

    [Test]
    public async Task A_tool_runs_on_the_stack_of_the_reader()
    {
        var (client, server) = InMemoryPipe.Create();
        var mcp = new McpServer("test", "1");
        mcp.AddTool("stack", "Where it runs", (string text) => text + Environment.StackTrace);
        using var stop = new CancellationTokenSource();
        var serving = mcp.ServeAsync(server, server, stop.Token);
        await using var peer = new StdioPeer(client);
        await peer.InitializeAsync();
        await peer.CallAsync(1, "stack");
        (await peer.ReadTextAsync()).Should()
            .Contain("PipeServer.ReadAsync").And.Contain("PipeRequest.AnswerAsync").And.Contain("McpServer.HandleAsync");

        await stop.CancelAsync();
        await serving.WaitAsync(TimeSpan.FromSeconds(60));
    }

    [Test]
    [Spec("2025-03-26 basic §Batching", 1)]
    public async Task A_batch_is_received_message_by_message()
    {
        var (client, server) = InMemoryPipe.Create();
        var heard = new RecordedMessages();
        await using var transport = new PipeClientTransport(client, client);
        await transport.StartAsync(heard, default);
        await server.WriteAsync(Encoding.UTF8.GetBytes("""[{"jsonrpc":"2.0","id":1,"result":{}},7,{"jsonrpc":"2.0","method":"notifications/x"}]""" + "\n[]\n"));
        (await heard.NextAsync()).Should().BeOfType<JsonRpcResultResponse>();
        (await heard.NextAsync()).Should().BeOfType<JsonRpcNotification>();
        (await heard.NextMalformedAsync()).Text.Should().Be("7");
        (await heard.NextMalformedAsync()).Text.Should().Be("[]");
    }

    [Test]
    public async Task A_server_that_goes_away_is_noticed()
    {
        var (client, server) = InMemoryPipe.Create();
        var heard = new RecordedMessages();
        await using var transport = new PipeClientTransport(client, client);
        await transport.StartAsync(heard, default);
        await server.DisposeAsync();
        (await heard.WhyClosed).Message.Should().Be("The server has closed its output.");
        await FluentActions.Awaiting(() => transport.SendAsync(new JsonRpcRequest(1, "ping"), default)).Should().ThrowAsync<TransportClosedException>();
    }

    [Test]
    public async Task A_client_that_sends_without_reading_is_slowed_down_before_it_fills_the_memory()
    {
        var (client, server) = InMemoryPipe.Create(capacity: 1000);
        var limits = new ServerLimits { WriteTimeout = TimeSpan.FromMilliseconds(300), MaxConcurrentRequestsPerConversation = 5 };
        var serving = new McpServer("test", "1", new McpServerOptions { Limits = limits }).ServeAsync(server, server);
        var sent = 0;
        while (!serving.IsCompleted)
        {
            var line = Encoding.UTF8.GetBytes($$"""{"jsonrpc":"2.0","id":{{++sent}},"method":"ping"}""" + "\n");
            await Task.WhenAny(client.WriteAsync(line).AsTask(), serving);
        }

        // What fits into both pipes, the reader's buffer and the requests in flight; no more was taken from the client.
        sent.Should().BeLessThan(1000);
        await serving;
    }
}
