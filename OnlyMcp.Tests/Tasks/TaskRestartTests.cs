using System.Text.Json;
using OnlyMcp.Protocol.Schema;
using OnlyMcp.Server;
using OnlyMcp.Server.Tasks;
using OnlyMcp.Server.Tools;
using OnlyMcp.Tests.Support;

namespace OnlyMcp.Tests.Tasks;

/// <summary>A store that is closed under its tasks and opened again by another server.</summary>
[Spec("ext-tasks tasks §Task Creation")]
public sealed class TaskRestartTests
{
    private static readonly ToolTasks RunsAgain = new() { WhenInterrupted = InterruptedTask.RunsAgain };

    private readonly List<string> done = [];
    private string folder = null!;

    [SetUp]
    public void SetUp()
    {
        done.Clear();
        folder = Directory.CreateTempSubdirectory("onlymcp-tasks-").FullName;
    }

    [TearDown]
    public void TearDown() => Directory.Delete(folder, recursive: true);

    [Test]
    public async Task A_task_that_runs_again_knows_its_principal_its_answers_and_what_was_done_once()
    {
        string id;
        JsonElement open;
        await using (var store = new FileTaskStore(folder))
        {
            await using var ann = TaskCaller.OverHttp(Server(store), "ann");
            id = await ann.StartAsync("order", """{"what":"tea"}""");
            await ann.UntilAsync(id, task => task.Questions.ContainsKey("name"));
            await ann.AnswerAsync(id, Answer("name", "Ada"));
            open = await ann.UntilAsync(id, task => task.Questions.ContainsKey("street"));
        }

        await using (var store = new FileTaskStore(folder))
        {
            var server = Server(store);
            await server.TakeUpTasksAsync();
            await using var ann = TaskCaller.OverHttp(server, "ann");
            await using var bob = TaskCaller.OverHttp(server, "bob");

            var again = await ann.GetAsync(id);
            again.Status().Should().Be("input_required");
            again.GetProperty("inputRequests").GetRawText().Should().Be(open.GetProperty("inputRequests").GetRawText(), "it waits for the same as before");
            (await bob.SendAsync("tasks/get", $"\"taskId\":\"{id}\"")).Code().Should().Be(-32602);
            await ann.AnswerAsync(id, Answer("street", "Main Street"));

            (await ann.UntilAsync(id, McpTaskStatus.Completed)).Text().Should().Be("tea for Ada, Main Street, asked by ann");
            done.Should().Equal("paid");
            server.Tasks.Runs.IsRunning(id).Should().BeFalse();
        }
    }

    [Test]
    public async Task A_handler_that_asks_by_hand_goes_on_in_its_round()
    {
        string id;
        await using (var store = new FileTaskStore(folder))
        {
            await using var caller = TaskCaller.OverHttp(Server(store));
            id = await caller.StartAsync("hand");
            await caller.UntilAsync(id, task => task.Questions.ContainsKey("name"));
            await caller.AnswerAsync(id, Answer("name", "Ada"));
            await caller.UntilAsync(id, task => task.Questions.ContainsKey("street"));
        }

        await using (var store = new FileTaskStore(folder))
        {
            await using var caller = TaskCaller.OverHttp(Server(store));
            (await caller.GetAsync(id)).Questions().Should().Equal("street");
            await caller.AnswerAsync(id, Answer("street", "Main Street"));

            (await caller.UntilAsync(id, McpTaskStatus.Completed)).Text().Should().Be("Ada, Main Street, step 2");
        }
    }

    [Test]
    public async Task An_answer_that_was_acknowledged_and_not_heard_yet_is_heard_after_all()
    {
        string id;
        await using (var store = new FileTaskStore(folder))
        {
            var hooked = new HookedTaskStore(store);
            await using var caller = TaskCaller.OverHttp(Server(hooked));
            id = await caller.StartAsync("order", """{"what":"tea"}""");
            await caller.UntilAsync(id, task => task.Questions.ContainsKey("name"));
            hooked.Replacing = task => task.Questions.Count > 0 ? Task.FromResult(true) : new TaskCompletionSource<bool>().Task;
            (await caller.AnswerAsync(id, Answer("name", "Ada"))).TryGetProperty("result", out _).Should().BeTrue();
        }

        await using (var store = new FileTaskStore(folder))
        {
            await using var caller = TaskCaller.OverHttp(Server(store));
            (await caller.UntilAsync(id, task => task.Questions.ContainsKey("street"))).Questions().Should().Equal("street");
            done.Should().Equal("paid");
        }
    }

