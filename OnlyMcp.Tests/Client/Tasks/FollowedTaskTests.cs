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

/// <summary>Calls that a server of 2026-07-28 goes on with as tasks.</summary>
public sealed class FollowedTaskTests
{
    [Test]
    [Spec("ext-tasks tasks §Capability Negotiation", 2)]
    [Spec("ext-tasks tasks §Task Polling")]
    [Spec("ext-tasks tasks §Example Message Flow")]
    public async Task A_call_that_becomes_a_task_is_followed_to_its_result()
    {
        await using var pipe = new ScriptedPipe();
        await using var client = await ModernAsync(pipe);

        var calling = client.CallToolAsync("t", new { city = "Oslo" });
        var call = await pipe.NextAsync("tools/call");
        await pipe.ResultAsync(call, Created());
        foreach (var status in new[] { "working", "working" })
        {
            var look = await pipe.NextAsync("tasks/get");
            (look.TaskId(), look.Declares()).Should().Be(("k1", true));
            await pipe.ResultAsync(look, Got(status));
        }

        await pipe.ResultAsync(await pipe.NextAsync("tasks/get"), Got("completed", $""","result":{Done}"""));

        (await calling).Text.Should().Be("done");
        call.Declares().Should().BeTrue();
        call.GetProperty("params").TryGetProperty("task", out _).Should().BeFalse("the server alone decides");
    }

    [Test]
    [Spec("ext-tasks tasks §Capability Negotiation", 2)]
    public async Task A_server_that_answers_at_once_is_not_asked_again()
    {
        await using var pipe = new ScriptedPipe();
        await using var client = await ModernAsync(pipe);

        var calling = client.CallToolAsync("t");
        await pipe.ResultAsync(await pipe.NextAsync("tools/call"), Done);

        (await calling).Text.Should().Be("done");
    }

    [Test]
    [Spec("ext-tasks tasks §Capability Negotiation")]
    public async Task Nothing_but_calls_of_tools_and_requests_about_tasks_declares_the_extension()
    {
        await using var pipe = new ScriptedPipe();
        await using var client = await ModernAsync(pipe);
        client.HasExtension(TasksExtension.Id).Should().BeTrue();

        await AnsweredAsync(client.ListToolsPageAsync(), "tools/list", """{"tools":[]}""", false);
        await AnsweredAsync(client.SendRequestAsync("tools/call", new JsonBody("""{"name":"t"}"""u8.ToArray())), "tools/call", Done, false);
        await AnsweredAsync(
            client.SendRequestAsync("tools/call", new JsonBody("""{"name":"t"}"""u8.ToArray()), new RequestOptions { ResultTypes = ["task"] }), "tools/call", Created(), true);

        async Task AnsweredAsync(Task asking, string method, string result, bool declares)
        {
            var request = await pipe.NextAsync(method);
            request.Declares().Should().Be(declares);
            await pipe.ResultAsync(request, result);
            await asking;
        }
    }

    [Test]
    [Spec("ext-tasks tasks §Capability Negotiation")]
    public async Task A_server_that_does_not_speak_the_extension_is_not_told_of_it_until_it_says_that_it_needs_it()
    {
        await using var pipe = new ScriptedPipe();
        await using var client = await ModernAsync(pipe, extensions: "{}");

        var calling = client.CallToolAsync("t");
        var first = await pipe.NextAsync("tools/call");
        await pipe.ErrorAsync(first, -32021, """{"requiredCapabilities":{"extensions":{"io.modelcontextprotocol/tasks":{}}}}""");
        var second = await pipe.NextAsync("tools/call");
        await pipe.ResultAsync(second, Done);
        await calling;

        (first.Declares(), second.Declares()).Should().Be((false, true));
    }

