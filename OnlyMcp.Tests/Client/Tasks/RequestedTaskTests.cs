using System.Text.Json;
using System.Text.Json.Nodes;
using OnlyMcp.Client;
using OnlyMcp.Client.Tasks;
using OnlyMcp.Protocol.JsonRpc;
using OnlyMcp.Protocol.Schema;
using OnlyMcp.Protocol.Transport;
using OnlyMcp.Tests.Support;
using static OnlyMcp.Tests.Client.Tasks.TaskScript;

namespace OnlyMcp.Tests.Client.Tasks;

/// <summary>Calls that a client wishes to be tasks, in 2025-11-25.</summary>
public sealed class RequestedTaskTests
{
    private const string Failed = """{"content":[{"type":"text","text":"This tool is for tasks alone."}],"isError":true}""";

    private static readonly RequestOptions AsTask = new() { AsTask = true };

    [TestCase("required", false, true)]
    [TestCase("required", true, true)]
    [TestCase("optional", false, false)]
    [TestCase("optional", true, true)]
    [TestCase("forbidden", true, false)]
    [TestCase(null, true, false)]
    [Spec("2025-11-25 basic/utilities/tasks §Tool-Level Negotiation", 2, 3)]
    public async Task A_tool_is_called_as_a_task_if_it_has_to_be_or_may_be_and_that_is_wished(string? support, bool wished, bool isTask)
    {
        await using var pipe = new ScriptedPipe();
        await using var client = await LegacyAsync(pipe);
        await ListAsync(pipe, client, support);

        var calling = client.CallToolAsync("t", options: wished ? AsTask : null);
        var call = await pipe.NextAsync("tools/call");
        if (isTask)
        {
            await pipe.ResultAsync(call, OldCreated());
            await pipe.ResultAsync(await pipe.NextAsync("tasks/get"), OldGot("completed"));
            await pipe.ResultAsync(await pipe.NextAsync("tasks/result"), OldResult());
        }
        else
        {
            await pipe.ResultAsync(call, Done);
        }

        (await calling).Text.Should().Be("done");
        call.GetProperty("params").TryGetProperty("task", out var wish).Should().Be(isTask);
        if (isTask)
            wish.GetRawText().Should().Be("{}");
    }

    [Test]
    [Spec("2025-11-25 basic/utilities/tasks §Task Progress Notifications")]
    public async Task Nothing_is_told_after_the_call_was_cancelled()
    {
        var told = new List<double>();
        await using var pipe = new ScriptedPipe();
        await using var client = await LegacyAsync(pipe, new McpClientOptions());
        await ListAsync(pipe, client, "required");
        using var enough = new CancellationTokenSource();

        var calling = client.CallToolAsync("t", options: new RequestOptions { OnProgress = news => told.Add(news.Progress) }, cancellationToken: enough.Token);
        var call = await pipe.NextAsync("tools/call");
        await pipe.ResultAsync(call, OldCreated("working", ""","pollInterval":60000"""));
        await SessionTests.Eventually(() => client.Conversation.Inbox.Conversation.Pending.Count == 0);
        await enough.CancelAsync();
        await calling.Awaiting(one => one).Should().ThrowAsync<OperationCanceledException>();
        var token = call.GetProperty("params").GetProperty("_meta").GetProperty("progressToken");
        await pipe.SendAsync($$$"""{"jsonrpc":"2.0","method":"notifications/progress","params":{"progressToken":{{{token.GetRawText()}}},"progress":1}}""");
        await pipe.ResultAsync(await pipe.NextAsync("tasks/cancel"), OldGot("cancelled"));
        var pinging = client.PingAsync();
        await pipe.ResultAsync(await pipe.NextAsync("ping"), "{}");
        await pinging;

        told.Should().BeEmpty();
        client.Conversation.Inbox.Listeners.FindTask(call.GetProperty("id").GetInt64()).Should().BeNull("nothing is kept for a call that is over");
    }

