using OnlyMcp.Client;
using OnlyMcp.Protocol.JsonRpc;
using OnlyMcp.Protocol.Revisions;
using OnlyMcp.Protocol.Testing;
using OnlyMcp.Protocol.Transport;
using OnlyMcp.Server;
using OnlyMcp.Tests.Support;

namespace OnlyMcp.Tests.Testing;

/// <summary>The recorder of the test kit.</summary>
public sealed class WireRecorderTests
{
    [TestCaseSource(typeof(Way), nameof(Way.All))]
    public async Task Both_sides_see_the_same_conversation(Way way)
    {
        var client = new WireRecorder();
        var server = new WireRecorder();
        await using (var connected = await way.ConnectAsync(
            new ToolServer(new McpServerOptions { MessageMiddleware = [server.OfServer] }).Server,
            new McpClientOptions { MessageMiddleware = [client.OfClient] }))
        {
            await connected.Client.CallToolAsync("progress", null, new RequestOptions { OnProgress = _ => { } });
        }

        // The notification that ends the handshake waits for nobody, and may pass anywhere behind it.
        Sorted(server).Should().Equal(Sorted(client));
        client.Messages.Should().Contain(line => line.Direction == WireDirection.ToClient && line.Message is JsonRpcNotification);
        client.ToString().Should().Contain("--> {\"jsonrpc\":\"2.0\",\"id\":").And.Contain("<-- {\"jsonrpc\":\"2.0\",\"method\":\"notifications/progress\"");
    }

    [Test]
    public async Task A_recording_is_a_transcript_that_can_be_played_to_a_server()
    {
        var recorder = new WireRecorder();
        await using (var connected = await new Way("pipe", KnownRevisions.V20251125).ConnectAsync(
            new ToolServer().Server, new McpClientOptions { MessageMiddleware = [recorder.OfClient] }))
        {
            await connected.Client.CallToolAsync("echo");
        }

        var (peer, stream) = ScriptedPeer.Create();
        await using var closing = peer;
        _ = new ToolServer().Server.ServeAsync(stream, stream);
        await peer.PlayAsync(recorder.ToString(), WireDirection.ToServer);
    }

    [Test]
    public void Of_too_many_the_oldest_are_forgotten()
    {
        var recorder = new WireRecorder(capacity: 2);
        for (var i = 1; i <= 3; i++)
            recorder.Record(WireDirection.ToServer, new JsonRpcRequest(i, "m"));

        recorder.Messages.Select(line => ((JsonRpcRequest)line.Message).Id).Should().Equal(2, 3);
        recorder.Clear();
        recorder.Messages.Should().BeEmpty();
    }

    private static IEnumerable<string> Sorted(WireRecorder recorder) => recorder.Messages.Select(line => line.ToString()).Order(StringComparer.Ordinal);
}