    [Test]
    [Spec("ext-tasks tasks §Capability Negotiation")]
    public async Task A_server_that_needs_the_extension_once_it_has_been_given_input_is_asked_from_the_beginning()
    {
        await using var pipe = new ScriptedPipe();
        var options = new McpClientOptions
        {
            Tasks = Quick.Tasks,
            OnElicit = (_, _, _) => ValueTask.FromResult(ElicitAnswer.Accept(new JsonObject { ["name"] = "Ada" })),
        };
        await using var client = await ModernAsync(pipe, options, extensions: "{}");

        var calling = client.CallToolAsync("t");
        await pipe.ResultAsync(await pipe.NextAsync("tools/call"), $$$"""{"resultType":"input_required","inputRequests":{"who":{{{Form}}}}}""");
        var retry = await pipe.NextAsync("tools/call");
        await pipe.ErrorAsync(retry, -32021, """{"requiredCapabilities":{"extensions":{"io.modelcontextprotocol/tasks":{}}}}""");
        var anew = await pipe.NextAsync("tools/call");
        await pipe.ResultAsync(anew, Created());
        await pipe.ResultAsync(await pipe.NextAsync("tasks/get"), Got("completed", $""","result":{Done}"""));

        (await calling).Text.Should().Be("done");
        (retry.Declares(), anew.Declares()).Should().Be((false, true));
        anew.GetProperty("params").TryGetProperty("inputResponses", out _).Should().BeFalse();
    }

    [Test]
    [Spec("ext-tasks tasks §Capability Negotiation")]
    public async Task Who_turns_tasks_off_declares_nothing_and_a_task_is_then_a_fault()
    {
        await using var pipe = new ScriptedPipe();
        await using var client = await ModernAsync(pipe, new McpClientOptions { Tasks = new ClientTaskOptions { IsEnabled = false } });

        var calling = client.CallToolAsync("t");
        var call = await pipe.NextAsync("tools/call");
        await pipe.ResultAsync(call, Created());

        call.Declares().Should().BeFalse();
        await calling.Awaiting(task => task).Should().ThrowAsync<ProtocolFaultException>().WithMessage("*'task'*");
        client.HasExtension(TasksExtension.Id).Should().BeFalse();
    }

    [Test]
    [Spec("ext-tasks tasks §Capability Negotiation", 3)]
    public async Task A_task_in_answer_to_what_cannot_become_one_is_a_fault()
    {
        await using var pipe = new ScriptedPipe();
        await using var client = await ModernAsync(pipe);

        var asking = client.GetPromptAsync("p");
        await pipe.ResultAsync(await pipe.NextAsync("prompts/get"), Created());

        await asking.Awaiting(task => task).Should().ThrowAsync<ProtocolFaultException>().WithMessage("*'prompts/get'*'task'*");
    }

    [Test]
    [Spec("ext-tasks tasks §Task Execution Errors")]
    public async Task A_task_that_failed_throws_the_error_that_the_call_came_to()
    {
        var fault = await EndAsync(Got("failed", ""","error":{"code":-32099,"message":"broken","data":{"a":1}}"""))
            .Awaiting(task => task).Should().ThrowAsync<JsonRpcException>();

        (fault.Which.Code, fault.Which.Message, fault.Which.Error.Data.ToString()).Should().Be((-32099, "broken", """{"a":1}"""));
    }

    [Test]
    [Spec("ext-tasks tasks §Task Execution Errors")]
    public async Task A_failed_task_that_calls_its_state_a_task_is_understood()
    {
        // The extension's own example has it so, against its text.
        await EndAsync(Created("failed", ""","error":{"code":-32603,"message":"broken"}"""))
            .Awaiting(task => task).Should().ThrowAsync<JsonRpcException>().WithMessage("broken");
    }

    [Test]
    [Spec("ext-tasks tasks §Task Execution Errors")]
    public async Task A_tool_that_failed_has_answered()
    {
        var answer = await EndAsync(Got("completed", ""","result":{"content":[{"type":"text","text":"no"}],"isError":true}"""));

        (answer.IsError, answer.Text).Should().Be((true, "no"));
    }

