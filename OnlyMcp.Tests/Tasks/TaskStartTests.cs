using System.Security.Cryptography;
using System.Text.Json;
using OnlyMcp.Protocol.JsonRpc;
using OnlyMcp.Protocol.Schema;
using OnlyMcp.Server;
using OnlyMcp.Server.Tasks;
using OnlyMcp.Server.Tools;
using OnlyMcp.Tests.Support;

namespace OnlyMcp.Tests.Tasks;

/// <summary>Which calls become tasks, when, and what their clients are answered.</summary>
[Spec("ext-tasks tasks §Task Creation")]
public sealed class TaskStartTests
{
    private const string NoTasks = """{"elicitation":{"form":{}}}""";

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private static readonly ToolTasks ByHand = new() { After = Timeout.InfiniteTimeSpan };

    [TestCase("pipe")]
    [TestCase("HTTP")]
    [Spec("ext-tasks tasks §Polymorphic Results", 1, 2)]
    [Spec("ext-tasks tasks §Task Polling", 1, 2, 5, 8)]
    [Spec("ext-tasks tasks §Task Execution Errors", 5)]
    public async Task A_call_becomes_a_task_and_its_result_is_the_one_that_the_call_would_have_had(string transport)
    {
        var go = new TaskCompletionSource();
        var server = new McpServer("s", "1");
        server.AddTool("grow", "Grows", [McpTask(PollIntervalSeconds = 0.25)] async () =>
        {
            await go.Task;
            return "grown";
        });
        await using var caller = await TaskCaller.OverAsync(transport, server);

        var created = (await caller.CallAsync("grow")).GetProperty("result");
        var id = created.GetProperty("taskId").GetString()!;
        var working = await caller.GetAsync(id);
        go.SetResult();
        var completed = await caller.UntilAsync(id, McpTaskStatus.Completed);

        created.GetProperty("resultType").GetString().Should().Be("task");
        created.Status().Should().Be("working");
        created.GetProperty("ttlMs").GetInt64().Should().Be(3_600_000);
        created.GetProperty("pollIntervalMs").GetInt64().Should().Be(250);
        working.GetProperty("resultType").GetString().Should().Be("complete");
        working.Status().Should().Be("working");
        working.TryGetProperty("result", out _).Should().BeFalse();
        completed.GetProperty("resultType").GetString().Should().Be("complete");
        completed.Text().Should().Be("grown");
        completed.GetProperty("result").GetProperty("resultType").GetString().Should().Be("complete");
        (await caller.GetAsync(id)).GetRawText().Should().Be(completed.GetRawText(), "it never changes again");
    }

    [Test]
    public async Task An_attribute_on_a_method_on_a_lambda_and_a_record_beside_the_tool_say_the_same()
    {
        var server = new McpServer("s", "1");
        server.AddTool("lambda", "L", [McpTask(TimeToLiveSeconds = 60)] () => "l");
        server.AddTool("method", "M", Method);
        server.AddTool("given", "G", () => "g", new ToolTasks { TimeToLive = TimeSpan.FromSeconds(60) });
        await using var caller = TaskCaller.OverHttp(server);

        foreach (var tool in new[] { "lambda", "method", "given" })
        {
            var id = await caller.StartAsync(tool);
            (await caller.UntilAsync(id, McpTaskStatus.Completed)).GetProperty("ttlMs").GetInt64().Should().BeGreaterOrEqualTo(60_000);
        }

        [McpTask(TimeToLiveSeconds = 60)]
        static string Method() => "m";
    }

    [Test]
    [Spec("ext-tasks tasks §Capability Negotiation", 1, 4)]
    public async Task A_client_that_does_not_declare_the_extension_on_its_request_gets_the_result_or_hears_what_is_missing()
    {
        var server = new McpServer("s", "1");
        server.AddTool("optional", "O", [McpTask] () => "in line");
        server.AddTool("required", "R", [McpTask(Support = TaskSupport.Required)] () => "never");
        server.AddTool("forbidden", "F", [McpTask(Support = TaskSupport.Forbidden)] () => "in line");
        await using var can = TaskCaller.OverHttp(server);
        await using var cannot = TaskCaller.OverHttp(server, capabilities: NoTasks);
        await can.StartAsync("optional");

        var missing = await cannot.CallAsync("required");
        var status = cannot.Last!.Status;

        (await cannot.CallAsync("optional")).GetProperty("result").GetProperty("resultType").GetString().Should().Be("complete");
        (await can.CallAsync("forbidden")).GetProperty("result").GetProperty("resultType").GetString().Should().Be("complete");
        missing.Code().Should().Be(-32021);
        missing.GetProperty("error").GetProperty("data").GetProperty("requiredCapabilities").GetRawText()
            .Should().Be("""{"extensions":{"io.modelcontextprotocol/tasks":{}}}""");
        status.Should().Be(400);
        await can.StartAsync("required");
    }