    [Test]
    public async Task A_question_that_has_other_words_in_the_second_run_is_another_question()
    {
        string id;
        string first;
        await using (var store = new FileTaskStore(folder))
        {
            await using var caller = TaskCaller.OverHttp(Server(store));
            id = await caller.StartAsync("changing");
            first = (await caller.UntilAsync(id, McpTaskStatus.InputRequired)).Questions().Single();
        }

        await using (var store = new FileTaskStore(folder))
        {
            await using var caller = TaskCaller.OverHttp(Server(store));
            var second = (await caller.UntilAsync(id, task => task.Status == McpTaskStatus.InputRequired && !task.Questions.ContainsKey(first))).Questions().Single();
            await caller.AnswerAsync(id, Answer("name", "Ada").Replace("\"name\":{\"action", $"\"{second}\":{{\"action", StringComparison.Ordinal));

            (await caller.UntilAsync(id, McpTaskStatus.Completed)).Text().Should().Be("Ada");
            second.Should().NotBe(first);
        }
    }

    [Test]
    public async Task What_cannot_run_again_fails_in_words_and_hinders_nothing_else()
    {
        var ids = new Dictionary<string, string>();
        await using (var store = new FileTaskStore(folder))
        {
            await using var caller = TaskCaller.OverHttp(Server(store));
            foreach (var tool in new[] { "fragile", "gone", "hand" })
            {
                ids[tool] = await caller.StartAsync(tool);
                await caller.UntilAsync(ids[tool], McpTaskStatus.InputRequired);
            }

            // A record that no run can go on from.
            var broken = (await store.FindAsync(ids["hand"]))!;
            ids["broken"] = ids["hand"];
            (await store.TryReplaceAsync(broken with { Version = broken.Version + 1, Inputs = JsonElement.Parse("[]") })).Should().BeTrue();
            ids["hand"] = await caller.StartAsync("hand");
            await caller.UntilAsync(ids["hand"], McpTaskStatus.InputRequired);
        }

        await using (var store = new FileTaskStore(folder))
        {
            var server = Server(store, withGone: false);
            await using var caller = TaskCaller.OverHttp(server);

            foreach (var tool in new[] { "fragile", "gone", "broken" })
            {
                var failed = await caller.GetAsync(ids[tool]);
                failed.Status().Should().Be("failed", tool);
                failed.Message().Should().Contain("The server was stopped");
            }

            (await caller.UntilAsync(ids["hand"], McpTaskStatus.InputRequired)).Questions().Should().Equal("name");
        }
    }

    [Test]
    public async Task A_task_that_runs_again_can_be_cancelled_is_counted_once_and_asks_as_often_as_it_likes()
    {
        string id;
        await using (var store = new FileTaskStore(folder))
        {
            await using var caller = TaskCaller.OverHttp(Server(store));
            id = await caller.StartAsync("order", """{"what":"tea"}""");
            await caller.UntilAsync(id, McpTaskStatus.InputRequired);
        }

        await using (var store = new FileTaskStore(folder))
        {
            var server = Server(store, maxRunning: 1);
            await using var caller = TaskCaller.OverHttp(server);
            await caller.UntilAsync(id, McpTaskStatus.InputRequired);

            (await caller.CallAsync("fragile")).GetProperty("result").GetProperty("resultType").GetString().Should().Be("input_required", "there is no room for another task");
            await caller.CancelAsync(id);
            var patience = DateTime.UtcNow + TimeSpan.FromSeconds(30);
            while (server.Tasks.Runs.IsRunning(id) && DateTime.UtcNow < patience)
                await Task.Yield();

            (await caller.GetAsync(id)).Status().Should().Be("cancelled");
            await caller.StartAsync("fragile");
        }
    }

    [Test]
    public async Task A_store_that_fails_as_tasks_are_taken_up_is_tried_again()
    {
        var time = new ManualTime();
        var log = new RecordedLog();
        var left = Left("fragile", time);
        var failures = 0;
        var store = new HookedTaskStore { Abandoned = [left], Replacing = _ => Task.FromResult(++failures > 2 ? true : throw new IOException("the disk is on fire")) };
        var server = new McpServer("s", "1", new McpServerOptions { TimeProvider = time, LoggerFactory = log, Tasks = new TaskOptions { Store = store } });
        AddTools(server);
        await using var caller = TaskCaller.OverHttp(server);

        var asking = caller.GetAsync(left.TaskId);
        while (failures < 3)
        {
            time.Advance(TimeSpan.FromSeconds(1));
            await Task.Yield();
        }

        await asking.WaitAsync(TimeSpan.FromSeconds(30));
        (await caller.UntilAsync(left.TaskId, task => task.IsEnded)).Status().Should().Be("failed");
        log.Exceptions.Should().HaveCount(2);
    }

    [Test]
    public async Task A_store_that_cannot_say_at_first_what_was_left_is_asked_again()
    {
        var (time, log) = (new ManualTime(), new RecordedLog());
        var left = Left("fragile", time);
        var failures = 0;
        var store = new HookedTaskStore { Abandoned = [left], Taking = () => ++failures > 3 ? Task.CompletedTask : throw new IOException("the disk is on fire") };
        var options = new McpServerOptions { TimeProvider = time, LoggerFactory = log, Tasks = new TaskOptions { Store = store } };
        var server = new McpServer("s", "1", options);
        AddTools(server);
        await using var caller = TaskCaller.OverHttp(server);

        (await caller.StartAsync("hand")).Should().NotBeNull("others do not wait for it");
        (await caller.AskAsync(left.TaskId)).Code().Should().Be(-32602);
        while (await store.FindAsync(left.TaskId) is null)
        {
            time.Advance(TimeSpan.FromSeconds(1));
            await Task.Yield();
        }

        (await caller.UntilAsync(left.TaskId, task => task.IsEnded)).Status().Should().Be("failed");
        log.Exceptions.Should().HaveCount(3);
    }