    [Test]
    [Spec("ext-tasks tasks §Task Status")]
    public async Task A_task_that_somebody_cancelled_has_an_exception_of_its_own()
    {
        var fault = await EndAsync(Got("cancelled", ""","statusMessage":"by the operator" """))
            .Awaiting(task => task).Should().ThrowAsync<ToolTaskCancelledException>().WithMessage("*'k1'*'t'*by the operator");

        fault.Which.Task.Status.Should().Be(McpTaskStatus.Cancelled);
    }

    [TestCase("k2", "completed", ""","result":{"content":[]}""", "*'k1'*'k2'*")]
    [TestCase("k1", "completed", "", "*Completed*'result'*")]
    [TestCase("k1", "completed", ""","result":null""", "*Completed*'result'*")]
    [TestCase("k1", "completed", ""","result":7""", "*Completed*'result'*")]
    [TestCase("k1", "completed", ""","result":{"content":7}""", "*another shape*")]
    [TestCase("k1", "failed", "", "*Failed*'error'*")]
    [TestCase("k1", "failed", ""","error":"broken" """, "*another shape*")]
    [TestCase("k1", "input_required", "", "*InputRequired*'inputRequests'*")]
    [TestCase("k1", "submitted", "", "*another shape*")]
    [TestCase("k1", "Working", "", "*another shape*")]
    [TestCase("k1", "working", ""","pollIntervalMs":"soon" """, "*another shape*")]
    [Spec("ext-tasks tasks §Task Polling")]
    public async Task What_no_server_may_say_of_a_task_is_a_fault(string id, string status, string more, string message)
    {
        await EndAsync(Got(status, more, id)).Awaiting(task => task).Should().ThrowAsync<ProtocolFaultException>().WithMessage(message);
    }

    [TestCase("""{"resultType":"task"}""")]
    [TestCase("""{"resultType":"task","taskId":7,"status":"working"}""")]
    [TestCase("""{"resultType":"task","taskId":"k","status":"working","createdAt":"yesterday","lastUpdatedAt":"2026-07-28T10:00:00Z","ttlMs":null}""")]
    [Spec("ext-tasks tasks §Task Creation")]
    public async Task A_task_that_is_none_is_a_fault(string created)
    {
        await using var pipe = new ScriptedPipe();
        await using var client = await ModernAsync(pipe);

        var calling = client.CallToolAsync("t");
        await pipe.ResultAsync(await pipe.NextAsync("tools/call"), created);

        await calling.Awaiting(task => task).Should().ThrowAsync<ProtocolFaultException>();
    }

    [Test]
    [Spec("ext-tasks tasks §Protocol Errors")]
    public async Task A_task_that_the_server_does_not_know_any_more_has_an_exception_of_its_own()
    {
        await using var pipe = new ScriptedPipe();
        await using var client = await ModernAsync(pipe);

        var calling = client.CallToolAsync("t");
        await pipe.ResultAsync(await pipe.NextAsync("tools/call"), Created());
        await pipe.ErrorAsync(await pipe.NextAsync("tasks/get"), -32602);

        (await calling.Awaiting(task => task).Should().ThrowAsync<TaskNotFoundException>()).Which.TaskId.Should().Be("k1");
    }

    [Test]
    [Spec("ext-tasks tasks §Task Polling")]
    public async Task An_error_that_is_no_answer_about_the_task_is_thrown_as_it_is()
    {
        await using var pipe = new ScriptedPipe();
        await using var client = await ModernAsync(pipe);

        var calling = client.CallToolAsync("t");
        await pipe.ResultAsync(await pipe.NextAsync("tools/call"), Created());
        await pipe.ErrorAsync(await pipe.NextAsync("tasks/get"), -32603);

        (await calling.Awaiting(task => task).Should().ThrowAsync<JsonRpcException>()).Which.Should().BeOfType<JsonRpcException>()
            .Which.Code.Should().Be(-32603);
    }

