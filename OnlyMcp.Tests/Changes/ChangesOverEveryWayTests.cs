using OnlyMcp.Client.Subscriptions;
using OnlyMcp.Protocol.Schema;
using OnlyMcp.Server;
using OnlyMcp.Server.Changes;
using OnlyMcp.Tests.Support;

namespace OnlyMcp.Tests.Changes;

/// <summary>One way to listen for all revisions and transports.</summary>
[TestFixtureSource(nameof(Ways))]
[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
[Spec("2026-07-28 server/tools §List Changed Notification")]
[Spec("2026-07-28 server/prompts §List Changed Notification")]
[Spec("2026-07-28 server/resources §List Changed Notification")]
[Spec("2026-07-28 server/resources §Subscriptions")]
[Spec("2025-11-25 server/resources §Subscriptions")]
public sealed class ChangesOverEveryWayTests
{
    private readonly Way way;
    private readonly InMemoryChangeBus bus = new();
    private readonly McpServer server;

    public ChangesOverEveryWayTests(Way way)
    {
        this.way = way;
        server = new McpServer("s", "1", new McpServerOptions { Changes = bus });
        server.AddTool("one", "One", () => 1);
        server.AddPrompt("hello", "Greets", () => "Hello");
        server.AddResource("test://a", "a", "A");
        server.AddResource("test://b", "b", "B");
        server.AddResourceTemplate("test://notes/{id}", "note", (string id) => $"Note {id}");
    }

    private static IEnumerable<TestFixtureData> Ways => Way.All.Select(way => new TestFixtureData(way).SetArgDisplayNames(way.ToString()));

    [Test]
    public async Task Lists_that_change_at_run_time_are_heard_of()
    {
        await using var connected = await way.ConnectAsync(server);
        await using var listener = await Listener.StartAsync(
            connected.Client, new SubscriptionFilter { ToolsListChanged = true, PromptsListChanged = true, ResourcesListChanged = true });

        server.AddTool("two", "Two", () => 2);
        (await listener.NextAsync()).Should().Be(new ToolsListChanged());
        server.Prompts.Remove("hello");
        (await listener.NextAsync()).Should().Be(new PromptsListChanged());
        server.AddResource("test://c", "c", "C");
        (await listener.NextAsync()).Should().Be(new ResourcesListChanged());
        server.ResourceTemplates.Remove("test://notes/{id}");
        (await listener.NextAsync()).Should().Be(new ResourcesListChanged());
        (await connected.Client.ListToolsAsync().ToListAsync()).Should().HaveCount(2);
    }

    [Test]
    public async Task Updates_are_told_of_the_resources_that_were_asked_for_and_of_no_others()
    {
        await using var connected = await way.ConnectAsync(server);
        await using var listener = await Listener.StartAsync(
            connected.Client, new SubscriptionFilter { ResourceSubscriptions = ["test://a", "test://notes/7", "test://nowhere"] });

        await server.NotifyResourceUpdatedAsync("test://b");
        await server.NotifyResourceUpdatedAsync("test://nowhere");
        await server.NotifyResourceUpdatedAsync("test://a");
        (await listener.NextAsync()).Should().Be(new ResourceUpdated("test://a"));
        await server.NotifyResourceUpdatedAsync("test://notes/7");
        (await listener.NextAsync()).Should().Be(new ResourceUpdated("test://notes/7"));
        listener.Started.Granted.ResourceSubscriptions.Should().Equal("test://a", "test://notes/7");
        listener.Started.Refused.ResourceSubscriptions.Should().Equal("test://nowhere");
    }

    [Test]
    [Spec("2026-07-28 basic/patterns/subscriptions §Receiving Notifications", 1)]
    [Spec("2026-07-28 basic/patterns/subscriptions §Multiple Concurrent Subscriptions")]
    public async Task Two_who_listen_each_hear_their_own_and_one_who_stops_takes_nothing_from_the_other()
    {
        await using var connected = await way.ConnectAsync(server);
        await using var first = await Listener.StartAsync(connected.Client, new SubscriptionFilter { ResourceSubscriptions = ["test://a"] });
        await using (var second = await Listener.StartAsync(
            connected.Client, new SubscriptionFilter { ToolsListChanged = true, ResourceSubscriptions = ["test://a", "test://b"] }))
        {
            await server.NotifyResourceUpdatedAsync("test://b");
            (await second.NextAsync()).Should().Be(new ResourceUpdated("test://b"));
            server.AddTool("two", "Two", () => 2);
            (await second.NextAsync()).Should().Be(new ToolsListChanged());
        }

        await server.NotifyResourceUpdatedAsync("test://a");
        (await first.NextAsync()).Should().Be(new ResourceUpdated("test://a"));
    }

    [Test]
    public async Task A_client_that_is_disposed_while_somebody_listens_ends_at_once_and_so_does_the_listening()
    {
        await using var connected = await way.ConnectAsync(server);
        await using var listener = await Listener.StartAsync(
            connected.Client, new SubscriptionFilter { ToolsListChanged = true, ResourceSubscriptions = ["test://a"] });
        var next = listener.NextAsync();
        await connected.Client.DisposeAsync().AsTask().WaitAsync(TimeSpan.FromSeconds(20));

        (await next).Should().BeNull();
    }

    [Test]
    public async Task Whoever_listens_and_does_not_read_hears_once_of_what_happened_often()
    {
        await using var connected = await way.ConnectAsync(server);
        await using var listener = await Listener.StartAsync(connected.Client, new SubscriptionFilter { ToolsListChanged = true, ResourceSubscriptions = ["test://a"] });
        for (var i = 0; i < 10_000; i++)
            await bus.PublishAsync(new Change(ChangeKind.ToolsListChanged));
        await connected.Client.PingAsync();
        await server.NotifyResourceUpdatedAsync("test://a");

        var heard = 0;
        while (await listener.NextAsync() is not ResourceUpdated)
            heard++;
        heard.Should().BeInRange(1, 9_999);
    }

    [Test]
    public async Task Listening_time_and_again_leaves_nothing_behind()
    {
        await using var connected = await way.ConnectAsync(server);
        for (var i = 0; i < (way.IsHttp ? 100 : 300); i++)
        {
            await using var listener = await Listener.StartAsync(connected.Client, new SubscriptionFilter { ToolsListChanged = true, ResourceSubscriptions = ["test://a"] });
        }

        connected.Client.Conversation.Inbox.Subscribers.Count.Should().Be(0);
        connected.Client.Conversation.Inbox.Conversation.Pending.Count.Should().Be(0);
    }
}