    [Test]
    [Spec("2025-11-25 basic/utilities/tasks §Retrieving Task Results")]
    public async Task A_server_that_refuses_to_be_asked_now_is_asked_for_the_result_again()
    {
        const string slowly = """{"retryAfter":0.001}""";
        await using var pipe = new ScriptedPipe();
        await using var client = await LegacyAsync(pipe);
        var task = client.ResumeTask(new TaskHandle { TaskId = "k1", Tool = "t" });

        var waiting = task.WaitAsync();
        await pipe.ResultAsync(await pipe.NextAsync("tasks/get"), OldGot("input_required"));
        await pipe.ErrorAsync(await pipe.NextAsync("tasks/result"), ErrorCode.RateLimited, slowly);
        await pipe.ResultAsync(await pipe.NextAsync("tasks/get"), OldGot("input_required"));
        await pipe.ResultAsync(await pipe.NextAsync("tasks/get"), OldGot("completed"));
        await pipe.ErrorAsync(await pipe.NextAsync("tasks/result"), ErrorCode.RateLimited, slowly);
        await pipe.ResultAsync(await pipe.NextAsync("tasks/result"), OldResult());

        (await waiting).Text.Should().Be("done");
    }

    [Test]
    [Spec("2025-11-25 basic/utilities/tasks §Getting Tasks")]
    public async Task A_result_that_came_while_the_task_asked_leaves_its_last_state_to_be_looked_at()
    {
        await using var pipe = new ScriptedPipe();
        await using var client = await LegacyAsync(pipe);
        var task = client.ResumeTask(new TaskHandle { TaskId = "k1", Tool = "t" });

        var waiting = task.WaitAsync();
        await pipe.ResultAsync(await pipe.NextAsync("tasks/get"), OldGot("input_required"));
        await pipe.ResultAsync(await pipe.NextAsync("tasks/result"), OldResult());
        await waiting;
        var refreshing = task.RefreshAsync();
        await pipe.ResultAsync(await pipe.NextAsync("tasks/get"), OldGot("completed"));

        (await refreshing)!.Status.Should().Be(McpTaskStatus.Completed);
        (await task.RefreshAsync())!.Status.Should().Be(McpTaskStatus.Completed, "what has ended is not asked about again");
    }

    [Test]
    public void A_time_to_live_is_not_negative() =>
        FluentActions.Invoking(() => new RequestOptions { TaskTimeToLive = Timeout.InfiniteTimeSpan }).Should().Throw<ArgumentOutOfRangeException>().WithMessage("*null leaves it*");

    [TestCase("{}")]
    [TestCase("""{"requests":{}}""")]
    [TestCase("""{"requests":{"tools":{}}}""")]
    [Spec("2025-11-25 basic/utilities/tasks §Tool-Level Negotiation", 1)]
    [Spec("2025-11-25 basic/utilities/tasks §Capability Negotiation")]
    public async Task Without_the_capability_no_tool_is_called_as_a_task_whatever_it_says(string tasks)
    {
        await using var pipe = new ScriptedPipe();
        await using var client = await LegacyAsync(pipe, tasks: tasks);
        await ListAsync(pipe, client, "required");

        var calling = client.CallToolAsync("t", options: AsTask);
        var call = await pipe.NextAsync("tools/call");
        await pipe.ResultAsync(call, Done);
        await calling;

        call.GetProperty("params").TryGetProperty("task", out _).Should().BeFalse();
    }

    [TestCase("2025-06-18")]
    [TestCase("2024-11-05")]
    [Spec("2025-11-25 basic/utilities/tasks §Capability Negotiation")]
    public async Task An_older_revision_has_no_tasks_and_calls_tools_all_the_same(string version)
    {
        await using var pipe = new ScriptedPipe();
        await using var client = await LegacyAsync(pipe, version: version);
        await ListAsync(pipe, client, "required");

        var starting = client.StartToolAsync("t");
        var call = await pipe.NextAsync("tools/call");
        await pipe.ResultAsync(call, Done);
        var task = await starting;

        call.GetProperty("params").TryGetProperty("task", out _).Should().BeFalse();
        (task.IsOver, task.Handle, task.State, (await task.WaitAsync()).Text).Should().Be((true, null, null, "done"));
        client.Invoking(one => one.ResumeTask(new TaskHandle { TaskId = "k", Tool = "t" })).Should().Throw<InvalidOperationException>().WithMessage($"*{version}*no tasks*");
    }

