using OnlyMcp.Protocol.Schema;
using OnlyMcp.Server;
using OnlyMcp.Server.Changes;
using OnlyMcp.Server.Tasks;
using OnlyMcp.Server.Tools;
using OnlyMcp.Tests.Support;

namespace OnlyMcp.Tests.Tasks;

/// <summary>A store that fails, is full, is slow or loses; a bus that fails.</summary>
[Spec("ext-tasks tasks §Protocol Errors")]
[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
public sealed class TaskStoreFaultTests : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private readonly ManualTime time = new();
    private readonly RecordedLog log = new();
    private readonly HookedTaskStore store = new();

    [Test]
    public async Task What_cannot_be_kept_is_answered_in_line_or_refused_in_words()
    {
        store.Adding = _ => throw new IOException("the disk is on fire");
        var server = Server();
        server.AddTool("optional", "O", [McpTask] () => "in line");
        server.AddTool("asks", "A", [McpTask] async (RequestContext context, CancellationToken cancellation) => (await context.ListRootsAsync(cancellationToken: cancellation)).Count);
        server.AddTool("required", "R", [McpTask(Support = TaskSupport.Required)] () => "never");
        server.AddTool("later", "L", async (RequestContext context) => $"{await context.AsTaskAsync()} {await context.AsTaskAsync()}", new ToolTasks { After = Timeout.InfiniteTimeSpan });
        await using var caller = TaskCaller.OverHttp(server);

        var inLine = await caller.CallAsync("optional");
        var asked = await caller.CallAsync("asks");
        var refused = await caller.CallAsync("required");
        var later = await caller.CallAsync("later");

        inLine.GetProperty("result").GetProperty("content")[0].GetProperty("text").GetString().Should().Be("in line");
        asked.GetProperty("result").GetProperty("resultType").GetString().Should().Be("input_required", "it asks as if there were no tasks");
        refused.Code().Should().Be(-32603);
        refused.Words().Should().Contain("Try again later").And.NotContain("fire");
        later.GetProperty("result").GetProperty("content")[0].GetProperty("text").GetString().Should().Be("False False");
        log.Exceptions.Should().Contain(fault => fault.Message == "the disk is on fire");
    }

    [Test]
    public async Task A_task_that_was_kept_by_a_store_which_failed_all_the_same_is_not_left_lying()
    {
        StoredTask? kept = null;
        store.Added = task =>
        {
            kept = task;
            throw new TimeoutException("no answer");
        };
        var server = Server();
        server.AddTool("optional", "O", [McpTask] () => "in line");
        await using var caller = TaskCaller.OverHttp(server);

        await caller.CallAsync("optional");

        (await caller.GetAsync(kept!.TaskId)).Status().Should().Be("cancelled", "it was answered in line, and must not run again one day");
    }

    [Test]
    [Spec("ext-tasks tasks §Protocol Errors", 2)]
    public async Task A_store_that_cannot_be_asked_is_an_internal_error_and_then_works_again()
    {
        var server = Server();
        server.AddTool("ask", "A", [McpTask] async (RequestContext context, CancellationToken cancellation) => (await context.ListRootsAsync(cancellationToken: cancellation)).Count);
        await using var caller = TaskCaller.OverHttp(server);
        var id = await caller.StartAsync("ask");
        await caller.UntilAsync(id, McpTaskStatus.InputRequired);

        store.Finding = _ => throw new IOException("the disk is on fire");
        var get = await caller.SendAsync("tasks/get", $"\"taskId\":\"{id}\"");
        var update = await caller.AnswerAsync(id, """{"roots":{"roots":[]}}""");
        var cancel = await caller.CancelAsync(id);
        store.Finding = null;
        store.Replacing = _ => throw new IOException("the disk is on fire");
        var unsaved = await caller.AnswerAsync(id, """{"roots":{"roots":[]}}""");
        var uncancelled = await caller.CancelAsync(id);
        store.Replacing = null;

        foreach (var response in new[] { get, update, cancel, unsaved, uncancelled })
        {
            response.Code().Should().Be(-32603);
            response.Words().Should().NotContain("fire");
        }

        (await caller.GetAsync(id)).Questions().Should().Equal("roots");
        await caller.AnswerAsync(id, """{"roots":{"roots":[]}}""");
        (await caller.UntilAsync(id, McpTaskStatus.Completed)).Text().Should().Be("0");
    }

    [TestCase(McpTaskStatus.InputRequired)]
    [TestCase(McpTaskStatus.Working)]
    [TestCase(McpTaskStatus.Completed)]
    public async Task A_store_that_fails_for_a_while_as_a_task_asks_hears_or_ends_costs_time_and_nothing_else(McpTaskStatus when)
    {
        var failures = 3;
        var armed = true;
        store.Replacing = task => Task.FromResult(!armed || task.Status != when || IsAnswering(task) || failures-- <= 0 ? true : throw new IOException("the disk is on fire"));
        var server = Server(new TaskOptions { Store = store, MaxRunning = 1, TimeToLive = Timeout.InfiniteTimeSpan });
        server.AddTool("ask", "A", [McpTask(Support = TaskSupport.Required)] async (RequestContext context, CancellationToken cancellation) => (await context.ListRootsAsync(cancellationToken: cancellation)).Count);
        await using var caller = TaskCaller.OverHttp(server);
        using var going = GoOn();

        var id = await caller.StartAsync("ask");
        await caller.UntilAsync(id, McpTaskStatus.InputRequired);
        (await caller.AnswerAsync(id, """{"roots":{"roots":[]}}""")).TryGetProperty("result", out _).Should().BeTrue();

        (await caller.UntilAsync(id, McpTaskStatus.Completed)).Text().Should().Be("0");
        failures.Should().BeLessThan(0);
        armed = false;
        await EndAsync(server, id);
        await caller.StartAsync("ask");

        // The client's own request fails at once; it can ask again.
        static bool IsAnswering(StoredTask task) => task.Questions.Values.Any(question => question.IsAnswered);
    }

    [Test]
    public async Task A_store_that_fails_while_a_task_waits_does_not_end_the_wait()
    {
        var failures = 0;
        var server = Server();
        server.AddTool("ask", "A", [McpTask] async (RequestContext context, CancellationToken cancellation) => (await context.ListRootsAsync(cancellationToken: cancellation)).Count);
        await using var caller = TaskCaller.OverHttp(server);
        using var going = GoOn();
        var id = await caller.StartAsync("ask");
        await caller.UntilAsync(id, McpTaskStatus.InputRequired);
        var failed = new TaskCompletionSource();

        store.Finding = _ => ++failures < 20 ? throw new IOException("the disk is on fire") : Task.Run(failed.TrySetResult);
        await failed.Task.WaitAsync(Patience);
        store.Finding = null;
        await caller.AnswerAsync(id, """{"roots":{"roots":[]}}""");

        (await caller.UntilAsync(id, McpTaskStatus.Completed)).Text().Should().Be("0");
    }

    [Test]
    public async Task A_store_that_loses_every_second_time_loses_nothing()
    {
        var count = 0;
        store.Replacing = _ => Task.FromResult(Interlocked.Increment(ref count) % 2 == 0);
        var server = Server();
        server.AddTool("ask", "A", [McpTask] async (RequestContext context, CancellationToken cancellation) =>
        {
            var all = await Task.WhenAll(Enumerable.Range(0, 10).Select(i => context.ListRootsAsync($"roots {i}", cancellation)));
            return string.Concat(all.Select(roots => roots[0].Uri[^1]));
        });
        await using var caller = TaskCaller.OverHttp(server);
        var id = await caller.StartAsync("ask");
        await caller.UntilAsync(id, task => task.Questions.Count == 10);

        var answers = await Task.WhenAll(Enumerable.Range(0, 10).Select(async i =>
        {
            await using var one = TaskCaller.OverHttp(server);
            return await one.AnswerAsync(id, $$$"""{"roots {{{i}}}":{"roots":[{"uri":"file:///{{{i}}}"}]} }""");
        }));

        answers.Should().OnlyContain(answer => answer.GetRawText().Contains("\"result\""));
        (await caller.UntilAsync(id, McpTaskStatus.Completed)).Text().Should().Be("0123456789");
    }

    [Test]
    public async Task A_store_that_takes_no_change_ever_is_given_up_in_bounded_time()
    {
        var server = Server();
        server.AddTool("wait", "W", [McpTask] (CancellationToken cancellation) => Task.Delay(Timeout.Infinite, cancellation));
        await using var caller = TaskCaller.OverHttp(server);
        var id = await caller.StartAsync("wait");

        store.Replacing = _ => Task.FromResult(false);
        var cancel = await caller.CancelAsync(id);
        store.Replacing = null;

        cancel.Code().Should().Be(-32603);
        (await caller.CancelAsync(id)).TryGetProperty("result", out _).Should().BeTrue();
    }

    [Test]
    public async Task A_store_that_is_full_says_so_wherever_it_is_met()
    {
        var full = false;
        store.Adding = _ => full ? throw new TaskStoreFullException("The store is full.") : Task.CompletedTask;
        store.Replacing = task => full && (task.Status != McpTaskStatus.Failed) ? throw new TaskStoreFullException("The store is full.") : Task.FromResult(true);
        var go = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var server = Server();
        server.AddTool("asks", "A", [McpTask(Support = TaskSupport.Required)] async (RequestContext context, CancellationToken cancellation) =>
        {
            await go.Task;
            return (await context.ListRootsAsync(cancellationToken: cancellation)).Count;
        });
        server.AddTool("ends", "E", [McpTask] async () => await go.Task);
        server.AddTool("waits", "W", [McpTask] async (RequestContext context, CancellationToken cancellation) => (await context.ListRootsAsync(cancellationToken: cancellation)).Count);
        await using var caller = TaskCaller.OverHttp(server);
        using var going = GoOn();
        var (asks, ends, waits) = (await caller.StartAsync("asks"), await caller.StartAsync("ends"), await caller.StartAsync("waits"));
        await caller.UntilAsync(waits, McpTaskStatus.InputRequired);

        full = true;
        go.SetResult();
        var refused = await caller.CallAsync("asks");
        var answered = await caller.AnswerAsync(waits, """{"roots":{"roots":[]}}""");

        refused.Code().Should().Be(-32603);
        refused.Words().Should().Be("The store is full.");
        answered.Words().Should().Be("The store is full.");
        (await caller.UntilAsync(asks, McpTaskStatus.Failed)).Message().Should().Contain("The store is full.");
        (await caller.UntilAsync(ends, McpTaskStatus.Failed)).Message().Should().Contain("could not be kept").And.Contain("The store is full.");
        (await caller.GetAsync(waits)).Questions().Should().Equal(["roots"], "nothing is lost of it");
    }

    [Test]
    public async Task A_store_that_is_closed_leaves_its_tasks_as_they_are()
    {
        var go = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var server = Server(new TaskOptions { Store = store, MaxRunning = 1, TimeToLive = Timeout.InfiniteTimeSpan });
        server.AddTool("ends", "E", [McpTask] async () => await go.Task);
        await using var caller = TaskCaller.OverHttp(server);
        var id = await caller.StartAsync("ends");

        store.Replacing = _ => throw new ObjectDisposedException("the store");
        go.SetResult();
        await EndAsync(server, id);

        (await caller.GetAsync(id)).Status().Should().Be("working");
        log.Lines.Should().NotContain(line => line.StartsWith("Error"));
    }

    [Test]
    public async Task A_bus_that_fails_hinders_no_task()
    {
        var server = new McpServer("s", "1", new McpServerOptions { LoggerFactory = log, Changes = new BrokenBus(), Tasks = new TaskOptions { Store = store } });
        server.AddTool("ask", "A", [McpTask] async (RequestContext context, CancellationToken cancellation) => (await context.ListRootsAsync(cancellationToken: cancellation)).Count);
        await using var caller = TaskCaller.OverHttp(server);
        var id = await caller.StartAsync("ask");
        await caller.UntilAsync(id, McpTaskStatus.InputRequired);

        await caller.AnswerAsync(id, """{"roots":{"roots":[]}}""");

        (await caller.UntilAsync(id, McpTaskStatus.Completed)).Text().Should().Be("0");
        log.Exceptions.Should().Contain(fault => fault.Message == "out of reach");
    }

    [Test]
    public async Task A_bus_that_loses_news_makes_tasks_late_and_not_lost()
    {
        var server = new McpServer("s", "1", new McpServerOptions { TimeProvider = time, Changes = new DeafBus(), Tasks = new TaskOptions { Store = store, TimeToLive = Timeout.InfiniteTimeSpan } });
        server.AddTool("ask", "A", [McpTask] async (RequestContext context, CancellationToken cancellation) => (await context.ListRootsAsync(cancellationToken: cancellation)).Count);
        await using var caller = TaskCaller.OverHttp(server);
        using var going = GoOn();
        var id = await caller.StartAsync("ask");
        await caller.UntilAsync(id, McpTaskStatus.InputRequired);

        await caller.AnswerAsync(id, """{"roots":{"roots":[]}}""");

        (await caller.UntilAsync(id, McpTaskStatus.Completed)).Text().Should().Be("0");
    }

    public void Dispose() => log.Dispose();

    private static async Task EndAsync(McpServer server, string id)
    {
        var patience = DateTime.UtcNow + Patience;
        while (server.Tasks.Runs.IsRunning(id) && DateTime.UtcNow < patience)
            await Task.Yield();
        server.Tasks.Runs.IsRunning(id).Should().BeFalse("it has ended");
    }

    private McpServer Server(TaskOptions? options = null) => new("s", "1", new McpServerOptions
    {
        TimeProvider = time,
        LoggerFactory = log,
        Tasks = options ?? new TaskOptions { Store = store, TimeToLive = Timeout.InfiniteTimeSpan },

        // Where time goes on by itself, an hour may pass while one answer is being written.
        Limits = new ServerLimits { WriteTimeout = TimeSpan.FromDays(9999) },
    });

    /// <summary>Lets time pass, second by second, until it is disposed.</summary>
    private GoingTime GoOn() => new(time);

    private sealed class GoingTime : IDisposable
    {
        private volatile bool isOver;

        public GoingTime(ManualTime time) => _ = Task.Run(async () =>
        {
            while (!isOver)
            {
                if (time.Running > 0)
                    time.Advance(TimeSpan.FromSeconds(1));
                await Task.Yield();
            }
        });

        public void Dispose() => isOver = true;
    }

    private sealed class BrokenBus : IChangeBus
    {
        public ValueTask PublishAsync(Change change, CancellationToken cancellationToken = default) => throw new IOException("out of reach");

        public IDisposable Subscribe(Action<Change> listener) => new MemoryStream();
    }

    private sealed class DeafBus : IChangeBus
    {
        public ValueTask PublishAsync(Change change, CancellationToken cancellationToken = default) => ValueTask.CompletedTask;

        public IDisposable Subscribe(Action<Change> listener) => new MemoryStream();
    }
}
