using OnlyMcp.Protocol.Schema;
using OnlyMcp.Server;
using OnlyMcp.Server.Changes;
using OnlyMcp.Server.Tasks;
using OnlyMcp.Server.Tools;
using OnlyMcp.Tests.Support;

namespace OnlyMcp.Tests.Tasks;

/// <summary>What <c>tasks/cancel</c> does to a task, and to the work behind it.</summary>
[Spec("ext-tasks tasks §Task Cancellation")]
public sealed class TaskCancellationTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    [TestCase("pipe")]
    [TestCase("HTTP")]
    [Spec("ext-tasks tasks §Task Cancellation", 2, 3)]
    [Spec("ext-tasks tasks §Task Polling", 6)]
    public async Task A_task_is_cancelled_at_once_and_its_tool_hears_of_it(string transport)
    {
        var stopped = new TaskCompletionSource();
        var server = new McpServer("s", "1");
        server.AddTool("wait", "W", [McpTask] async (CancellationToken cancellation) =>
        {
            await Task.Delay(Timeout.Infinite, cancellation).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            stopped.SetResult();
            cancellation.ThrowIfCancellationRequested();
        });
        await using var caller = await TaskCaller.OverAsync(transport, server);
        var id = await caller.StartAsync("wait");

        var acknowledged = await caller.CancelAsync(id);
        var cancelled = await caller.GetAsync(id);
        await stopped.Task.WaitAsync(Patience);
        var twice = await caller.CancelAsync(id);

        acknowledged.GetProperty("result").EnumerateObject().Select(member => member.Name).Should().BeSubsetOf(["resultType", "_meta"]);
        acknowledged.GetProperty("result").GetProperty("resultType").GetString().Should().Be("complete");
        cancelled.Status().Should().Be("cancelled");
        cancelled.Message().Should().NotBeEmpty();
        twice.TryGetProperty("result", out _).Should().BeTrue();
        (await caller.GetAsync(id)).GetRawText().Should().Be(cancelled.GetRawText());
    }

    [Test]
    public async Task A_tool_that_does_not_listen_changes_nothing_and_takes_its_place_until_it_ends()
    {
        var go = new TaskCompletionSource();
        var server = new McpServer("s", "1", new McpServerOptions { Tasks = new TaskOptions { MaxRunning = 1 } });
        server.AddTool("deaf", "D", [McpTask(Support = TaskSupport.Required)] async (RequestContext context) =>
        {
            await go.Task;
            await context.ReportProgressAsync(1, message: "still here");
            context.ReportStatus("still here");
            return "too late";
        });
        await using var caller = TaskCaller.OverHttp(server);
        var id = await caller.StartAsync("deaf");

        await caller.CancelAsync(id);
        var refused = await caller.CallAsync("deaf");
        var running = server.Tasks.Runs.IsRunning(id);
        go.SetResult();
        await EndAsync(server, id);

        refused.Code().Should().Be(-32603);
        running.Should().BeTrue();
        var after = await caller.GetAsync(id);
        after.Status().Should().Be("cancelled");
        after.TryGetProperty("result", out _).Should().BeFalse();
        after.Message().Should().NotBe("still here");
        await caller.StartAsync("deaf");
    }

    [Test]
    public async Task A_task_that_waits_for_an_answer_is_cancelled_as_well_and_asks_nothing_any_more()
    {
        var heard = new TaskCompletionSource<bool>();
        var server = new McpServer("s", "1");
        server.AddTool("ask", "A", [McpTask] async (RequestContext context, CancellationToken cancellation) =>
        {
            try
            {
                await context.ListRootsAsync(cancellationToken: CancellationToken.None);
            }
            catch (OperationCanceledException)
            {
                heard.SetResult(cancellation.IsCancellationRequested);
                throw;
            }
        });
        await using var caller = TaskCaller.OverHttp(server);
        var id = await caller.StartAsync("ask");
        await caller.UntilAsync(id, McpTaskStatus.InputRequired);

        await caller.CancelAsync(id);

        (await heard.Task.WaitAsync(Patience)).Should().BeTrue("its token says so too by then");
        var after = await caller.GetAsync(id);
        after.Status().Should().Be("cancelled");
        after.TryGetProperty("inputRequests", out _).Should().BeFalse();
    }

    [Test]
    public async Task A_task_that_has_ended_stays_as_it_is()
    {
        var server = new McpServer("s", "1");
        server.AddTool("quick", "Q", [McpTask] () => "done");
        await using var caller = TaskCaller.OverHttp(server);
        var id = await caller.StartAsync("quick");
        var ended = await caller.UntilAsync(id, McpTaskStatus.Completed);

        (await caller.CancelAsync(id)).TryGetProperty("result", out _).Should().BeTrue();

        (await caller.GetAsync(id)).GetRawText().Should().Be(ended.GetRawText());
    }

    [Test]
    public async Task Whether_a_task_is_cancelled_or_completed_is_one_of_the_two_and_stays()
    {
        var server = new McpServer("s", "1", new McpServerOptions { Tasks = new TaskOptions { MaxRunningPerCaller = 200 } });
        server.AddTool("brief", "B", [McpTask] async () =>
        {
            await Task.Yield();
            return "done";
        });
        await using var caller = TaskCaller.OverHttp(server);

        for (var i = 0; i < 200; i++)
        {
            var id = await caller.StartAsync("brief");
            await caller.CancelAsync(id);
            var one = await caller.GetAsync(id);
            await EndAsync(server, id);
            one.Status().Should().BeOneOf("cancelled", "completed");
            (await caller.GetAsync(id)).GetRawText().Should().Be(one.GetRawText());
        }
    }

    [Test]
    public async Task The_work_stops_also_where_the_bus_loses_the_news()
    {
        var stopped = new TaskCompletionSource();
        var server = new McpServer("s", "1", new McpServerOptions { Changes = new DeafBus() });
        server.AddTool("wait", "W", [McpTask] async (CancellationToken cancellation) =>
        {
            await Task.Delay(Timeout.Infinite, cancellation).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            stopped.SetResult();
        });
        await using var caller = TaskCaller.OverHttp(server);

        await caller.CancelAsync(await caller.StartAsync("wait"));

        await stopped.Task.WaitAsync(Patience);
    }

    [Test]
    public async Task Of_two_servers_with_one_store_and_one_bus_each_cancels_what_runs_at_the_other()
    {
        var stopped = new TaskCompletionSource();
        var options = new McpServerOptions { Changes = new InMemoryChangeBus(), Tasks = new TaskOptions { Store = new InMemoryTaskStore() } };
        var (one, other) = (new McpServer("s", "1", options), new McpServer("s", "1", options));
        foreach (var server in new[] { one, other })
        {
            server.AddTool("wait", "W", [McpTask] async (CancellationToken cancellation) =>
            {
                await Task.Delay(Timeout.Infinite, cancellation).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
                stopped.SetResult();
            });
        }

        await using var here = TaskCaller.OverHttp(one);
        await using var there = TaskCaller.OverHttp(other);

        var id = await here.StartAsync("wait");
        await there.CancelAsync(id);

        await stopped.Task.WaitAsync(Patience);
        (await here.GetAsync(id)).Status().Should().Be("cancelled");
    }

    private static async Task EndAsync(McpServer server, string id)
    {
        var patience = DateTime.UtcNow + Patience;
        while (server.Tasks.Runs.IsRunning(id) && DateTime.UtcNow < patience)
            await Task.Yield();
        server.Tasks.Runs.IsRunning(id).Should().BeFalse("it has ended");
    }

    private sealed class DeafBus : IChangeBus
    {
        public ValueTask PublishAsync(Change change, CancellationToken cancellationToken = default) => ValueTask.CompletedTask;

        public IDisposable Subscribe(Action<Change> listener) => new MemoryStream();
    }
}
