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
}
