using OnlyMcp.Client;
using OnlyMcp.Client.Stdio;
using OnlyMcp.Protocol.JsonRpc;
using OnlyMcp.Protocol.Revisions;
using OnlyMcp.Protocol.Testing;
using OnlyMcp.Protocol.Transport;
using OnlyMcp.Tests.Support;

namespace OnlyMcp.Tests.Testing;

/// <summary>The other side of a conversation, as users of the package play it.</summary>
public sealed class ScriptedPeerTests
{
    [Test]
    public async Task A_client_is_tested_against_a_server_that_a_test_plays()
    {
        var (peer, stream) = ScriptedPeer.Create();
        await using var closing = peer;
        var connecting = McpClient.ConnectAsync(new PipeClientTransport(stream, stream), new McpClientOptions { Revision = KnownRevisions.V20251125 });
        await peer.AnswerAsync(
            await peer.RequestAsync("initialize"),
            """{"protocolVersion":"2025-11-25","capabilities":{},"serverInfo":{"name":"s","version":"1"}}""");
        await peer.NotificationAsync("notifications/initialized");
        await using (var client = await connecting)
        {
            var asking = client.SendRequestAsync("com.example/a");
            await peer.RefuseAsync(await peer.RequestAsync("com.example/a"), 7, "No.");
            (await asking.Invoking(async one => await one).Should().ThrowAsync<JsonRpcException>()).Which.Code.Should().Be(7);
        }

        await peer.EndAsync();
    }

    [Test]
    public async Task A_server_is_tested_by_a_transcript()
    {
        var (peer, stream) = ScriptedPeer.Create();
        var serving = new ToolServer().Server.ServeAsync(stream, stream);
        await using (peer)
        {
            await peer.PlayAsync(
                """
                # Members may come in any order, and three dots are anything.
                --> {"jsonrpc":"2.0","id":1,"method":"initialize","params":{"protocolVersion":"2025-11-25","capabilities":{},"clientInfo":{"name":"t","version":"1"}}}
                <-- {"id":1,"jsonrpc":"2.0","result":{"protocolVersion":"2025-11-25","capabilities":"...","serverInfo":{"name":"tools","version":"1.0.0"}}}
                --> {"jsonrpc":"2.0","method":"notifications/initialized"}
                --> {"jsonrpc":"2.0","id":2,"method":"ping"}
                <-- {"jsonrpc":"2.0","id":2,"result":{}}
                """,
                WireDirection.ToServer);
            await peer.SendAsync(new JsonRpcRequest(3, "nothing"));
            (await peer.ErrorAsync(3)).Error.Code.Should().Be(ErrorCode.MethodNotFound);
        }

        await serving.WaitAsync(TimeSpan.FromSeconds(30));
    }

    [TestCase("""{"jsonrpc":"2.0","id":1,"result":{"a":[1,2,{"b":null}]}}""", true)]
    [TestCase("""{"id":1,"result":"...","jsonrpc":"2.0"}""", true)]
    [TestCase("""{"jsonrpc":"2.0","id":1,"result":{"a":[1,2]}}""", false)]
    [TestCase("""{"jsonrpc":"2.0","id":1,"result":{"a":[1,3,{"b":null}]}}""", false)]
    [TestCase("""{"jsonrpc":"2.0","id":"1","result":"..."}""", false)]
    [TestCase("""{"jsonrpc":"2.0","id":1,"result":{"a":[1,2,{"b":null}]},"more":1}""", false)]
    public async Task What_comes_must_be_what_stands_there(string expected, bool isIt)
    {
        var (one, stream) = ScriptedPeer.Create();
        var other = new ScriptedPeer(stream);
        await using var first = one;
        await using var second = other;
        await one.SendAsync("""{"jsonrpc":"2.0","id":1,"result":{"a":[1,2,{"b":null}]}}""");

        var play = () => other.PlayAsync("--> " + expected, WireDirection.ToClient);

        if (isIt)
            await play.Should().NotThrowAsync();
        else
            await play.Should().ThrowAsync<ScriptException>().WithMessage("Expected: *Came: *");
    }

    [Test]
    public async Task What_does_not_come_ends_the_test_with_words()
    {
        var (peer, stream) = ScriptedPeer.Create();
        await using var own = peer;
        var hasty = new ScriptedPeer(stream) { Patience = TimeSpan.FromMilliseconds(1) };

        await hasty.Invoking(one => one.NextAsync()).Should().ThrowAsync<ScriptException>().WithMessage("*nothing came for 0.001 s*");
        await peer.SendAsync("no message at all");
        await hasty.Invoking(one => one.NextAsync()).Should().ThrowAsync<ScriptException>().WithMessage("*no message at all*");
        await peer.SendAsync(Wire.Ping());
        await hasty.Invoking(one => one.RequestAsync("tools/list")).Should().ThrowAsync<ScriptException>().WithMessage("Expected the request 'tools/list'; came: *ping*");
        await peer.SendAsync(Wire.Ping());
        await hasty.Invoking(one => one.EndAsync()).Should().ThrowAsync<ScriptException>().WithMessage("The end was expected*");
        await peer.DisposeAsync();
        await hasty.Invoking(one => one.NextAsync()).Should().ThrowAsync<ScriptException>().WithMessage("*the other side has closed*");
        await hasty.Invoking(one => one.PlayAsync("what", WireDirection.ToServer)).Should().ThrowAsync<FormatException>();
    }
}