    [Test]
    [Spec("2025-11-25 basic/utilities/tasks §Tool-Level Negotiation", 3)]
    public async Task A_tool_that_was_never_listed_and_refuses_is_looked_up_and_called_once_more([Values] bool inAResult)
    {
        await using var pipe = new ScriptedPipe();
        await using var client = await LegacyAsync(pipe);

        var calling = client.CallToolAsync("t");
        var first = await pipe.NextAsync("tools/call");
        if (inAResult)
            await pipe.ResultAsync(first, Failed);
        else
            await pipe.ErrorAsync(first, -32601);
        await pipe.ResultAsync(await pipe.NextAsync("tools/list"), Listed("required"));
        var second = await pipe.NextAsync("tools/call");
        await pipe.ResultAsync(second, OldCreated("completed"));
        await pipe.ResultAsync(await pipe.NextAsync("tasks/get"), OldGot("completed"));
        await pipe.ResultAsync(await pipe.NextAsync("tasks/result"), OldResult());

        (await calling).Text.Should().Be("done");
        first.GetProperty("params").TryGetProperty("task", out _).Should().BeFalse();
        second.GetProperty("params").TryGetProperty("task", out _).Should().BeTrue();
    }

    [TestCase("optional", true)]
    [TestCase("forbidden", false)]
    [Spec("2025-11-25 basic/utilities/tasks §Tool-Level Negotiation", 2)]
    public async Task Who_wants_a_handle_has_an_unknown_tool_looked_up_first(string support, bool isTask)
    {
        await using var pipe = new ScriptedPipe();
        await using var client = await LegacyAsync(pipe);

        var starting = client.StartToolAsync("t");
        await pipe.ResultAsync(await pipe.NextAsync("tools/list"), Listed(support));
        var call = await pipe.NextAsync("tools/call");
        await pipe.ResultAsync(call, isTask ? OldCreated() : Done);

        (await starting).IsOver.Should().Be(!isTask);
        call.GetProperty("params").TryGetProperty("task", out _).Should().Be(isTask);
    }

    [TestCase("optional")]
    [TestCase("forbidden")]
    [Spec("2025-11-25 basic/utilities/tasks §Tool-Level Negotiation")]
    public async Task A_tool_that_failed_is_not_called_again_if_it_may_have_run(string support)
    {
        await using var pipe = new ScriptedPipe();
        await using var client = await LegacyAsync(pipe);

        var calling = client.CallToolAsync("t");
        await pipe.ResultAsync(await pipe.NextAsync("tools/call"), Failed);
        await pipe.ResultAsync(await pipe.NextAsync("tools/list"), Listed(support));

        (await calling).IsError.Should().BeTrue();
    }

    [Test]
    [Spec("2025-11-25 basic/utilities/tasks §Tool-Level Negotiation")]
    public async Task A_refusal_that_the_list_does_not_explain_is_the_callers()
    {
        await using var pipe = new ScriptedPipe();
        await using var client = await LegacyAsync(pipe);

        var calling = client.CallToolAsync("t");
        await pipe.ErrorAsync(await pipe.NextAsync("tools/call"), -32601);
        await pipe.ResultAsync(await pipe.NextAsync("tools/list"), Listed("optional"));

        (await calling.Awaiting(task => task).Should().ThrowAsync<JsonRpcException>()).Which.Code.Should().Be(-32601);
    }

    [TestCase("""{"tools":7}""")]
    [TestCase(null)]
    [Spec("2025-11-25 basic/utilities/tasks §Tool-Level Negotiation", 2)]
    public async Task Where_the_list_cannot_be_had_the_tool_is_called_without_a_task(string? list)
    {
        await using var pipe = new ScriptedPipe();
        await using var client = await LegacyAsync(pipe);

        var starting = client.StartToolAsync("t");
        var listing = await pipe.NextAsync("tools/list");
        await (list is null ? pipe.ErrorAsync(listing, -32603) : pipe.ResultAsync(listing, list));
        var call = await pipe.NextAsync("tools/call");
        await pipe.ResultAsync(call, Done);

        (await (await starting).WaitAsync()).Text.Should().Be("done");
        call.GetProperty("params").TryGetProperty("task", out _).Should().BeFalse();
    }

