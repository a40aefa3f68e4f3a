using OnlyMcp.Protocol.Schema;
using OnlyMcp.Server;
using OnlyMcp.Server.Tasks;
using OnlyMcp.Server.Tools;
using OnlyMcp.Tests.Support;

namespace OnlyMcp.Tests.Tasks;

/// <summary>How long tasks may run and are kept, by clocks that go, stand and jump.</summary>
[Spec("ext-tasks tasks §Tasks")]
[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
public sealed class TaskTimeTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private readonly JumpingTime time = new();

    [Test]
    public async Task A_task_that_never_ends_fails_when_its_time_is_over_and_is_kept_a_while()
    {
        var stopped = new TaskCompletionSource();
        var server = Server();
        server.AddTool("wait", "W", [McpTask(TimeToLiveSeconds = 600)] async (CancellationToken cancellation) =>
        {
            await Task.Delay(Timeout.Infinite, cancellation).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            stopped.SetResult();
        });
        await using var caller = TaskCaller.OverHttp(server);
        var id = await caller.StartAsync("wait");

        time.Advance(TimeSpan.FromSeconds(599));
        var almost = await caller.GetAsync(id);
        time.Advance(TimeSpan.FromSeconds(1));
        var failed = await caller.UntilAsync(id, task => task.IsEnded);
        await stopped.Task.WaitAsync(Patience);
        time.Advance(TimeSpan.FromSeconds(299));
        var kept = await caller.GetAsync(id);
        time.Advance(TimeSpan.FromSeconds(1));
        var gone = await caller.SendAsync("tasks/get", $"\"taskId\":\"{id}\"");

        almost.Status().Should().Be("working");
        failed.Status().Should().Be("failed");
        failed.GetProperty("error").GetProperty("code").GetInt32().Should().Be(-32603);
        failed.Message().Should().Contain("600 seconds");
        kept.GetRawText().Should().Be(failed.GetRawText());
        gone.Code().Should().Be(-32602);
    }

    [TestCase(0)]
    [TestCase(24)]
    [TestCase(-24)]
    public async Task A_result_is_kept_for_its_time_however_late_it_came_and_wherever_the_wall_clock_stands(int hours)
    {
        var go = new TaskCompletionSource();
        var server = Server();
        server.AddTool("late", "L", [McpTask(TimeToLiveSeconds = 600)] async () => await go.Task);
        await using var caller = TaskCaller.OverHttp(server);
        var id = await caller.StartAsync("late");

        time.Advance(TimeSpan.FromSeconds(590));
        time.Jump(TimeSpan.FromHours(hours));
        go.SetResult();
        var completed = await caller.UntilAsync(id, McpTaskStatus.Completed);
        time.Advance(TimeSpan.FromSeconds(309));

        completed.GetProperty("ttlMs").GetInt64().Should().Be(900_000);
        (await caller.GetAsync(id)).Status().Should().Be("completed");
        time.Advance(TimeSpan.FromSeconds(1));
        (await caller.SendAsync("tasks/get", $"\"taskId\":\"{id}\"")).Code().Should().Be(-32602);
        (await caller.CancelAsync(id)).Code().Should().Be(-32602);
        (await caller.AnswerAsync(id, "{}")).Code().Should().Be(-32602);
    }

    [TestCase(24)]
    [TestCase(-24)]
    public async Task A_wall_clock_that_jumps_at_each_step_ends_nothing_early_and_nothing_changes_before_it_began(int hours)
    {
        var store = new HookedTaskStore(new InMemoryTaskStore(time: time)) { Adding = _ => Jumped(), Added = _ => Jumped(), Replacing = async _ => await Jumped().ContinueWith(_ => true, TaskScheduler.Default) };
        var server = new McpServer("s", "1", new McpServerOptions { TimeProvider = time, Tasks = new TaskOptions { Store = store } });
        server.AddTool("ask", "A", [McpTask] async (RequestContext context, CancellationToken cancellation) =>
            (await context.ListRootsAsync(cancellationToken: cancellation)).Count);
        await using var caller = TaskCaller.OverHttp(server);

        var id = await caller.StartAsync("ask");
        List<DateTimeOffset> updated = [(await caller.GetAsync(id)).GetProperty("createdAt").GetDateTimeOffset()];
        updated.Add((await caller.UntilAsync(id, McpTaskStatus.InputRequired)).Updated());
        await caller.AnswerAsync(id, """{"roots":{"roots":[]}}""");
        updated.Add((await caller.GetAsync(id)).Updated());
        var completed = await caller.UntilAsync(id, McpTaskStatus.Completed);
        updated.Add(completed.Updated());
        time.Advance(TimeSpan.FromMinutes(59));

        updated.Should().BeInAscendingOrder();
        (await caller.GetAsync(id)).GetRawText().Should().Be(completed.GetRawText());
        server.Tasks.Runs.IsRunning(id).Should().BeFalse();

        Task Jumped()
        {
            time.Jump(TimeSpan.FromHours(hours));
            return Task.CompletedTask;
        }
    }

    [Test]
    public async Task A_task_for_ever_has_no_time_to_live_and_neither_fails_nor_disappears()
    {
        var go = new TaskCompletionSource();
        var server = Server();
        server.AddTool("ever", "E", [McpTask(TimeToLiveSeconds = double.PositiveInfinity)] async () => await go.Task);
        await using var caller = TaskCaller.OverHttp(server);
        var id = await caller.StartAsync("ever");

        time.Advance(TimeSpan.FromDays(1000));
        var working = await caller.GetAsync(id);
        go.SetResult();
        await caller.UntilAsync(id, McpTaskStatus.Completed);
        time.Advance(TimeSpan.FromDays(1000));

        working.Status().Should().Be("working");
        working.GetProperty("ttlMs").ValueKind.Should().Be(System.Text.Json.JsonValueKind.Null);
        (await caller.GetAsync(id)).Status().Should().Be("completed");
    }

    [Test]
    public async Task A_time_to_live_of_months_is_longer_than_a_timer_bears_and_holds_all_the_same()
    {
        var server = Server();
        server.AddTool("long", "L", [McpTask] (CancellationToken cancellation) => Task.Delay(Timeout.Infinite, cancellation), new ToolTasks { TimeToLive = TimeSpan.FromDays(100) });
        await using var caller = TaskCaller.OverHttp(server);
        var id = await caller.StartAsync("long");

        for (var day = 0; day < 99; day++)
            time.Advance(TimeSpan.FromDays(1));
        var working = await caller.GetAsync(id);
        time.Advance(TimeSpan.FromDays(1));

        working.Status().Should().Be("working");
        (await caller.UntilAsync(id, task => task.IsEnded)).Status().Should().Be("failed");
    }

    private McpServer Server() => new("s", "1", new McpServerOptions
    {
        TimeProvider = time,
        Tasks = new TaskOptions { Store = new InMemoryTaskStore(time: time) },
    });

    /// <summary>A clock whose hands can be moved without time passing.</summary>
    private sealed class JumpingTime : TimeProvider
    {
        private readonly ManualTime steady = new();
        private TimeSpan moved = TimeSpan.FromDays(20_000);

        public override long TimestampFrequency => steady.TimestampFrequency;

        public override DateTimeOffset GetUtcNow() => steady.GetUtcNow() + moved;

        public override long GetTimestamp() => steady.GetTimestamp();

        public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period) =>
            steady.CreateTimer(callback, state, dueTime, period);

        public void Advance(TimeSpan by) => steady.Advance(by);

        public void Jump(TimeSpan by) => moved += by;
    }
}