    [Test]
    public async Task The_wish_of_an_older_revision_has_no_say([Values("{\"ttl\":1}", "{\"ttl\":\"1\"}", "7")] string wish)
    {
        var server = new McpServer("s", "1");
        server.AddTool("plain", "P", () => "in line");
        server.AddTool("task", "T", [McpTask] () => "task");
        await using var caller = TaskCaller.OverHttp(server);

        var plain = await caller.CallAsync("plain", more: $",\"task\":{wish}");
        var task = await caller.CallAsync("task", more: $",\"task\":{wish}");

        plain.GetProperty("result").GetProperty("resultType").GetString().Should().Be("complete");
        task.GetProperty("result").GetProperty("ttlMs").GetInt64().Should().Be(3_600_000);
    }

    [Test]
    [Spec("ext-tasks tasks §Task Creation", 1, 2)]
    public async Task Nobody_hears_of_a_task_before_it_is_kept()
    {
        var keeping = new TaskCompletionSource<StoredTask>(TaskCreationOptions.RunContinuationsAsynchronously);
        var keep = new TaskCompletionSource();
        var store = new HookedTaskStore { Adding = task => (keeping.TrySetResult(task) ? keep : keep).Task };
        var server = new McpServer("s", "1", new McpServerOptions { Tasks = new TaskOptions { Store = store } });
        var ran = false;
        server.AddTool("slow", "S", [McpTask] () => ran = true);
        await using var caller = TaskCaller.OverHttp(server);

        var calling = caller.CallAsync("slow");
        var known = await keeping.Task.WaitAsync(Patience);
        var early = await TaskCaller.OverHttp(server).SendAsync("tasks/get", $"\"taskId\":\"{known.TaskId}\"");
        var answeredEarly = calling.IsCompleted;
        var ranEarly = ran;
        keep.SetResult();
        var created = await calling;

        early.Code().Should().Be(-32602);
        answeredEarly.Should().BeFalse();
        ranEarly.Should().BeFalse("nothing is done that nobody could ask for");
        (await caller.GetAsync(created.GetProperty("result").GetProperty("taskId").GetString()!)).Status().Should().BeOneOf("working", "completed");
    }

    [Test]
    public async Task What_is_wrong_with_a_call_is_said_at_once_and_makes_no_task()
    {
        var store = new HookedTaskStore { Adding = _ => throw new InvalidOperationException("not here") };
        var server = new McpServer("s", "1", new McpServerOptions { Tasks = new TaskOptions { Store = store } });
        server.AddTool("add", "Adds", [McpTask] (int a) => a + 1);
        await using var caller = TaskCaller.OverHttp(server);

        var unfit = await caller.CallAsync("add", """{"a":"one"}""");
        var unknown = await caller.CallAsync("subtract");

        unfit.GetProperty("result").GetProperty("isError").GetBoolean().Should().BeTrue();
        unfit.GetProperty("result").GetProperty("resultType").GetString().Should().Be("complete");
        unknown.Code().Should().Be(-32602);
        unknown.Words().Should().Contain("subtract");
    }

    [Test]
    [Spec("ext-tasks tasks §Task Execution Errors", 1, 2, 3, 4)]
    [Spec("ext-tasks tasks §Task Status", 1)]
    [Spec("ext-tasks tasks §Task Polling", 7)]
    public async Task A_tool_that_fails_has_a_result_and_an_error_of_the_protocol_has_none()
    {
        var server = new McpServer("s", "1");
        server.AddTool("sorry", "S", [McpTask] string () => throw new ToolErrorException("Try with less."));
        server.AddTool("broken", "B", [McpTask] string () => throw new JsonRpcException(-32000, "Out of paper."));
        await using var caller = TaskCaller.OverHttp(server);

        var sorry = await caller.UntilAsync(await caller.StartAsync("sorry"), task => task.IsEnded);
        var broken = await caller.UntilAsync(await caller.StartAsync("broken"), task => task.IsEnded);

        sorry.Status().Should().Be("completed");
        sorry.GetProperty("result").GetProperty("isError").GetBoolean().Should().BeTrue();
        sorry.Text().Should().Be("Try with less.");
        broken.Status().Should().Be("failed");
        broken.GetProperty("error").GetRawText().Should().Be("""{"code":-32000,"message":"Out of paper."}""");
        broken.Message().Should().Be("Out of paper.");
        broken.TryGetProperty("result", out _).Should().BeFalse();
    }