    [Test]
    public async Task A_task_that_ends_its_process_each_time_runs_again_so_often_and_then_fails()
    {
        string id;
        await using (var store = new FileTaskStore(folder))
        {
            await using var caller = TaskCaller.OverHttp(Server(store));
            id = await caller.StartAsync("order", """{"what":"tea"}""");
            await caller.UntilAsync(id, McpTaskStatus.InputRequired);
        }

        for (var times = 1; times <= 3; times++)
        {
            await using var store = new FileTaskStore(folder);
            await using var caller = TaskCaller.OverHttp(Server(store));
            await caller.UntilAsync(id, task => task.Interruptions == times);
            (await caller.UntilAsync(id, McpTaskStatus.InputRequired)).Questions().Should().Equal("name");
        }

        await using (var store = new FileTaskStore(folder))
        {
            var server = Server(store);
            await using var caller = TaskCaller.OverHttp(server);
            var failed = await caller.UntilAsync(id, task => task.IsEnded);

            failed.Status().Should().Be("failed");
            failed.Message().Should().Contain("stopped 4 times").And.Contain("does not run again");
            server.Tasks.Runs.IsRunning(id).Should().BeFalse();
        }
    }

    private static StoredTask Left(string tool, TimeProvider time) => new()
    {
        TaskId = new string('1', 32),
        Version = 7,
        Method = "tools/call",
        Name = tool,
        Parameters = JsonElement.Parse($$"""{"name":"{{tool}}"}"""),
        ProtocolVersion = "2026-07-28",
        ClientCapabilities = new(),
        CreatedAt = time.GetUtcNow(),
        LastUpdatedAt = time.GetUtcNow(),
    };

    private static string Answer(string field, string value) => $$$"""{"{{{field}}}":{"action":"accept","content":{"{{{field}}}":"{{{value}}}"} } }""";

    private static ElicitRequestFormParams Form(string field, string? message = null) => new()
    {
        Message = message ?? $"Your {field}?",
        RequestedSchema = new() { Properties = new Dictionary<string, PrimitiveSchema> { [field] = new StringSchema() }, Required = [field] },
    };

    private static async Task<string> AskAsync(RequestContext context, string field, CancellationToken cancellation) =>
        (await context.ElicitAsync(field, Form(field), cancellation)).Content![field].GetString()!;

    private McpServer Server(ITaskStore store, bool withGone = true, int maxRunning = 1000)
    {
        var server = new McpServer("s", "1", new McpServerOptions { Tasks = new TaskOptions { Store = store, MaxRunning = maxRunning } });
        AddTools(server);
        if (withGone)
            server.AddTool("gone", "Is there once", [McpTask(WhenInterrupted = InterruptedTask.RunsAgain)] (RequestContext context, CancellationToken cancellation) => AskAsync(context, "name", cancellation));
        return server;
    }

    private void AddTools(McpServer server)
    {
        server.AddTool("order", "Orders", async (string what, RequestContext context, CancellationToken cancellation) =>
        {
            await context.OnceAsync(
                "pay",
                _ =>
                {
                    lock (done)
                        done.Add("paid");
                    return Task.CompletedTask;
                },
                cancellation);
            var name = await AskAsync(context, "name", cancellation);
            var street = await AskAsync(context, "street", cancellation);
            return $"{what} for {name}, {street}, asked by {context.Principal?.FindFirst("sub")?.Value}";
        },
            RunsAgain);
        server.AddTool("fragile", "Fails when interrupted", [McpTask] (RequestContext context, CancellationToken cancellation) => AskAsync(context, "name", cancellation));
        server.AddTool("changing", "Asks in other words each time", async (RequestContext context, CancellationToken cancellation) =>
            (await context.ElicitAsync("name", Form("name", Guid.NewGuid().ToString()), cancellation)).Content!["name"].GetString(),
            RunsAgain);
        server.AddTool(
            new Tool { Name = "hand", InputSchema = JsonElement.Parse("""{"type":"object"}""") },
            (_, context, _) => new(Answered(context, "name") is not { } name ? Ask("name", "step 1")
                : Answered(context, "street") is not { } street ? Ask("street", "step 2")
                : ToolResults.Text($"{name}, {street}, {context.RequestState}")),
            RunsAgain);

        static string? Answered(RequestContext context, string field) => context.InputResponses.Elicited(field)?.Content?[field].GetString();

        static Result Ask(string field, string state) => new InputRequiredResult
        {
            InputRequests = new Dictionary<string, InputRequest> { [field] = InputRequests.Elicit(Form(field)) },
            RequestState = state,
        };
    }
}
