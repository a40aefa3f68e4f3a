using OnlyMcp.Client;
using OnlyMcp.Client.Stdio;
using OnlyMcp.Protocol.JsonRpc;
using OnlyMcp.Protocol.Testing;
using OnlyMcp.Protocol.Transport;
using OnlyMcp.Server;
using OnlyMcp.Server.InMemory;

namespace OnlyMcp.Tests.Guide;

/// <summary>The code of docs/guide/testing.md: each region stands there, and runs here.</summary>
public sealed class TestingPage
{
    [Test]
    public async Task In_memory()
    {
        var server = Greeter();

        #region memory
        await using var client = await McpClient.ConnectAsync(new InMemoryTransport(server));
        var answer = await client.CallToolAsync("greet", new { name = "Ada" });
        answer.EnsureSuccess().Text.Should().Be("Hello, Ada!");
        #endregion
    }

    [Test]
    public async Task Playing_the_client()
    {
        var server = Greeter();

        #region transcript
        var (peer, stream) = ScriptedPeer.Create();
        var serving = server.ServeAsync(stream, stream);
        await using (peer)
        {
            await peer.PlayAsync("""
                --> {"jsonrpc":"2.0","id":1,"method":"initialize","params":{"protocolVersion":"2025-11-25","capabilities":{},"clientInfo":{"name":"test","version":"1"}}}
                <-- {"jsonrpc":"2.0","id":1,"result":{"protocolVersion":"2025-11-25","capabilities":"...","serverInfo":"..."}}
                --> {"jsonrpc":"2.0","method":"notifications/initialized"}
                --> {"jsonrpc":"2.0","id":2,"method":"tools/call","params":{"name":"greet","arguments":{"name":"Ada"}}}
                <-- {"jsonrpc":"2.0","id":2,"result":{"content":[{"type":"text","text":"Hello, Ada!"}]}}
                """, WireDirection.ToServer);
        }

        await serving;
        #endregion
    }

    [Test]
    public async Task Playing_the_server()
    {
        #region server
        var (peer, stream) = ScriptedPeer.Create();
        var connecting = McpClient.ConnectAsync(new PipeClientTransport(stream, stream));
        var question = await peer.RequestAsync("server/discover");
        await peer.AnswerAsync(question, """{"resultType":"complete","supportedVersions":["2026-07-28"],"capabilities":{"tools":{}}}""");
        await using var client = await connecting;

        var calling = client.CallToolAsync("greet");
        await peer.SendAsync("this is no message, and a client should bear it");
        await peer.RefuseAsync(await peer.RequestAsync("tools/call"), -32602, "There is no such tool.");
        #endregion

        (await calling.Invoking(async call => await call).Should().ThrowAsync<JsonRpcException>()).WithMessage("There is no such tool.");
        await peer.DisposeAsync();
    }

    [Test]
    public async Task Recording()
    {
        var server = Greeter();

        #region record
        var recorder = new WireRecorder();
        var options = new McpClientOptions { MessageMiddleware = [recorder.OfClient] };
        await using (var client = await McpClient.ConnectAsync(new InMemoryTransport(server), options))
            await client.CallToolAsync("greet", new { name = "Ada" });

        Console.WriteLine(recorder); // --> {"jsonrpc":"2.0","id":1,"method":"server/discover", ...
        recorder.Messages.Should().Contain(one => one.Message is JsonRpcRequest && one.Direction == WireDirection.ToServer);
        #endregion
    }

    [Test]
    public async Task Faults()
    {
        var server = Greeter();

        #region faults
        for (var cut = 0; cut < 1000; cut += 50)
        {
            var (near, far) = InMemoryPipe.Create();
            var serving = server.ServeAsync(far, new FaultStream(far, new FaultPlan { CutAfterBytes = cut }));
            var connect = async () => await McpClient.ConnectAsync(new PipeClientTransport(near, near));
            try
            {
                await using var client = await connect();
                await client.CallToolAsync("greet", new { name = "Ada" });
            }
            catch (TransportClosedException)
            {
                // The way ended. Your program says so, and goes on.
            }

            await serving;
        }
        #endregion
    }

    private static McpServer Greeter()
    {
        var server = new McpServer("greeter", "1.0.0");
        server.AddTool("greet", "Greets somebody", (string name) => $"Hello, {name}!");
        return server;
    }
}