    [Test]
    [Spec("ext-tasks tasks §Task Creation")]
    public async Task A_task_that_is_over_when_it_is_created_is_asked_for_its_result_at_once()
    {
        await using var pipe = new ScriptedPipe();
        await using var client = await ModernAsync(pipe, new McpClientOptions { TimeProvider = new ManualTime() });

        var calling = client.CallToolAsync("t");
        await pipe.ResultAsync(await pipe.NextAsync("tools/call"), Created("completed"));
        await pipe.ResultAsync(await pipe.NextAsync("tasks/get"), Got("completed", $""","result":{Done}"""));

        (await calling).Text.Should().Be("done");
    }

    [Test]
    [Spec("2026-07-28 server/tools §Output Schema")]
    public async Task The_result_of_a_task_is_held_against_the_tools_schema_like_any_other()
    {
        await using var pipe = new ScriptedPipe();
        await using var client = await ModernAsync(pipe);
        var listing = client.ListToolsPageAsync();
        await pipe.ResultAsync(await pipe.NextAsync("tools/list"), """{"tools":[{"name":"t","inputSchema":{"type":"object"},"outputSchema":{"type":"object","required":["n"]}}]}""");
        await listing;

        var calling = client.CallToolAsync("t");
        await pipe.ResultAsync(await pipe.NextAsync("tools/call"), Created());
        await pipe.ResultAsync(await pipe.NextAsync("tasks/get"), Got("completed", ""","result":{"content":[],"structuredContent":{}}"""));

        await calling.Awaiting(task => task).Should().ThrowAsync<StructuredContentException>();
    }

    [Test]
    [Spec("2026-07-28 basic §icons")]
    public async Task The_result_of_a_task_hands_no_unsafe_icon_on()
    {
        var answer = await EndAsync(Got("completed", ""","result":{"content":[{"type":"resource_link","uri":"a://b","name":"n","icons":[{"src":"javascript:alert(1)"}]}]}"""));

        ((ResourceLink)answer.Content[0]).Icons.Should().BeNull();
    }

    [Test]
    [Spec("ext-tasks tasks §Task Polling")]
    public async Task The_result_of_a_task_is_read_as_a_type_like_any_other()
    {
        await using var pipe = new ScriptedPipe();
        await using var client = await ModernAsync(pipe);

        var calling = client.CallToolAsync<int[]>("t");
        await pipe.ResultAsync(await pipe.NextAsync("tools/call"), Created());
        await pipe.ResultAsync(await pipe.NextAsync("tasks/get"), Got("completed", ""","result":{"content":[],"structuredContent":[1,2]}"""));

        (await calling).Should().Equal(1, 2);
    }

    [Test]
    [Spec("ext-tasks tasks §Task Creation")]
    public async Task A_server_may_ask_before_it_makes_a_task()
    {
        await using var pipe = new ScriptedPipe();
        await using var client = await ModernAsync(pipe, Quick with { OnElicit = (_, _, _) => ValueTask.FromResult(ElicitAnswer.Decline) });

        var calling = client.CallToolAsync("t");
        await pipe.ResultAsync(await pipe.NextAsync("tools/call"), $$$"""{"resultType":"input_required","inputRequests":{"who":{{{Form}}}}}""");
        var again = await pipe.NextAsync("tools/call");
        await pipe.ResultAsync(again, Created());
        await pipe.ResultAsync(await pipe.NextAsync("tasks/get"), Got("completed", $""","result":{Done}"""));
        await calling;

        again.Declares().Should().BeTrue();
        again.GetProperty("params").GetProperty("inputResponses").GetProperty("who").GetProperty("action").GetString().Should().Be("decline");
    }