    [Test]
    [Spec("2025-11-25 basic/utilities/tasks §Creating Tasks")]
    public async Task How_long_the_task_is_kept_can_be_wished()
    {
        await using var pipe = new ScriptedPipe();
        await using var client = await LegacyAsync(pipe);
        await ListAsync(pipe, client, "optional");

        var starting = client.StartToolAsync("t", options: new RequestOptions { TaskTimeToLive = TimeSpan.FromMinutes(1) });
        var call = await pipe.NextAsync("tools/call");
        await pipe.ResultAsync(call, """{"task":{"taskId":"k1","status":"working","createdAt":"2025-11-25T10:00:00Z","lastUpdatedAt":"2025-11-25T10:00:01Z","ttl":null,"pollInterval":5000},"_meta":{"io.modelcontextprotocol/model-immediate-response":"wait"}}""");
        var task = await starting;

        call.GetProperty("params").GetProperty("task").GetRawText().Should().Be("""{"ttl":60000}""");
        (task.State!.TimeToLive, task.State.PollInterval, task.ImmediateResponse, task.IsOver).Should().Be((null, TimeSpan.FromSeconds(5), "wait", false));
    }

    [Test]
    [Spec("2025-11-25 basic/utilities/tasks §Input Required Status")]
    [Spec("2025-11-25 basic/utilities/tasks §Associating Task-Related Messages", 1, 3)]
    public async Task A_task_that_asks_is_waited_for_and_the_answer_says_whose_it_is()
    {
        var asked = new List<InputContext>();
        await using var pipe = new ScriptedPipe();
        await using var client = await LegacyAsync(pipe, Quick with
        {
            OnElicit = (_, context, _) =>
            {
                asked.Add(context);
                return ValueTask.FromResult(ElicitAnswer.Accept(new JsonObject { ["name"] = "me" }));
            },
        });
        await ListAsync(pipe, client, "required");

        var calling = client.CallToolAsync("t");
        await pipe.ResultAsync(await pipe.NextAsync("tools/call"), OldCreated());
        var look = await pipe.NextAsync("tasks/get");
        await pipe.ResultAsync(look, OldGot("input_required"));
        var result = await pipe.NextAsync("tasks/result");
        await pipe.SendAsync("""{"jsonrpc":"2.0","id":"q","method":"elicitation/create","params":{"message":"Who?","requestedSchema":{"type":"object","properties":{"name":{"type":"string"}}},"_meta":{"io.modelcontextprotocol/related-task":{"taskId":"k1"} } } }""");
        var answer = await pipe.NextAsync();
        await pipe.ResultAsync(result, OldResult());

        (await calling).Text.Should().Be("done");
        answer.GetProperty("result").GetRawText().Should().Be(
            """{"action":"accept","content":{"name":"me"},"_meta":{"io.modelcontextprotocol/related-task":{"taskId":"k1"}}}""");
        asked.Should().ContainSingle().Which.TaskId.Should().Be("k1");
        foreach (var request in new[] { look, result })
            request.GetProperty("params").GetRawText().Should().Be("""{"taskId":"k1"}""", "it says already which task it is about");
    }

    [Test]
    public async Task A_call_that_fails_on_the_way_tells_where_its_task_is_found()
    {
        await using var pipe = new ScriptedPipe();
        await using var client = await LegacyAsync(pipe);
        await ListAsync(pipe, client, "required");

        var calling = client.CallToolAsync("t");
        await pipe.ResultAsync(await pipe.NextAsync("tools/call"), OldCreated());
        await pipe.ResultAsync(await pipe.NextAsync("tasks/get"), OldGot("working").Replace("k1", "another"));

        var fault = (await FluentActions.Awaiting(() => calling).Should().ThrowAsync<ProtocolFaultException>()).Which;
        TaskHandle.Of(fault).Should().BeEquivalentTo(new { TaskId = "k1", Tool = "t" });
        TaskHandle.Of(new InvalidOperationException()).Should().BeNull();
    }

