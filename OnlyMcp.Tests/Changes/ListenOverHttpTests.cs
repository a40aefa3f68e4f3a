using System.Security.Claims;
using OnlyMcp.Protocol.Schema;
using OnlyMcp.Server;
using OnlyMcp.Server.Changes;
using OnlyMcp.Server.Http;
using OnlyMcp.Tests.Support;

namespace OnlyMcp.Tests.Changes;

[Spec("2026-07-28 basic/patterns/subscriptions §Opening a Stream")]
[Spec("2026-07-28 basic/patterns/subscriptions §Acknowledgment")]
public sealed class ListenOverHttpTests
{
    private const string Tools = """{"toolsListChanged":true}""";

    [TestCase("7")]
    [TestCase("0")]
    [TestCase("\"seven\"")]
    [TestCase("\"\"")]
    [Spec("2026-07-28 basic/patterns/subscriptions §Acknowledgment", 1)]
    [Spec("2026-07-28 basic/patterns/subscriptions §Receiving Notifications")]
    [Spec("2026-07-28 basic §_meta", 11)]
    public async Task Every_message_of_a_subscription_names_it_by_its_requests_id_and_the_acknowledgment_comes_first(string id)
    {
        var server = new McpServer("s", "1");
        await using var handler = new McpHttpHandler(server);
        var listen = Listen.Post(Tools, id);
        var served = handler.HandleAsync(listen).AsTask();

        var acknowledgment = await listen.NextMessageAsync();
        server.AddTool("one", "One", () => 1);
        var changed = await listen.NextMessageAsync();
        await handler.StopAsync();
        var result = await listen.NextMessageAsync();
        await served;

        acknowledgment.Granted().Should().Be(Tools);
        changed.Method().Should().Be("notifications/tools/list_changed");
        result.GetProperty("id").GetRawText().Should().Be(id);
        result.GetProperty("result").GetProperty("resultType").GetString().Should().Be("complete");
        new[] { acknowledgment, changed, result }.Select(message => message.SubscriptionId()).Should().AllBe(id);
        listen.ResponseHeaders["Content-Type"].Should().Be("text/event-stream");
        listen.IsCompleted.Should().BeTrue();
    }

    [TestCase("{}", "{}")]
    [TestCase("""{"toolsListChanged":false}""", "{}")]
    [TestCase("""{"toolsListChanged":true,"example.com/moonrise":true}""", Tools)]
    public async Task What_the_server_does_not_tell_of_is_not_acknowledged(string wanted, string granted)
    {
        await using var handler = new McpHttpHandler(new McpServer("s", "1"));
        var listen = Listen.Post(wanted);
        _ = handler.HandleAsync(listen).AsTask();

        (await listen.NextMessageAsync()).Granted().Should().Be(granted);
    }

    [Test]
    public async Task A_server_that_tells_of_no_changes_declares_none_and_grants_none()
    {
        var silent = new ServerCapabilities { Tools = new() { ListChanged = false }, Resources = new() { ListChanged = false, Subscribe = false } };
        var server = new McpServer("s", "1", new McpServerOptions { Capabilities = silent });
        server.AddTool("one", "One", () => 1);
        server.AddResource("test://a", "a", () => "A");
        await using var handler = new McpHttpHandler(server);
        var listen = Listen.Post("""{"toolsListChanged":true,"promptsListChanged":true,"resourcesListChanged":true,"resourceSubscriptions":["test://a"]}""");
        _ = handler.HandleAsync(listen).AsTask();

        (await listen.NextMessageAsync()).Granted().Should().Be("{}");
    }

    [Test]
    [Spec("2026-07-28 basic/patterns/subscriptions §Opening a Stream", 1)]
    public async Task A_kind_that_was_not_asked_for_is_never_told()
    {
        var bus = new InMemoryChangeBus();
        var server = new McpServer("s", "1", new McpServerOptions { Changes = bus });
        await using var handler = new McpHttpHandler(server);
        var listen = Listen.Post(Tools);
        _ = handler.HandleAsync(listen).AsTask();
        await listen.NextMessageAsync();

        await bus.PublishAsync(new Change(ChangeKind.PromptsListChanged));
        await bus.PublishAsync(new Change(ChangeKind.ResourcesListChanged));
        await server.NotifyResourceUpdatedAsync("test://a");
        await bus.PublishAsync(new Change(ChangeKind.ToolsListChanged));

        (await listen.NextMessageAsync()).Method().Should().Be("notifications/tools/list_changed");
    }

    [TestCase("""{"resourceSubscriptions":["/etc/passwd"]}""")]
    [TestCase("""{"resourceSubscriptions":["notes.txt"]}""")]
    [TestCase("""{"resourceSubscriptions":[null]}""")]
    [TestCase("""{"resourceSubscriptions":"test://a"}""")]
    [TestCase("""{"toolsListChanged":"yes"}""")]
    [TestCase("null")]
    public async Task A_wish_that_makes_no_sense_is_refused_with_words(string wanted)
    {
        await using var handler = new McpHttpHandler(new McpServer("s", "1"));
        var listen = Listen.Post(wanted);
        await handler.HandleAsync(listen);

        listen.Body.Should().Contain("-32602");
        handler.Streams.Inside.Should().Be(0);
    }