    [Test]
    public async Task A_tool_that_blocks_keeps_nobody_waiting_for_its_task()
    {
        using var go = new ManualResetEventSlim();
        var server = new McpServer("s", "1");
        server.AddTool("block", "Blocks", [McpTask] () => go.Wait(Patience));
        await using var caller = TaskCaller.OverHttp(server);

        var id = await caller.StartAsync("block");
        (await caller.GetAsync(id)).Status().Should().Be("working");
        go.Set();

        await caller.UntilAsync(id, McpTaskStatus.Completed);
    }

    [Test]
    public async Task A_call_becomes_a_task_when_it_takes_longer()
    {
        var time = new ManualTime();
        var go = new TaskCompletionSource();
        var server = new McpServer("s", "1", new McpServerOptions { TimeProvider = time });
        server.AddTool("quick", "Q", () => "quick", new ToolTasks { After = TimeSpan.FromSeconds(5) });
        server.AddTool("long", "L", async () => await go.Task.ContinueWith(_ => "long", TaskScheduler.Default), new ToolTasks { After = TimeSpan.FromSeconds(5) });
        await using var caller = TaskCaller.OverHttp(server);

        var quick = await caller.CallAsync("quick");
        var calling = caller.StartAsync("long");
        await TimerAsync(time, TimeSpan.FromSeconds(5));
        var before = calling.IsCompleted;
        time.Advance(TimeSpan.FromSeconds(5));
        var id = await calling.WaitAsync(Patience);
        go.SetResult();

        quick.GetProperty("result").GetProperty("resultType").GetString().Should().Be("complete");
        before.Should().BeFalse();
        (await caller.UntilAsync(id, McpTaskStatus.Completed)).Text().Should().Be("long");
    }

    [Test]
    public async Task A_tool_that_ends_as_its_time_is_up_has_its_result_in_line_or_in_its_task()
    {
        var time = new ManualTime();
        TaskCompletionSource? go = null;
        var server = new McpServer("s", "1", new McpServerOptions { TimeProvider = time, Tasks = new TaskOptions { MaxRunning = 3 } });
        server.AddTool("race", "R", async () =>
        {
            await go!.Task;
            return "done";
        },
            new ToolTasks { After = TimeSpan.FromSeconds(1) });
        await using var caller = TaskCaller.OverHttp(server);
        var tasks = 0;

        for (var round = 0; round < 300; round++)
        {
            go = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            var calling = caller.CallAsync("race");
            await TimerAsync(time, TimeSpan.FromSeconds(1));
            var ending = Task.Run(go.SetResult);
            var ringing = Task.Run(() => time.Advance(TimeSpan.FromSeconds(1)));
            await Task.WhenAll(ending, ringing);
            var result = (await calling.WaitAsync(Patience)).GetProperty("result");
            if (result.GetProperty("resultType").GetString() == "complete")
            {
                result.GetProperty("content")[0].GetProperty("text").GetString().Should().Be("done");
                continue;
            }

            tasks++;
            (await caller.UntilAsync(result.GetProperty("taskId").GetString()!, McpTaskStatus.Completed)).Text().Should().Be("done");
        }

        TestContext.Out.WriteLine($"{tasks} of 300 became tasks");
    }

    [Test]
    public async Task A_tool_says_itself_when_it_becomes_a_task()
    {
        var server = new McpServer("s", "1");
        server.AddTool("choose", "C", async (bool big, RequestContext context) =>
        {
            var before = context.TaskId;
            var isTask = big && await context.AsTaskAsync("Going on.");
            return $"{before ?? "none"} {isTask} {isTask && await context.AsTaskAsync()} {context.TaskId is not null}";
        },
            ByHand);
        server.AddTool("plain", "P", async (RequestContext context) => await context.AsTaskAsync());
        await using var caller = TaskCaller.OverHttp(server);
        await using var cannot = TaskCaller.OverHttp(server, capabilities: NoTasks);

        var small = await caller.CallAsync("choose", """{"big":false}""");
        var big = await caller.StartAsync("choose", """{"big":true}""");

        small.GetProperty("result").GetProperty("content")[0].GetProperty("text").GetString().Should().Be("none False False False");
        (await caller.UntilAsync(big, McpTaskStatus.Completed)).Text().Should().Be("none True True True");
        TextOf(await cannot.CallAsync("choose", """{"big":true}""")).Should().Be("none False False False");
        TextOf(await caller.CallAsync("plain")).Should().Be("false");
    }