    [Test]
    [Spec("ext-tasks tasks §Task Cancellation", 1)]
    public async Task Who_cancels_the_call_cancels_the_task_and_goes_on_at_once()
    {
        await using var pipe = new ScriptedPipe();
        await using var client = await ModernAsync(pipe);
        using var cancellation = new CancellationTokenSource();

        var calling = client.CallToolAsync("t", cancellationToken: cancellation.Token);
        await pipe.ResultAsync(await pipe.NextAsync("tools/call"), Created("input_required"));
        await pipe.ResultAsync(await pipe.NextAsync("tasks/get"), Got("working", ""","pollIntervalMs":60000"""));
        await SessionTests.Eventually(() => client.Conversation.Inbox.Conversation.Pending.Count == 0);
        await cancellation.CancelAsync();

        await calling.Awaiting(task => task).Should().ThrowAsync<OperationCanceledException>();
        var cancel = await pipe.NextAsync("tasks/cancel");
        (cancel.TaskId(), cancel.Declares()).Should().Be(("k1", true));
        await pipe.ResultAsync(cancel, """{"resultType":"complete"}""");
    }

    [Test]
    [Spec("ext-tasks tasks §Task Cancellation")]
    public async Task A_client_that_is_disposed_right_after_a_cancel_lets_the_cancel_out_first()
    {
        await using var pipe = new ScriptedPipe();
        var client = await ModernAsync(pipe);
        using var cancellation = new CancellationTokenSource();

        var calling = client.CallToolAsync("t", cancellationToken: cancellation.Token);
        await pipe.ResultAsync(await pipe.NextAsync("tools/call"), Created("working", ""","pollIntervalMs":60000"""));
        await SessionTests.Eventually(() => client.Conversation.Inbox.Conversation.Pending.Count == 0);
        await cancellation.CancelAsync();
        await calling.Awaiting(task => task).Should().ThrowAsync<OperationCanceledException>();
        var disposing = client.DisposeAsync();
        await pipe.ResultAsync(await pipe.NextAsync("tasks/cancel"), """{"resultType":"complete"}""");
        await disposing;

        client.Conversation.HasEnded.Should().BeTrue();
    }

    [Test]
    [Spec("ext-tasks tasks §Task Cancellation", 1)]
    [Spec("2026-07-28 basic/patterns/cancellation §Timing Considerations")]
    public async Task A_task_that_was_on_its_way_when_the_call_was_cancelled_is_cancelled_too()
    {
        await using var pipe = new ScriptedPipe();
        await using var client = await ModernAsync(pipe);
        using var cancellation = new CancellationTokenSource();

        var calling = client.CallToolAsync("t", cancellationToken: cancellation.Token);
        var call = await pipe.NextAsync("tools/call");
        await cancellation.CancelAsync();
        await calling.Awaiting(task => task).Should().ThrowAsync<OperationCanceledException>();
        await pipe.NextAsync("notifications/cancelled");
        await pipe.ResultAsync(call, Created());

        var cancel = await pipe.NextAsync("tasks/cancel");
        (cancel.TaskId(), cancel.Declares()).Should().Be(("k1", true));
        await pipe.ResultAsync(cancel, """{"resultType":"complete"}""");
    }

    [TestCase(-1)]
    [TestCase(3_600_000)]
    [Spec("ext-tasks tasks §Task Polling")]
    public async Task The_time_for_the_whole_call_may_be_long_or_without_an_end(int milliseconds)
    {
        await using var pipe = new ScriptedPipe();
        await using var client = await ModernAsync(pipe);
        var patient = new RequestOptions { Timeouts = new RequestTimeouts { Total = TimeSpan.FromMilliseconds(milliseconds) } };

        var calling = client.CallToolAsync("t", options: patient);
        await pipe.ResultAsync(await pipe.NextAsync("tools/call"), Created());
        await pipe.ResultAsync(await pipe.NextAsync("tasks/get"), Got("completed", $""","result":{Done}"""));

        (await calling).Text.Should().Be("done");
    }