    [Test]
    public async Task A_client_that_takes_no_events_is_told_so()
    {
        await using var handler = new McpHttpHandler(new McpServer("s", "1"));
        var listen = Listen.Post(Tools).With("Accept", "application/json");
        await handler.HandleAsync(listen);

        listen.Status.Should().Be(406);
        listen.Body.Should().Contain("text/event-stream");
    }

    [Test]
    public async Task A_subscription_counts_as_a_stream_and_leaves_the_requests_their_room()
    {
        var server = new McpServer("s", "1", new McpServerOptions { Limits = new ServerLimits { MaxConcurrentRequests = 1, MaxStreams = 2 } });
        server.AddTool("echo", "Echo", () => "here");
        await using var handler = new McpHttpHandler(server);
        var first = Listen.Post(Tools);
        var second = Listen.Post(Tools);
        _ = handler.HandleAsync(first).AsTask();
        await first.NextMessageAsync();
        _ = handler.HandleAsync(second).AsTask();
        await second.NextMessageAsync();

        var call = Wire.ModernPost("echo");
        var third = Listen.Post(Tools);
        await handler.HandleAsync(call);
        await handler.HandleAsync(third);

        call.Body.Should().Contain("here");
        third.Status.Should().Be(503);
        handler.Streams.Inside.Should().Be(2);
    }

    [Test]
    [Spec("2026-07-28 basic/patterns/cancellation §Transport-Specific Cancellation", 1)]
    [Spec("2026-07-28 basic/patterns/subscriptions §Cancellation")]
    public async Task A_thousand_subscriptions_whose_clients_leave_leave_nothing_behind()
    {
        var bus = new InMemoryChangeBus();
        var server = new McpServer("s", "1", new McpServerOptions { Changes = bus });
        await using var handler = new McpHttpHandler(server);
        for (var i = 0; i < 1000; i++)
        {
            var listen = Listen.Post(Tools, user: User("ann"));
            var served = handler.HandleAsync(listen).AsTask();
            await listen.NextMessageAsync();
            listen.ClientIsGone = true;
            await bus.PublishAsync(new Change(ChangeKind.ToolsListChanged));
            await served.WaitAsync(TimeSpan.FromSeconds(30));
        }

        handler.Streams.Inside.Should().Be(0);
        bus.Subscribers.Should().Be(0);
    }

    [Test]
    public async Task A_principal_may_have_only_so_many_and_takes_nothing_from_others()
    {
        var server = new McpServer("s", "1", new McpServerOptions { Limits = new ServerLimits { MaxSubscriptionsPerPrincipal = 1 } });
        await using var handler = new McpHttpHandler(server);
        var anns = Listen.Post(Tools, user: User("ann"));
        var bobs = Listen.Post(Tools, user: User("bob"));
        var annsSecond = Listen.Post(Tools, user: User("ann"));
        _ = handler.HandleAsync(anns).AsTask();
        await anns.NextMessageAsync();
        _ = handler.HandleAsync(bobs).AsTask();
        await bobs.NextMessageAsync();
        await handler.HandleAsync(annsSecond);

        annsSecond.Status.Should().Be(429);
        annsSecond.Body.Should().Contain("1 subscriptions are open");
    }

    [Test]
    public async Task The_same_id_of_two_clients_is_two_subscriptions()
    {
        var server = new McpServer("s", "1");
        await using var handler = new McpHttpHandler(server);
        var anns = Listen.Post(Tools, user: User("ann"));
        var bobs = Listen.Post("""{"promptsListChanged":true}""", user: User("bob"));
        _ = handler.HandleAsync(anns).AsTask();
        var bobsServed = handler.HandleAsync(bobs).AsTask();
        await anns.NextMessageAsync();
        await bobs.NextMessageAsync();

        server.AddTool("one", "One", () => 1);
        (await anns.NextMessageAsync()).Method().Should().Be("notifications/tools/list_changed");
        await handler.StopAsync();
        await bobsServed;

        bobs.Body.Should().NotContain("tools/list_changed");
    }

    [Test]
    public async Task A_client_that_does_not_read_hears_of_a_flood_once()
    {
        var bus = new InMemoryChangeBus();
        var server = new McpServer("s", "1", new McpServerOptions { Changes = bus });
        await using var handler = new McpHttpHandler(server);
        var listen = Listen.Post(Tools);
        _ = handler.HandleAsync(listen).AsTask();
        await listen.NextMessageAsync();

        listen.Stuck = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        for (var i = 0; i < 100_000; i++)
            await bus.PublishAsync(new Change(ChangeKind.ToolsListChanged));
        listen.Stuck.SetResult();
        await listen.NextMessageAsync();
        await handler.StopAsync();

        listen.Body.Split("tools/list_changed").Length.Should().BeInRange(2, 3, "one was being written, and one more waited");
    }

    private static ClaimsPrincipal User(string name) => new(new ClaimsIdentity([new Claim("sub", name)], "test"));
}