    [Test]
    [Spec("2025-11-25 basic/utilities/tasks §Getting Tasks")]
    public async Task Who_has_answered_hears_how_the_task_goes_on_while_its_result_is_waited_for()
    {
        var time = new ManualTime();
        var told = new List<string?>();
        await using var pipe = new ScriptedPipe();

        // No other clock runs.
        await using var client = await LegacyAsync(
            pipe, new McpClientOptions { TimeProvider = time, Timeouts = RequestTimeouts.None, ProbeTimeout = Timeout.InfiniteTimeSpan });
        var task = client.ResumeTask(new TaskHandle { TaskId = "k1", Tool = "t" });

        var waiting = task.WaitAsync(new RequestOptions { OnProgress = news => told.Add(news.Message) });
        await pipe.ResultAsync(await pipe.NextAsync("tasks/get"), OldGot("input_required"));
        var result = await pipe.NextAsync("tasks/result");
        foreach (var words in new[] { "half", "nearly" })
        {
            await SessionTests.Eventually(() => time.HasTimerIn(TimeSpan.FromSeconds(5)));
            time.Advance(TimeSpan.FromSeconds(5));
            await pipe.ResultAsync(await pipe.NextAsync("tasks/get"), OldGot("working", $$""","statusMessage":"{{words}}" """));
        }

        await pipe.ResultAsync(result, OldResult());
        (await waiting).Text.Should().Be("done");
        told.Should().Equal("half", "nearly");
    }

    [Test]
    [Spec("2025-11-25 basic/utilities/tasks §Task Progress Notifications")]
    public async Task The_token_of_the_call_stays_good_until_the_task_has_ended()
    {
        var told = new List<double>();
        await using var pipe = new ScriptedPipe();
        await using var client = await LegacyAsync(pipe);
        await ListAsync(pipe, client, "required");

        var calling = client.CallToolAsync("t", options: new RequestOptions { OnProgress = news => told.Add(news.Progress) });
        var call = await pipe.NextAsync("tools/call");
        await ProgressAsync(1);
        await pipe.ResultAsync(call, OldCreated("working", ""","statusMessage":"words" """));
        await ProgressAsync(2);
        await pipe.ResultAsync(await pipe.NextAsync("tasks/get"), OldGot("working", ""","statusMessage":"other words" """));
        await ProgressAsync(2);
        await pipe.ResultAsync(await pipe.NextAsync("tasks/get"), OldGot("completed"));
        var result = await pipe.NextAsync("tasks/result");
        await ProgressAsync(3);
        await pipe.ResultAsync(result, OldResult());
        await calling;
        await ProgressAsync(4);
        var pinging = client.PingAsync();
        await pipe.ResultAsync(await pipe.NextAsync("ping"), "{}");
        await pinging;

        told.Should().Equal(1, 2, 3);

        Task ProgressAsync(int progress) => pipe.SendAsync(
            $$$"""{"jsonrpc":"2.0","method":"notifications/progress","params":{"progressToken":{{{call.GetProperty("params").GetProperty("_meta").GetProperty("progressToken").GetRawText()}}},"progress":{{{progress}}},"_meta":{"io.modelcontextprotocol/related-task":{"taskId":"k1"} } } }""");
    }

    [Test]
    [Spec("2025-11-25 basic/utilities/tasks §Task Execution Errors")]
    public async Task A_task_that_failed_gives_the_tools_own_words_or_the_error_of_the_call()
    {
        var answer = await EndAsync(OldGot("failed"), (pipe, result) => pipe.ResultAsync(result, """{"content":[{"type":"text","text":"no"}],"isError":true}"""));
        (answer.IsError, answer.Text).Should().Be((true, "no"));

        foreach (var code in new[] { -32602, -32099, 429 })
        {
            var fault = await FluentActions.Awaiting(() => EndAsync(OldGot("failed"), (pipe, result) => pipe.ErrorAsync(result, code))).Should().ThrowAsync<JsonRpcException>();
            (fault.Which.GetType(), fault.Which.Code).Should().Be((typeof(JsonRpcException), code));
        }
    }

