using OnlyMcp.Protocol.Testing;
using OnlyMcp.Server;
using OnlyMcp.Server.Changes;
using OnlyMcp.Tests.Support;

namespace OnlyMcp.Tests.Changes;

[Spec("2026-07-28 basic/patterns/subscriptions §Multiple Concurrent Subscriptions")]
[Spec("2026-07-28 basic/patterns/subscriptions §Cancellation")]
public sealed class ListenOverPipeTests
{
    private const string Tools = """{"toolsListChanged":true}""";

    private readonly InMemoryChangeBus bus = new();

    [Test]
    [Spec("2026-07-28 basic/patterns/subscriptions §Acknowledgment", 1)]
    public async Task Several_subscriptions_share_a_pipe_and_each_hears_its_own()
    {
        await using var peer = Serve(out _);
        await peer.SendAsync(Listen.To(Tools, "1"));
        await peer.SendAsync(Listen.To(Tools, "\"1\""));
        await peer.SendAsync(Listen.To("{}", "3"));
        var acknowledgments = new[] { await peer.NextMessageAsync(), await peer.NextMessageAsync(), await peer.NextMessageAsync() };

        await bus.PublishAsync(new Change(ChangeKind.ToolsListChanged));
        var told = new[] { await peer.NextMessageAsync(), await peer.NextMessageAsync() };

        acknowledgments.Select(message => message.SubscriptionId()).Should().BeEquivalentTo("1", "\"1\"", "3");
        told.Select(message => message.SubscriptionId()).Should().BeEquivalentTo("1", "\"1\"");
    }

    [Test]
    public async Task A_subscription_that_the_client_cancels_is_not_answered_and_hears_no_more()
    {
        using var stop = new CancellationTokenSource();
        await using var peer = Serve(out _, stop: stop.Token);
        await peer.SendAsync(Listen.To(Tools, "1"));
        await peer.NextMessageAsync();
        await peer.SendAsync(Listen.To(Tools, "2"));
        await peer.NextMessageAsync();
        await peer.SendAsync(Wire.Cancelled());
        await UntilAsync(() => bus.Subscribers == 1);

        await bus.PublishAsync(new Change(ChangeKind.ToolsListChanged));
        var told = await peer.NextMessageAsync();
        await stop.CancelAsync();
        var cancelled = await peer.NextMessageAsync();
        var result = await peer.NextMessageAsync();

        new[] { told, cancelled, result }.Select(message => message.SubscriptionId()).Should().AllBe("2");
    }

    [Test]
    [Spec("2026-07-28 basic/patterns/cancellation", 1)]
    [Spec("2026-07-28 basic/patterns/cancellation §Behavior Requirements", 3)]
    [Spec("2026-07-28 basic/patterns/subscriptions §Graceful Closure")]
    public async Task A_server_that_stops_says_so_of_each_subscription_and_answers_it()
    {
        using var stop = new CancellationTokenSource();
        await using var peer = Serve(out var serving, stop: stop.Token);
        await peer.SendAsync(Listen.To(Tools, "1"));
        await peer.NextMessageAsync();
        await stop.CancelAsync();

        var cancelled = await peer.NextMessageAsync();
        var result = await peer.NextMessageAsync();
        await serving;

        cancelled.Method().Should().Be("notifications/cancelled");
        cancelled.GetProperty("params").GetProperty("requestId").GetInt32().Should().Be(1);
        result.GetProperty("result").GetProperty("resultType").GetString().Should().Be("complete");
        result.SubscriptionId().Should().Be("1");
        bus.Subscribers.Should().Be(0);
    }

    [Test]
    public async Task A_pipe_has_room_for_so_many_subscriptions_and_for_requests_beside_them()
    {
        await using var peer = Serve(out _, new ServerLimits { MaxSubscriptionsPerPipe = 2, MaxConcurrentRequestsPerConversation = 10 });
        await peer.SendAsync(Listen.To(Tools, "1"));
        await peer.NextMessageAsync();
        await peer.SendAsync(Listen.To(Tools, "2"));
        await peer.NextMessageAsync();
        await peer.SendAsync(Listen.To(Tools, "3"));
        var refused = await peer.NextMessageAsync();
        await peer.SendAsync(Wire.Cancelled("2"));
        await UntilAsync(() => bus.Subscribers == 1);
        await peer.SendAsync(Listen.To(Tools, "4"));

        refused.GetProperty("error").GetProperty("message").GetString().Should().Contain("2 subscriptions are open");
        (await peer.NextMessageAsync()).SubscriptionId().Should().Be("4");
    }

    [Test]
    public async Task A_thousand_subscriptions_opened_and_cancelled_leave_nothing_behind()
    {
        await using var peer = Serve(out _);
        for (var id = 1; id <= 1000; id++)
        {
            await peer.SendAsync(Listen.To(Tools, id.ToString()));
            await peer.NextMessageAsync();
            await peer.SendAsync(Wire.Cancelled(id.ToString()));
        }

        await UntilAsync(() => bus.Subscribers == 0);
        bus.Subscribers.Should().Be(0);
    }

    private StdioPeer Serve(out Task serving, ServerLimits? limits = null, CancellationToken stop = default)
    {
        var server = new McpServer("s", "1", new McpServerOptions { Changes = bus, Limits = limits ?? new ServerLimits() });
        var (near, far) = InMemoryPipe.Create();
        serving = server.ServeAsync(far, far, stop);
        return new StdioPeer(near);
    }

    /// <summary>Waits for what nothing announces; gives up after a while, and leaves it to the test to say what is wrong.</summary>
    private static async Task UntilAsync(Func<bool> condition)
    {
        for (var end = DateTime.UtcNow.AddSeconds(30); !condition() && DateTime.UtcNow < end;)
            await Task.Yield();
    }
}
