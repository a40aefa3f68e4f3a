using System.Text.Json;
using OnlyMcp.Protocol.Schema;
using OnlyMcp.Server;
using OnlyMcp.Server.RateLimits;
using OnlyMcp.Server.Tasks;
using OnlyMcp.Server.Tools;
using OnlyMcp.Tests.Support;

namespace OnlyMcp.Tests.Tasks;

/// <summary>How much there may be of everything.</summary>
[Spec("ext-tasks tasks §Error Handling")]
public sealed class TaskLimitTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    [Test]
    public async Task Each_caller_has_so_many_tasks_at_a_time_and_all_together_have_so_many()
    {
        var go = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var server = new McpServer("s", "1", new McpServerOptions { Tasks = new TaskOptions { MaxRunning = 3, MaxRunningPerCaller = 2 } });
        server.AddTool("wait", "W", [McpTask(Support = TaskSupport.Required)] async () => await go.Task);
        server.AddTool("optional", "O", [McpTask] () => "in line");
        await using var ann = TaskCaller.OverHttp(server, "ann");
        await using var bob = TaskCaller.OverHttp(server, "bob");
        var running = new[] { await ann.StartAsync("wait"), await ann.StartAsync("wait") };

        var third = await ann.CallAsync("wait");
        var inLine = await ann.CallAsync("optional");
        var bobs = await bob.StartAsync("wait");
        var fourth = await bob.CallAsync("wait");
        go.SetResult();
        foreach (var id in running)
            await EndAsync(server, id);
        await EndAsync(server, bobs);

        third.Code().Should().Be(-32603);
        third.Words().Should().Contain("You have 2 tasks under way");
        inLine.GetProperty("result").GetProperty("content")[0].GetProperty("text").GetString().Should().Be("in line");
        fourth.Words().Should().Contain("3 tasks are under way here");
        for (var i = 0; i < 5; i++)
            await EndAsync(server, await ann.StartAsync("wait"));
    }

    [Test]
    public async Task A_task_is_counted_once_whatever_becomes_of_it()
    {
        var server = new McpServer("s", "1", new McpServerOptions { Tasks = new TaskOptions { MaxRunning = 1 } });
        server.AddTool("ok", "O", [McpTask(Support = TaskSupport.Required)] () => "ok");
        server.AddTool("fails", "F", [McpTask(Support = TaskSupport.Required)] string () => throw new InvalidOperationException("no"));
        server.AddTool("asks", "A", [McpTask(Support = TaskSupport.Required)] (RequestContext context, CancellationToken cancellation) => context.ListRootsAsync(cancellationToken: cancellation));
        server.AddTool("hand", "H", async (RequestContext context) => await context.AsTaskAsync(), new ToolTasks { After = Timeout.InfiniteTimeSpan });
        server.AddTool("none", "N", () => "none", new ToolTasks { After = Timeout.InfiniteTimeSpan });
        await using var caller = TaskCaller.OverHttp(server);

        for (var round = 0; round < 3; round++)
        {
            foreach (var tool in new[] { "ok", "fails", "hand", "asks" })
            {
                var id = await caller.StartAsync(tool);
                if (tool == "asks")
                    await caller.CancelAsync(id);
                await EndAsync(server, id);
            }

            await caller.CallAsync("none");
        }
    }

    [TestCase(true)]
    [TestCase(false)]
    public async Task A_call_that_could_not_become_a_task_takes_no_place(bool isFull)
    {
        var isBroken = true;
        Exception fault = isFull ? new TaskStoreFullException("full") : new IOException("broken");
        var store = new HookedTaskStore { Adding = _ => isBroken ? Task.FromException(fault) : Task.CompletedTask };
        var server = new McpServer("s", "1", new McpServerOptions { Tasks = new TaskOptions { Store = store, MaxRunning = 1 } });
        server.AddTool("ok", "O", [McpTask(Support = TaskSupport.Required)] () => "ok");
        await using var caller = TaskCaller.OverHttp(server);

        for (var i = 0; i < 3; i++)
            (await caller.CallAsync("ok")).Words().Should().NotContain("under way");
        isBroken = false;

        await EndAsync(server, await caller.StartAsync("ok"));
    }

    [Test]
    public async Task A_result_that_is_too_large_fails_and_says_so()
    {
        var server = new McpServer("s", "1", new McpServerOptions { Tasks = new TaskOptions { MaxResultBytes = 1000 } });
        server.AddTool("text", "T", [McpTask] (int length) => new string('x', length));
        await using var caller = TaskCaller.OverHttp(server);

        var small = await caller.UntilAsync(await caller.StartAsync("text", """{"length":500}"""), task => task.IsEnded);
        var large = await caller.UntilAsync(await caller.StartAsync("text", """{"length":2000}"""), task => task.IsEnded);

        small.Status().Should().Be("completed");
        large.Status().Should().Be("failed");
        large.GetProperty("error").GetProperty("message").GetString().Should().Contain("1000 are kept at most").And.Contain("ask for less");
    }

    [Test]
    public async Task A_status_message_that_is_too_long_is_cut_between_two_characters()
    {
        var said = new TaskCompletionSource();
        var server = new McpServer("s", "1", new McpServerOptions { Tasks = new TaskOptions { MaxStatusMessageLength = 5 } });
        server.AddTool("say", "S", [McpTask] async (RequestContext context) =>
        {
            context.ReportStatus("abcd😀efg");
            await said.Task;
        });
        await using var caller = TaskCaller.OverHttp(server);
        var id = await caller.StartAsync("say");

        var saying = await caller.UntilAsync(id, task => task.StatusMessage is not null);
        said.SetResult();

        saying.Message().Should().Be("abcd");
    }

    [Test]
    public async Task A_storm_of_reports_is_a_handful_of_writes_and_the_last_one_counts()
    {
        var time = new ManualTime();
        var store = new HookedTaskStore();
        var go = new TaskCompletionSource();
        var stormed = new TaskCompletionSource();
        var server = new McpServer("s", "1", new McpServerOptions { TimeProvider = time, Tasks = new TaskOptions { Store = store } });
        server.AddTool("storm", "S", [McpTask] async (RequestContext context) =>
        {
            for (var i = 1; i <= 100_000; i++)
                await context.ReportProgressAsync(i, 100_000);
            stormed.SetResult();
            await go.Task;
        });
        await using var caller = TaskCaller.OverHttp(server);
        var id = await caller.StartAsync("storm");
        await stormed.Task.WaitAsync(Patience);

        store.Replaced.Should().Be(1);
        while (!time.HasTimerIn(TimeSpan.FromMilliseconds(100)))
            await Task.Yield();
        time.Advance(TimeSpan.FromMilliseconds(100));
        var told = await caller.UntilAsync(id, task => task.Progress?.Progress == 100_000);
        go.SetResult();

        told.Message().Should().Be("100000 of 100000");
        told.GetProperty("_meta").GetProperty("com.onlymcp/progress").GetRawText().Should().Be("""{"progress":100000,"total":100000}""");
        store.Replaced.Should().Be(2);
        await caller.UntilAsync(id, McpTaskStatus.Completed);
    }

    [Test]
    public async Task Who_polls_too_fast_is_told_when_to_come_again()
    {
        var server = new McpServer("s", "1", new McpServerOptions { TimeProvider = new ManualTime(), TaskLimiter = new TokenBucketLimiter(2, TimeSpan.FromMinutes(1)) });
        server.AddTool("quick", "Q", [McpTask] () => "done");
        await using var caller = TaskCaller.OverHttp(server);
        var id = await caller.StartAsync("quick");
        await caller.GetAsync(id);
        await caller.CancelAsync(id);

        var refused = await caller.AskAsync(id);
        var listening = JsonElement.Parse(await caller.Listen($$"""{"taskIds":["{{id}}"]}""").NextWriteAsync());

        listening.Code().Should().Be(429);
        refused.Code().Should().Be(429);
        caller.Last!.Status.Should().Be(429);
        caller.Last.ResponseHeaders["Retry-After"].Should().Be("30");
        await caller.StartAsync("quick");
    }

    [TestCase("tasks/list", true)]
    [TestCase("tasks/result", true)]
    [TestCase("tasks/get", false)]
    [TestCase("tasks/update", false)]
    [TestCase("tasks/cancel", false)]
    public async Task What_is_not_there_is_not_found(string method, bool hasTasks)
    {
        var server = new McpServer("s", "1");
        server.AddTool("quick", "Q", () => "done", hasTasks ? new ToolTasks() : null);
        await using var caller = TaskCaller.OverHttp(server);

        var response = await caller.SendAsync(method, """
            "taskId":"0","inputResponses":{}
            """);

        response.Code().Should().Be(-32601);
        caller.Last!.Status.Should().Be(404);
    }

    [TestCase("tasks/get")]
    [TestCase("tasks/update")]
    [TestCase("tasks/cancel")]
    [Spec("ext-tasks tasks §Protocol Errors", 4)]
    public async Task A_request_about_tasks_declares_the_extension_and_names_its_task_in_a_header(string method)
    {
        var server = new McpServer("s", "1");
        server.AddTool("quick", "Q", () => "done", new ToolTasks());
        await using var handler = new Server.Http.McpHttpHandler(server);
        const string Params = """
            "taskId":"0","inputResponses":{}
            """;

        var undeclared = TaskCaller.Post(method, Params, capabilities: "{}");
        var unnamed = TaskCaller.Post(method, Params).With("Mcp-Name", null);
        var misnamed = TaskCaller.Post(method, Params).With("Mcp-Name", "1");
        foreach (var http in new[] { undeclared, unnamed, misnamed })
            await handler.HandleAsync(http);

        TaskCaller.MessageOf(undeclared).Code().Should().Be(-32021);
        TaskCaller.MessageOf(unnamed).Code().Should().Be(-32020);
        TaskCaller.MessageOf(misnamed).Code().Should().Be(-32020);
    }

    private static async Task EndAsync(McpServer server, string id)
    {
        var patience = DateTime.UtcNow + Patience;
        while (server.Tasks.Runs.IsRunning(id) && DateTime.UtcNow < patience)
            await Task.Yield();
        server.Tasks.Runs.IsRunning(id).Should().BeFalse("it has ended");
    }
}