    [Test]
    [Spec("2025-11-25 basic/utilities/tasks §Protocol Errors")]
    public async Task A_result_that_was_dropped_is_a_task_that_is_not_found()
    {
        await FluentActions.Awaiting(() => EndAsync(OldGot("completed"), (pipe, result) => pipe.ErrorAsync(result, -32602))).Should().ThrowAsync<TaskNotFoundException>();
    }

    [Test]
    [Spec("2025-11-25 basic/utilities/tasks §Associating Task-Related Messages")]
    public async Task The_result_of_another_task_is_a_fault()
    {
        await FluentActions.Awaiting(() => EndAsync(OldGot("completed"), (pipe, result) => pipe.ResultAsync(result, OldResult(id: "k2"))))
            .Should().ThrowAsync<ProtocolFaultException>().WithMessage("*'k1'*'k2'*");
        await FluentActions.Awaiting(() => EndAsync(OldGot("completed", id: "k2"), (_, _) => Task.CompletedTask))
            .Should().ThrowAsync<ProtocolFaultException>().WithMessage("*'k1'*'k2'*");
    }

    [Test]
    [Spec("2025-11-25 basic/utilities/tasks §Task Cancellation")]
    public async Task A_task_that_is_cancelled_while_it_is_waited_for_says_so()
    {
        await using var pipe = new ScriptedPipe();
        await using var client = await LegacyAsync(pipe);
        await ListAsync(pipe, client, "required");

        var calling = client.CallToolAsync("t");
        await pipe.ResultAsync(await pipe.NextAsync("tools/call"), OldCreated());
        await pipe.ResultAsync(await pipe.NextAsync("tasks/get"), OldGot("input_required"));
        await pipe.ErrorAsync(await pipe.NextAsync("tasks/result"), -32600);
        await pipe.ResultAsync(await pipe.NextAsync("tasks/get"), OldGot("cancelled"));
        await pipe.ResultAsync(await pipe.NextAsync("tasks/get"), OldGot("cancelled"));

        await calling.Awaiting(task => task).Should().ThrowAsync<ToolTaskCancelledException>();
    }

    [Test]
    [Spec("2025-11-25 basic/utilities/tasks §Retrieving Task Results")]
    public async Task A_result_that_is_long_in_coming_is_waited_for_and_looked_after_now_and_then()
    {
        var time = new ManualTime();
        await using var pipe = new ScriptedPipe();
        var options = new McpClientOptions { TimeProvider = time, Tasks = new ClientTaskOptions { ResultWait = TimeSpan.FromSeconds(7) } };
        await using var client = await LegacyAsync(pipe, options);
        await ListAsync(pipe, client, "required");

        var calling = client.CallToolAsync("t");
        await pipe.ResultAsync(await pipe.NextAsync("tools/call"), OldCreated("input_required"));
        await pipe.ResultAsync(await pipe.NextAsync("tasks/get"), OldGot("input_required"));
        var first = await pipe.NextAsync("tasks/result");
        await SessionTests.Eventually(() => time.HasTimerIn(TimeSpan.FromSeconds(5)));
        time.Advance(TimeSpan.FromSeconds(5));
        await pipe.ResultAsync(await pipe.NextAsync("tasks/get"), OldGot("input_required"));
        await SessionTests.Eventually(() => time.HasTimerIn(TimeSpan.FromSeconds(5)));
        time.Advance(TimeSpan.FromSeconds(2));
        var cancelled = await pipe.NextAsync("notifications/cancelled");
        cancelled.GetProperty("params").GetProperty("requestId").GetRawText().Should().Be(first.GetProperty("id").GetRawText());
        await SessionTests.Eventually(() => time.HasTimerIn(TimeSpan.FromSeconds(1)));
        time.Advance(TimeSpan.FromSeconds(1));
        await pipe.ResultAsync(await pipe.NextAsync("tasks/get"), OldGot("input_required"));
        await pipe.ResultAsync(await pipe.NextAsync("tasks/result"), OldResult());

        (await calling).Text.Should().Be("done");
    }

