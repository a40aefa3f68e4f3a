using OnlyMcp.Protocol.Testing;
using OnlyMcp.Server;
using OnlyMcp.Server.Changes;
using OnlyMcp.Server.Http;
using OnlyMcp.Tests.Support;

namespace OnlyMcp.Tests.Changes;

[Spec("2025-11-25 server/tools §List Changed Notification")]
public sealed class SessionChangesTests
{
    private readonly InMemoryChangeBus bus = new();

    [Test]
    public async Task A_session_without_a_stream_is_told_once_when_it_opens_one()
    {
        await using var handler = Handler();
        var session = await OpenAsync(handler);
        for (var i = 0; i < 1000; i++)
            await bus.PublishAsync(new Change(ChangeKind.ToolsListChanged));

        var stream = session.Request("GET");
        _ = handler.HandleAsync(stream).AsTask();
        (await stream.NextMessageAsync()).Method().Should().Be("notifications/tools/list_changed");
        await handler.StopAsync();

        stream.Body.Split("list_changed").Should().HaveCount(2);
    }

    [Test]
    [Spec("2025-11-25 basic/transports §Sending Messages to the Server")]
    public async Task News_never_leaves_on_the_answer_to_a_request()
    {
        var tools = new ToolServer(new McpServerOptions { Changes = bus });
        await using var handler = tools.Handler();
        var session = await OpenAsync(handler);
        var stream = session.Request("GET");
        _ = handler.HandleAsync(stream).AsTask();
        await stream.NextWriteAsync();
        var call = session.Post(Wire.LegacyCall("wait"));
        var served = handler.HandleAsync(call).AsTask();
        await tools.Started;

        await bus.PublishAsync(new Change(ChangeKind.ToolsListChanged));
        (await stream.NextMessageAsync()).Method().Should().Be("notifications/tools/list_changed");
        tools.Release();
        await served;

        call.Body.Should().Contain("released").And.NotContain("list_changed");
    }

    [Test]
    public void What_changes_is_on_the_bus_before_whoever_changed_it_goes_on()
    {
        // Else a session that opens afterwards would hear of a list that it has never seen otherwise.
        var server = new McpServer("s", "1", new McpServerOptions { Changes = bus });
        var heard = new List<ChangeKind>();
        using var listening = bus.Subscribe(change => heard.Add(change.Kind));

        server.AddTool("a", "A", () => "a");
        server.AddPrompt("a", "A", () => "a");
        server.AddResource("a://a", "a", "a");
        server.Tools.Remove("a");

        heard.Should().Equal(
            ChangeKind.ToolsListChanged, ChangeKind.PromptsListChanged, ChangeKind.ResourcesListChanged, ChangeKind.ToolsListChanged);
    }

    [Test]
    public async Task A_bus_that_takes_its_time_holds_up_nobody_and_what_waits_is_published_once()
    {
        var slow = new SlowBus();
        var server = new McpServer("s", "1", new McpServerOptions { Changes = slow });
        server.AddTool("a", "A", () => "a");
        for (var i = 0; i < 100; i++)
            server.AddTool($"a{i}", "A", () => "a");
        slow.Published.Should().Be(1);

        slow.Go.SetResult();
        await slow.Twice.Task.WaitAsync(TimeSpan.FromSeconds(20));
        slow.Published.Should().Be(2);
    }

    [Test]
    public async Task Nothing_is_told_before_the_client_is_initialized()
    {
        var (near, far) = InMemoryPipe.Create();
        _ = new McpServer("s", "1", new McpServerOptions { Changes = bus }).ServeAsync(far, far);
        await using var peer = new StdioPeer(near);
        await peer.SendAsync(Wire.Initialize());
        await peer.ReadAsync();
        await bus.PublishAsync(new Change(ChangeKind.ToolsListChanged));
        await peer.ShouldAnswerAsync();
        await peer.SendAsync(Wire.Initialized);
        await peer.ShouldAnswerAsync();

        await bus.PublishAsync(new Change(ChangeKind.ToolsListChanged));
        (await peer.NextMessageAsync()).Method().Should().Be("notifications/tools/list_changed");
    }

    [Test]
    public async Task A_session_that_ends_hears_no_more()
    {
        await using var handler = Handler();
        var session = await OpenAsync(handler);
        bus.Subscribers.Should().Be(1);
        await handler.HandleAsync(session.Request("DELETE"));

        for (var end = DateTime.UtcNow.AddSeconds(30); bus.Subscribers > 0 && DateTime.UtcNow < end;)
            await Task.Yield();
        bus.Subscribers.Should().Be(0);
    }

    private McpHttpHandler Handler() => new ToolServer(new McpServerOptions { Changes = bus }).Handler();

    private static async Task<Sessions> OpenAsync(McpHttpHandler handler)
    {
        var session = await Sessions.OpenAsync(handler);
        await handler.HandleAsync(session.Post(Wire.Initialized));
        return session;
    }

    private sealed class SlowBus : IChangeBus
    {
        private int published;

        public TaskCompletionSource Go { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public TaskCompletionSource Twice { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public int Published => Volatile.Read(ref published);

        public async ValueTask PublishAsync(Change change, CancellationToken cancellationToken)
        {
            if (Interlocked.Increment(ref published) == 2)
                Twice.SetResult();
            await Go.Task;
        }

        public IDisposable Subscribe(Action<Change> listener) => throw new NotSupportedException();
    }
}
