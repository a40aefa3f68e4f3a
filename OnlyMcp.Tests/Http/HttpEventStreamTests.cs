using OnlyMcp.Protocol.JsonRpc;
using OnlyMcp.Protocol.Transport;
using OnlyMcp.Server;
using OnlyMcp.Server.Http;
using OnlyMcp.Tests.Support;

namespace OnlyMcp.Tests.Http;

/// <summary>A client that stopped reading while its stream is being closed: the last bytes have the time of any other write, and no more.</summary>
[Spec("2026-07-28 basic/transports/streamable-http §Receiving Messages")]
[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
public sealed class HttpEventStreamTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan WriteTimeout = TimeSpan.FromSeconds(7);

    private readonly ManualTime time = new();
    private readonly McpServerOptions options;

    public HttpEventStreamTests() => options = new McpServerOptions { TimeProvider = time, Limits = new() { WriteTimeout = WriteTimeout } };

    [Test]
    public async Task The_last_bytes_have_as_long_as_any_others_and_then_the_client_is_given_up()
    {
        var http = new FakeHttpExchange("GET", "/mcp") { IsStuckAtItsEnd = true };
        var stream = new HttpEventStream(http, options, new McpHttpOptions());
        await stream.SendCommentAsync();
        time.Advance(TimeSpan.FromSeconds(1));
        var closing = Task.Run(() => stream.DisposeAsync().AsTask());
        await http.Ending.Task.WaitAsync(Patience);
        var late = stream.SendAsync(new JsonRpcNotification("late")).AsTask();
        time.Advance(WriteTimeout - TimeSpan.FromSeconds(1));
        http.Aborted.Task.IsCompleted.Should().BeFalse();
        time.Advance(TimeSpan.FromSeconds(1));

        await closing.WaitAsync(Patience);
        http.Aborted.Task.IsCompleted.Should().BeTrue();
        await late.WaitAsync(Patience).Awaiting(it => it).Should().ThrowAsync<TransportClosedException>();
        stream.Gone.IsCancellationRequested.Should().BeTrue();
        stream.Finished.IsCompleted.Should().BeTrue();
        time.Running.Should().Be(0);
        http.Tried.Should().Be(":\n\n");
    }

    [Test]
    public async Task An_answer_whose_end_nobody_takes_does_not_keep_its_server_from_stopping()
    {
        var handler = new ToolServer(options).Handler();
        var http = new FakeHttpExchange("POST", "/mcp", Wire.ModernCall("progress")) { IsStuckAtItsEnd = true }
            .With("MCP-Protocol-Version", Wire.Modern).With("Mcp-Method", "tools/call").With("Mcp-Name", "progress");
        var handling = Task.Run(() => handler.HandleAsync(http).AsTask());
        await http.Ending.Task.WaitAsync(Patience);
        time.Advance(WriteTimeout);

        await handling.WaitAsync(Patience);
        await handler.DisposeAsync().AsTask().WaitAsync(Patience);
        http.Body.Should().Contain("done");
    }

    [Test]
    public async Task A_stream_that_is_closed_twice_is_closed_once()
    {
        var http = new FakeHttpExchange("GET", "/mcp");
        var stream = new HttpEventStream(http, options, new McpHttpOptions());
        await stream.SendCommentAsync();
        await stream.DisposeAsync();
        await stream.DisposeAsync();

        time.Advance(TimeSpan.FromHours(1));
        (http.IsCompleted, http.Aborted.Task.IsCompleted, http.Body).Should().Be((true, false, ":\n\n"));
        await stream.Awaiting(it => it.SendCommentAsync().AsTask()).Should().ThrowAsync<TransportClosedException>();
    }
}