    [Test]
    [Spec("2025-11-25 basic/utilities/cancellation §Behavior Requirements", 4)]
    public async Task A_call_that_is_cancelled_before_the_task_is_known_is_cancelled_as_a_task()
    {
        await using var pipe = new ScriptedPipe();
        await using var client = await LegacyAsync(pipe);
        await ListAsync(pipe, client, "required");
        using var cancellation = new CancellationTokenSource();

        var calling = client.CallToolAsync("t", cancellationToken: cancellation.Token);
        var call = await pipe.NextAsync("tools/call");
        await cancellation.CancelAsync();
        await calling.Awaiting(task => task).Should().ThrowAsync<OperationCanceledException>();
        await pipe.ResultAsync(call, OldCreated());
        var cancel = await pipe.NextAsync("tasks/cancel");
        await pipe.ResultAsync(cancel, OldGot("cancelled"));

        cancel.TaskId().Should().Be("k1");
    }

    [Test]
    [Spec("2025-11-25 basic/utilities/cancellation §Behavior Requirements", 4)]
    public async Task A_call_that_is_cancelled_later_is_cancelled_as_a_task_and_in_no_other_way()
    {
        await using var pipe = new ScriptedPipe();
        await using var client = await LegacyAsync(pipe, new McpClientOptions { TimeProvider = new ManualTime() });
        await ListAsync(pipe, client, "required");
        using var cancellation = new CancellationTokenSource();

        var calling = client.CallToolAsync("t", cancellationToken: cancellation.Token);
        await pipe.ResultAsync(await pipe.NextAsync("tools/call"), OldCreated());
        await SessionTests.Eventually(() => client.Conversation.Inbox.Conversation.Pending.Count == 0);
        await cancellation.CancelAsync();
        await pipe.ResultAsync(await pipe.NextAsync("tasks/cancel"), OldGot("cancelled"));

        await calling.Awaiting(task => task).Should().ThrowAsync<OperationCanceledException>();
    }

    [Test]
    [Spec("2025-11-25 basic/utilities/tasks §Task Cancellation")]
    public async Task Cancelling_what_is_over_is_no_error_and_cancelling_what_is_unknown_is_one()
    {
        await using var pipe = new ScriptedPipe();
        await using var client = await LegacyAsync(pipe);
        var task = client.ResumeTask(new TaskHandle { TaskId = "k1", Tool = "t" });

        var cancelling = task.CancelAsync();
        await pipe.ErrorAsync(await pipe.NextAsync("tasks/cancel"), -32602);
        await pipe.ErrorAsync(await pipe.NextAsync("tasks/get"), -32602);
        await cancelling.Awaiting(one => one).Should().ThrowAsync<TaskNotFoundException>();

        cancelling = task.CancelAsync();
        await pipe.ErrorAsync(await pipe.NextAsync("tasks/cancel"), -32602);
        await pipe.ResultAsync(await pipe.NextAsync("tasks/get"), OldGot("completed"));
        await cancelling;
        (task.State!.Status, task.IsOver).Should().Be((McpTaskStatus.Completed, true));
        await task.CancelAsync();
    }

    [Test]
    [Spec("2025-11-25 basic/utilities/tasks §Capabilities")]
    public async Task What_the_server_does_not_do_about_tasks_is_not_asked_for()
    {
        await using var pipe = new ScriptedPipe();
        await using var client = await LegacyAsync(pipe, tasks: """{"requests":{"tools":{"call":{}}}}""");
        var task = client.ResumeTask(new TaskHandle { TaskId = "k1", Tool = "t" });

        await task.Awaiting(one => one.CancelAsync()).Should().ThrowAsync<MissingServerCapabilityException>().WithMessage("*tasks.cancel*");
        await client.Awaiting(one => one.ListTasksAsync().CountAsync().AsTask()).Should().ThrowAsync<MissingServerCapabilityException>().WithMessage("*tasks.list*");
    }