    [Test]
    public async Task A_call_that_has_been_answered_does_not_become_a_task_any_more()
    {
        var store = new HookedTaskStore();
        var late = new TaskCompletionSource<bool>();
        var answered = new TaskCompletionSource();
        var server = new McpServer("s", "1", new McpServerOptions { Tasks = new TaskOptions { Store = store, MaxRunning = 1 } });
        server.AddTool("late", "L", (RequestContext context) =>
        {
            _ = LateAsync(context);
            return "in line";
        },
            ByHand);
        server.AddTool("during", "D", (RequestContext context) =>
        {
            _ = context.AsTaskAsync().AsTask();
            return "either";
        },
            ByHand);
        await using var caller = TaskCaller.OverHttp(server);

        TextOf(await caller.CallAsync("late")).Should().Be("in line");
        answered.SetResult();
        (await late.Task.WaitAsync(Patience)).Should().BeFalse();

        // Kept while the tool has ended already: the client hears of the task, for it is there.
        var keep = new TaskCompletionSource();
        store.Adding = _ => keep.Task;
        var calling = caller.StartAsync("during");
        keep.SetResult();
        (await caller.UntilAsync(await calling, McpTaskStatus.Completed)).Text().Should().Be("either");

        async Task LateAsync(RequestContext context)
        {
            await answered.Task;
            late.SetResult(await context.AsTaskAsync());
        }
    }

    [Test]
    public async Task A_request_that_is_cancelled_before_it_is_a_task_is_over_and_after_that_it_goes_on()
    {
        var go = new TaskCompletionSource();
        var became = new TaskCompletionSource<string>();
        var cancelled = new TaskCompletionSource();
        var started = new TaskCompletionSource();
        var server = new McpServer("s", "1");
        server.AddTool("wait", "W", async (bool task, RequestContext context, CancellationToken cancellation) =>
        {
            if (task)
            {
                await context.AsTaskAsync(cancellationToken: cancellation);
                became.SetResult(context.TaskId!);
            }

            started.TrySetResult();
            await go.Task.WaitAsync(cancellation).ContinueWith(_ => { }, TaskScheduler.Default);
            if (cancellation.IsCancellationRequested)
                cancelled.SetResult();
            return "done";
        },
            ByHand);
        await using var client = await AskedClient.ConnectAsync(server, Protocol.Revisions.KnownRevisions.Newest(Protocol.Revisions.Era.Modern), TaskCaller.Everything);

        var first = await client.CallAsync("wait", """{"task":false}""");
        await started.Task.WaitAsync(Patience);
        await client.SendAsync(Wire.ModernCancelled($"{first}"));
        await cancelled.Task.WaitAsync(Patience);

        var second = await client.CallAsync("wait", """{"task":true}""");
        var id = await became.Task.WaitAsync(Patience);
        var created = await client.NextAsync();
        await client.SendAsync(Wire.ModernCancelled($"{second}"));
        go.SetResult();

        created.GetProperty("result").GetProperty("taskId").GetString().Should().Be(id);
        await using var caller = await TaskCaller.OverPipeAsync(server);
        (await caller.UntilAsync(id, McpTaskStatus.Completed)).Text().Should().Be("done");
    }

    [Test]
    public async Task A_request_that_is_cancelled_while_it_is_becoming_a_task_leaves_none_that_runs()
    {
        var keeping = new TaskCompletionSource<StoredTask>(TaskCreationOptions.RunContinuationsAsynchronously);
        var keep = new TaskCompletionSource();
        var kept = new TaskCompletionSource();
        var store = new HookedTaskStore
        {
            Adding = task => (keeping.TrySetResult(task) ? keep : keep).Task,
            Added = _ => (kept.TrySetResult() ? kept : kept).Task,
        };
        var server = new McpServer("s", "1", new McpServerOptions { Tasks = new TaskOptions { Store = store, MaxRunning = 1 } });
        var ran = false;
        server.AddTool("task", "T", [McpTask] () => ran = true);
        await using var client = await AskedClient.ConnectAsync(server, Protocol.Revisions.KnownRevisions.Newest(Protocol.Revisions.Era.Modern), TaskCaller.Everything);
        await using var caller = await TaskCaller.OverPipeAsync(server);

        var id = await client.CallAsync("task");
        var task = await keeping.Task.WaitAsync(Patience);
        await client.SendAsync(Wire.ModernCancelled($"{id}"));
        await client.RequestAsync("tools/list", "\"cursor\":null");
        (await client.NextAsync()).TryGetProperty("result", out _).Should().BeTrue("it has heard of the cancellation by now");
        keep.SetResult();
        await kept.Task.WaitAsync(Patience);

        (await caller.UntilAsync(task.TaskId, one => one.IsEnded)).Status().Should().Be("cancelled");
        ran.Should().BeFalse();
    }