    [Test]
    [Spec("2026-07-28 basic/patterns/progress §Progress Flow")]
    [Spec("ext-tasks tasks §Tasks")]
    public async Task Progress_is_told_for_the_whole_life_of_the_task_and_only_grows()
    {
        var told = new List<string>();
        await using var pipe = new ScriptedPipe();
        await using var client = await ModernAsync(pipe);

        var calling = client.CallToolAsync("t", options: new RequestOptions { OnProgress = news => told.Add($"{news.Progress}/{news.Total} {news.Message}") });
        var call = await pipe.NextAsync("tools/call");
        var token = call.GetProperty("params").GetProperty("_meta").GetProperty("progressToken").GetRawText();
        await pipe.SendAsync($$$"""{"jsonrpc":"2.0","method":"notifications/progress","params":{"progressToken":{{{token}}},"progress":1,"total":9}}""");
        await pipe.ResultAsync(call, Created());
        foreach (var progress in new[] { 3, 2, 3, 7 })
            await pipe.ResultAsync(await pipe.NextAsync("tasks/get"), Got("working", $$$""","statusMessage":"at {{{progress}}}","_meta":{"com.onlymcp/progress":{"progress":{{{progress}}},"total":9,"message":"m"} }"""));
        await pipe.ResultAsync(await pipe.NextAsync("tasks/get"), Got("completed", $""","result":{Done}"""));
        await calling;

        told.Should().Equal("1/9 ", "3/9 m", "7/9 m");
    }

    [Test]
    [Spec("ext-tasks tasks §Tasks")]
    public async Task Where_nothing_is_measured_each_new_message_is_a_step()
    {
        var told = new List<string>();
        await using var pipe = new ScriptedPipe();
        await using var client = await ModernAsync(pipe);

        var calling = client.CallToolAsync("t", options: new RequestOptions { OnProgress = news => told.Add($"{news.Progress}/{news.Total} {news.Message}") });
        await pipe.ResultAsync(await pipe.NextAsync("tools/call"), Created("working", ""","statusMessage":"begun" """));
        foreach (var message in new[] { "begun", "half", "half" })
            await pipe.ResultAsync(await pipe.NextAsync("tasks/get"), Got("working", $$$""","statusMessage":"{{{message}}}","_meta":{"com.onlymcp/progress":"no number"}"""));
        await pipe.ResultAsync(await pipe.NextAsync("tasks/get"), Got("completed", $""","statusMessage":"all","result":{Done}"""));
        await calling;

        told.Should().Equal("1/ begun", "2/ half", "3/ all");
    }

    [Test]
    [Spec("ext-tasks tasks §Tasks")]
    public async Task A_measure_that_begins_after_words_is_told_from_its_beginning()
    {
        var told = new List<string>();
        await using var pipe = new ScriptedPipe();
        await using var client = await ModernAsync(pipe);

        var calling = client.CallToolAsync(
            "t", options: new RequestOptions { OnProgress = news => told.Add(FormattableString.Invariant($"{news.Progress}/{news.Total} {news.Message}")) });
        await pipe.ResultAsync(await pipe.NextAsync("tools/call"), Created("working", ""","statusMessage":"begun" """));
        foreach (var part in new[] { "0.25", "0.5" })
            await pipe.ResultAsync(await pipe.NextAsync("tasks/get"), Got("working", $$$""","statusMessage":"m","_meta":{"com.onlymcp/progress":{"progress":{{{part}}},"total":1,"message":"m"} }"""));
        await pipe.ResultAsync(await pipe.NextAsync("tasks/get"), Got("completed", $""","statusMessage":"all","result":{Done}"""));
        await calling;

        told.Should().Equal("1/ begun", "0.25/1 m", "0.5/1 m");
    }

    /// <summary>Follows a task whose first state is this one.</summary>
    private static async Task<ToolAnswer> EndAsync(string state)
    {
        await using var pipe = new ScriptedPipe();
        await using var client = await ModernAsync(pipe);
        var calling = client.CallToolAsync("t");
        await pipe.ResultAsync(await pipe.NextAsync("tools/call"), Created());
        await pipe.ResultAsync(await pipe.NextAsync("tasks/get"), state);
        return await calling;
    }
}