    [Test]
    [Spec("2025-11-25 basic/utilities/tasks §Listing Tasks")]
    [Spec("2025-11-25 basic/utilities/tasks §Task Listing", 2)]
    public async Task Tasks_are_listed_page_by_page()
    {
        await using var pipe = new ScriptedPipe();
        await using var client = await LegacyAsync(pipe);

        var listing = client.ListTasksAsync().Select(task => $"{task.Id} {task.Status}").ToListAsync().AsTask();
        await pipe.ResultAsync(await pipe.NextAsync("tasks/list"), $$"""{"tasks":[{{OldGot("working")}}],"nextCursor":" =/x"}""");
        var second = await pipe.NextAsync("tasks/list");
        await pipe.ResultAsync(second, $$"""{"tasks":[{{OldGot("failed", id: "k2")}}]}""");

        (await listing).Should().Equal("k1 Working", "k2 Failed");
        second.GetProperty("params").GetProperty("cursor").GetString().Should().Be(" =/x");
    }

    [Test]
    [Spec("2025-11-25 basic/utilities/tasks §Task Status Notification")]
    [Spec("2025-11-25 basic/utilities/tasks §Task Notifications")]
    public async Task What_is_told_unasked_is_heard()
    {
        await using var pipe = new ScriptedPipe();
        await using var client = await LegacyAsync(pipe);
        await using var changes = client.ListenAsync(new SubscriptionFilter { TaskIds = ["k1"] }).GetAsyncEnumerator();

        var next = changes.MoveNextAsync().AsTask();
        await pipe.ResultAsync(await pipe.NextAsync("ping"), "{}");
        await next;
        ((OnlyMcp.Client.Subscriptions.ListeningStarted)changes.Current).Refused.TaskIds.Should().Equal("k1");

        await pipe.SendAsync($$"""{"jsonrpc":"2.0","method":"notifications/tasks/status","params":{{OldGot("working", id: "k9")}}}""");
        await pipe.SendAsync($$"""{"jsonrpc":"2.0","method":"notifications/tasks/status","params":{{OldGot("completed")}}}""");
        await changes.MoveNextAsync();
        var told = ((OnlyMcp.Client.Subscriptions.TaskChanged)changes.Current).Task;
        (told.Id, told.Status, told.TimeToLive).Should().Be(("k1", McpTaskStatus.Completed, TimeSpan.FromMinutes(1)));
    }

    [TestCase(true)]
    [TestCase(false)]
    [Spec("2025-11-25 basic/utilities/tasks §Task Status Notification", 1)]
    [Spec("2025-11-25 basic/utilities/tasks §Task Notifications", 1)]
    public async Task A_task_is_asked_for_until_it_has_ended_whether_or_not_anything_is_told_of_it(bool isTold)
    {
        await using var pipe = new ScriptedPipe();
        await using var client = await LegacyAsync(pipe);
        await ListAsync(pipe, client, "required");

        var calling = client.CallToolAsync("t");
        await pipe.ResultAsync(await pipe.NextAsync("tools/call"), OldCreated());
        if (isTold)
            await pipe.SendAsync($$"""{"jsonrpc":"2.0","method":"notifications/tasks/status","params":{{OldGot("completed")}}}""");
        for (var i = 0; i < 3; i++)
            await pipe.ResultAsync(await pipe.NextAsync("tasks/get"), OldGot("working"));
        await pipe.ResultAsync(await pipe.NextAsync("tasks/get"), OldGot("completed"));
        await pipe.ResultAsync(await pipe.NextAsync("tasks/result"), Done);

        (await calling).Text.Should().Be("done");
    }

    private static async Task<ToolAnswer> EndAsync(string state, Func<ScriptedPipe, JsonElement, Task> answer)
    {
        await using var pipe = new ScriptedPipe();
        await using var client = await LegacyAsync(pipe);
        await ListAsync(pipe, client, "required");
        var calling = client.CallToolAsync("t");
        await pipe.ResultAsync(await pipe.NextAsync("tools/call"), OldCreated());
        await pipe.ResultAsync(await pipe.NextAsync("tasks/get"), state);
        if (state.Contains("\"k1\"", StringComparison.Ordinal))
            await answer(pipe, await pipe.NextAsync("tasks/result"));
        return await calling;
    }
}
