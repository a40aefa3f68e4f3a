using OnlyMcp.Server;
using OnlyMcp.Server.Changes;
using OnlyMcp.Tests.Support;

namespace OnlyMcp.Tests.Changes;

[Spec("2026-07-28 server/tools §List Changed Notification")]
public sealed class ChangeBusTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    [Test]
    public async Task A_bus_that_fails_fails_no_change_of_a_list_and_tells_whoever_publishes_an_update()
    {
        var bus = new StubBus { Publish = _ => throw new IOException("The bus is down.") };
        var server = new McpServer("s", "1", new McpServerOptions { Changes = bus });
        server.AddTool("one", "One", () => 1);
        await bus.Asked.Task.WaitAsync(Patience);

        server.Tools.All.Should().ContainSingle();
        await server.Awaiting(it => it.NotifyResourceUpdatedAsync("test://a")).Should().ThrowAsync<IOException>();
    }

    [Test]
    public async Task A_bus_that_is_slow_slows_nobody_down_and_hears_once_of_what_happened_often()
    {
        var published = new List<ChangeKind>();
        var goOn = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var done = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var bus = new StubBus
        {
            Publish = async change =>
            {
                await goOn.Task;
                published.Add(change.Kind);
                if (change.Kind == ChangeKind.PromptsListChanged)
                    done.SetResult();
            },
        };
        var server = new McpServer("s", "1", new McpServerOptions { Changes = bus });
        for (var i = 0; i < 1000; i++)
            server.AddTool($"tool-{i}", "One of many", () => 1);
        server.AddPrompt("hello", "Greets", () => "Hello");
        goOn.SetResult();
        await done.Task.WaitAsync(Patience);

        published.Count.Should().BeLessThanOrEqualTo(3);
        published[^1].Should().Be(ChangeKind.PromptsListChanged);
    }

    [Test]
    public async Task A_subscriber_that_fails_keeps_no_other_from_hearing()
    {
        var bus = new InMemoryChangeBus();
        var heard = new List<Change>();
        using var broken = bus.Subscribe(_ => throw new InvalidOperationException());
        using (bus.Subscribe(heard.Add))
            await bus.PublishAsync(new Change(ChangeKind.ToolsListChanged));
        await bus.PublishAsync(new Change(ChangeKind.PromptsListChanged));

        heard.Should().Equal(new Change(ChangeKind.ToolsListChanged));
    }

    [Test]
    public async Task Whoever_comes_or_goes_costs_no_more_when_thousands_listen()
    {
        var bus = new InMemoryChangeBus();
        var subscriptions = new Stack<IDisposable>();
        long Cost(Action step)
        {
            var before = GC.GetAllocatedBytesForCurrentThread();
            step();
            return GC.GetAllocatedBytesForCurrentThread() - before;
        }

        var heard = 0;
        void Hear(Change change) => heard++;
        Cost(() => bus.Subscribe(Hear).Dispose());
        for (var i = 0; i < 5000; i++)
            subscriptions.Push(bus.Subscribe(Hear));
        Cost(() => bus.Subscribe(Hear).Dispose()).Should().BeLessThan(1000);
        await bus.PublishAsync(new Change(ChangeKind.ToolsListChanged));
        subscriptions.Pop().Dispose();
        await bus.PublishAsync(new Change(ChangeKind.ToolsListChanged));
        while (subscriptions.TryPop(out var subscription))
            Cost(subscription.Dispose).Should().BeLessThan(1000);

        heard.Should().Be(5000 + 4999);
        bus.Subscribers.Should().Be(0);
    }

    private sealed class StubBus : IChangeBus
    {
        public required Func<Change, Task> Publish { get; init; }

        public TaskCompletionSource Asked { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public ValueTask PublishAsync(Change change, CancellationToken cancellationToken = default)
        {
            Asked.TrySetResult();
            return new(Publish(change));
        }

        public IDisposable Subscribe(Action<Change> listener) => new MemoryStream();
    }
}