    [Test]
    public async Task What_is_asked_before_the_call_is_a_task_is_asked_in_rounds_and_afterwards_in_place()
    {
        var server = new McpServer("s", "1");
        server.AddTool("book", "B", async (RequestContext context, CancellationToken cancellation) =>
        {
            var where = await context.ElicitAsync("where", "Where?", Form("city"), cancellation);
            var paid = await context.OnceAsync("pay", _ => Task.FromResult(RandomNumberGenerator.GetHexString(8)), cancellation);
            (await context.AsTaskAsync(cancellationToken: cancellation)).Should().BeTrue();
            var when = await context.ElicitAsync("when", "When?", Form("day"), cancellation);
            return $"{where.Content!["city"]} {when.Content!["day"]} {paid.Length}";
        },
            ByHand);
        await using var caller = TaskCaller.OverHttp(server);

        var asked = (await caller.CallAsync("book")).GetProperty("result");
        var created = (await caller.CallAsync("book", more: AskedClient.Answers(
            asked.GetProperty("inputRequests"), _ => """{"action":"accept","content":{"city":"Rome"}}""") + AskedClient.StateOf(asked))).GetProperty("result");
        var id = created.GetProperty("taskId").GetString()!;
        var open = await caller.UntilAsync(id, McpTaskStatus.InputRequired);
        await caller.AnswerAsync(id, """{"when":{"action":"accept","content":{"day":"today"}}}""");

        open.Questions().Should().Equal("when");
        (await caller.UntilAsync(id, McpTaskStatus.Completed)).Text().Should().Be("Rome today 8");
    }

    [Test]
    public async Task A_call_that_has_asked_and_goes_on_all_the_same_does_not_become_a_task()
    {
        var server = new McpServer("s", "1");
        server.AddTool("ask", "A", async (RequestContext context) =>
        {
            try
            {
                await context.ElicitAsync("who", "Who?", Form("name"));
            }
            catch (OperationCanceledException)
            {
                (await context.AsTaskAsync()).Should().BeFalse();
            }

            return "lost";
        },
            ByHand);
        await using var caller = TaskCaller.OverHttp(server);

        (await caller.CallAsync("ask")).GetProperty("result").GetProperty("resultType").GetString().Should().Be("input_required");
    }

    [Test]
    public void Times_that_are_none_are_refused_where_they_are_given()
    {
        FluentActions.Invoking(() => new ToolTasks { After = TimeSpan.FromSeconds(-5) }).Should().Throw<ArgumentOutOfRangeException>().WithMessage("*from 0 to 40 days*");
        FluentActions.Invoking(() => new ToolTasks { After = TimeSpan.FromDays(41) }).Should().Throw<ArgumentOutOfRangeException>();
        FluentActions.Invoking(() => new ToolTasks { TimeToLive = TimeSpan.Zero }).Should().Throw<ArgumentOutOfRangeException>().WithMessage("*lives for some time*");
        FluentActions.Invoking(() => new ToolTasks { PollInterval = TimeSpan.FromSeconds(-1) }).Should().Throw<ArgumentOutOfRangeException>();
        new ToolTasks { After = Timeout.InfiniteTimeSpan, TimeToLive = Timeout.InfiniteTimeSpan, PollInterval = TimeSpan.Zero }.Should().NotBeNull();
    }

    private static ElicitSchema Form(string field) =>
        new() { Properties = new Dictionary<string, PrimitiveSchema> { [field] = new StringSchema() }, Required = [field] };

    private static string? TextOf(JsonElement response) => response.GetProperty("result").GetProperty("content")[0].GetProperty("text").GetString();

    private static async Task TimerAsync(ManualTime time, TimeSpan wait)
    {
        var patience = DateTime.UtcNow + Patience;
        while (!time.HasTimerIn(wait))
        {
            await Task.Yield();
            (DateTime.UtcNow < patience).Should().BeTrue("a timer should run");
        }
    }
}
