using OnlyMcp.Server;
using OnlyMcp.Server.Http;
using OnlyMcp.Tests.Support;
using OnlyMcp.Tests.Tasks;

namespace OnlyMcp.Tests.Http;

/// <summary>Answers that are nothing yet: all share one timer, and each is rung at in its own time.</summary>
[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
public sealed class OpenAnswersTests : IDisposable
{
    private static readonly TimeSpan Second = TimeSpan.FromSeconds(1);

    private readonly ManualTime time = new();
    private readonly SemaphoreSlim started = new(0);
    private readonly ManualResetEventSlim go = new();

    public void Dispose()
    {
        started.Dispose();
        go.Dispose();
    }

    [Test]
    [Spec("2026-07-28 basic/transports/streamable-http §Receiving Messages")]
    public async Task A_tool_that_blocks_its_thread_is_silent_too()
    {
        await using var handler = Handler();
        var (post, serving) = await CallAsync(handler);

        time.Advance(Second);

        (await post.NextWriteAsync()).Should().StartWith(":");
        post.ResponseHeaders["Content-Type"].Should().Be("text/event-stream");
        go.Set();
        await serving.WaitAsync(TimeSpan.FromSeconds(20));
        (await post.NextWriteAsync()).Should().Contain("\"done\"");
    }

    [Test]
    [Spec("2026-07-28 basic/transports/streamable-http §Receiving Messages")]
    public async Task Each_is_rung_at_when_it_has_been_silent_for_long_itself()
    {
        await using var handler = Handler();
        var (first, one) = await CallAsync(handler);
        time.Advance(Second / 2);
        var (second, two) = await CallAsync(handler);

        time.Advance(Second / 2);
        (await first.NextWriteAsync()).Should().StartWith(":");
        time.HasTimerIn(Second / 2).Should().BeTrue("the second is next");
        second.ResponseHeaders.Should().BeEmpty();

        time.Advance(Second / 2);
        (await second.NextWriteAsync()).Should().StartWith(":");
        go.Set();
        await Task.WhenAll(one, two).WaitAsync(TimeSpan.FromSeconds(20));
    }

    [Test]
    public async Task A_server_that_stops_cancels_what_is_silent_and_what_is_told_of_already()
    {
        var server = new McpServer("s", "1", new McpServerOptions { Limits = new() { ShutdownTimeout = TimeSpan.Zero } });
        server.AddTool("silent", "Says nothing", WaitAsync);
        server.AddTool("told", "Tells of it", async (RequestContext context, CancellationToken token) =>
        {
            await context.ReportProgressAsync(1, cancellationToken: token);
            await WaitAsync(token);
        });
        var handler = new McpHttpHandler(server);
        var posts = new[] { TaskCaller.Post("tools/call", "\"name\":\"silent\""), TaskCaller.Post("tools/call", "\"name\":\"told\"") };
        var serving = posts.Select(post => handler.HandleAsync(post).AsTask()).ToArray();
        for (var i = 0; i < posts.Length; i++)
            (await started.WaitAsync(TimeSpan.FromSeconds(20))).Should().BeTrue();

        await handler.StopAsync();

        await Task.WhenAll(serving).WaitAsync(TimeSpan.FromSeconds(20));
        posts[0].Body.Should().Contain("stopping");
        posts[1].Body.Should().Contain("progress").And.Contain("stopping");

        async Task WaitAsync(CancellationToken token)
        {
            started.Release();
            await Task.Delay(Timeout.Infinite, token);
        }
    }

    [Test]
    public async Task However_short_the_delay_is_nobody_is_rung_at_twice_at_once()
    {
        var restless = new RestlessTime();
        await using var handler = new McpHttpHandler(
            new McpServer("s", "1", new McpServerOptions { TimeProvider = restless }),
            new McpHttpOptions { SilentResponseDelay = TimeSpan.Zero });
        await using var answer = new HttpResponseStream(TaskCaller.Post("tools/call", ""), new AcceptHeader(true, true), handler, default);

        restless.Invoking(time => time.Ring()).Should().NotThrow();
    }

    private async Task<(FakeHttpExchange Post, Task Serving)> CallAsync(McpHttpHandler handler)
    {
        var post = TaskCaller.Post("tools/call", "\"name\":\"block\"");
        var serving = Task.Run(async () => await handler.HandleAsync(post));
        (await started.WaitAsync(TimeSpan.FromSeconds(20))).Should().BeTrue();
        return (post, serving);
    }

    private McpHttpHandler Handler()
    {
        var server = new McpServer("s", "1", new McpServerOptions { TimeProvider = time });
        server.AddTool("block", "B", () =>
        {
            started.Release();
            go.Wait();
            return "done";
        });
        return new McpHttpHandler(server);
    }

    /// <summary>A clock by which a millisecond goes by with each look at it, and that nobody may look at without end.</summary>
    private sealed class RestlessTime : TimeProvider
    {
        private readonly ManualTime timers = new();
        private int looks;

        public override long TimestampFrequency => 1000;

        public override long GetTimestamp() => ++looks < 100 ? looks : throw new InvalidOperationException("It rings without end.");

        public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period) =>
            timers.CreateTimer(callback, state, dueTime, period);

        public void Ring() => timers.Advance(TimeSpan.FromMilliseconds(1));
    }
}
