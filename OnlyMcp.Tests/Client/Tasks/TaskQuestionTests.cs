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

/// <summary>What tasks of 2026-07-28 ask while they go on.</summary>
[Spec("ext-tasks tasks §Task Update Requests")]
public sealed class TaskQuestionTests
{
    private const string Acknowledged = """{"resultType":"complete"}""";

    private static readonly string Completed = Got("completed", $""","result":{Done}""");

    [Test]
    [Spec("ext-tasks tasks §Task Update Requests", 1, 5)]
    [Spec("ext-tasks tasks §Security Considerations", 3)]
    public async Task A_question_reaches_the_same_handler_as_any_other_and_is_answered_once()
    {
        var asked = new List<InputContext>();
        await using var pipe = new ScriptedPipe();
        await using var client = await ModernAsync(pipe, Quick with
        {
            OnElicit = (form, context, _) =>
            {
                asked.Add(context);
                return ValueTask.FromResult(ElicitAnswer.Accept(new JsonObject { ["name"] = form.Message }));
            },
        });

        var calling = client.CallToolAsync("t");
        await pipe.ResultAsync(await pipe.NextAsync("tools/call"), Created());
        await pipe.ResultAsync(await pipe.NextAsync("tasks/get"), Asking(("who", Form)));
        var update = await UpdateAsync(pipe, Asking(("who", Form)));
        await pipe.ResultAsync(update, Acknowledged);
        for (var i = 0; i < 3; i++)
            await pipe.ResultAsync(await pipe.NextAsync("tasks/get"), Asking(("who", Form)));
        await pipe.ResultAsync(await pipe.NextAsync("tasks/get"), Completed);
        await calling;

        (update.TaskId(), update.Declares()).Should().Be(("k1", true));
        update.GetProperty("params").GetProperty("inputResponses").GetRawText().Should().Be("""{"who":{"action":"accept","content":{"name":"Who?"}}}""");
        asked.Should().ContainSingle().Which.Should().Be(
            new InputContext { Server = "the server behind the pipe", ServerInfo = client.ServerInfo, Method = "tools/call", TaskId = "k1" });
    }

    [Test]
    public async Task Several_questions_are_asked_at_the_same_time_and_each_answer_leaves_when_it_is_there()
    {
        var slow = new TaskCompletionSource<ElicitResult>();
        await using var pipe = new ScriptedPipe();
        await using var client = await ModernAsync(pipe, Quick with
        {
            OnElicit = (_, _, _) => new ValueTask<ElicitResult>(slow.Task),
            Roots = [new Root { Uri = "file:///a" }],
        });

        var calling = client.CallToolAsync("t");
        await pipe.ResultAsync(await pipe.NextAsync("tools/call"), Created());
        var both = Asking(("who", Form), ("where", """{"method":"roots/list"}"""));
        await pipe.ResultAsync(await pipe.NextAsync("tasks/get"), both);
        var first = await UpdateAsync(pipe, both);
        await pipe.ResultAsync(first, Acknowledged);
        await pipe.ResultAsync(await pipe.NextAsync("tasks/get"), Asking(("who", Form)));
        slow.SetResult(ElicitAnswer.Decline);
        var second = await UpdateAsync(pipe, Asking(("who", Form)));
        await pipe.ResultAsync(second, Acknowledged);
        await pipe.ResultAsync(await pipe.NextAsync("tasks/get"), Completed);
        await calling;

        KeysOf(first).Should().Equal("where");
        KeysOf(second).Should().Equal("who");
    }

    [Test]
    [Spec("ext-tasks tasks §Task Update Requests", 5)]
    public async Task What_a_task_asks_no_more_need_not_be_answered()
    {
        var stopped = new TaskCompletionSource();
        await using var pipe = new ScriptedPipe();
        await using var client = await ModernAsync(pipe, Quick with { OnElicit = (_, _, stop) => ForeverAsync(stopped, stop) });

        var calling = client.CallToolAsync("t");
        await pipe.ResultAsync(await pipe.NextAsync("tools/call"), Created());
        await pipe.ResultAsync(await pipe.NextAsync("tasks/get"), Asking(("who", Form)));
        await pipe.ResultAsync(await pipe.NextAsync("tasks/get"), Got("working"));
        await stopped.Task.WaitAsync(TimeSpan.FromSeconds(10));
        await pipe.ResultAsync(await pipe.NextAsync("tasks/get"), Completed);

        (await calling).Text.Should().Be("done");
    }

    [Test]
    public async Task Who_is_being_asked_is_left_alone_when_the_task_has_ended()
    {
        var stopped = new TaskCompletionSource();
        await using var pipe = new ScriptedPipe();
        await using var client = await ModernAsync(pipe, Quick with { OnElicit = (_, _, stop) => ForeverAsync(stopped, stop) });

        var calling = client.CallToolAsync("t");
        await pipe.ResultAsync(await pipe.NextAsync("tools/call"), Created());
        await pipe.ResultAsync(await pipe.NextAsync("tasks/get"), Asking(("who", Form)));
        await pipe.ResultAsync(await pipe.NextAsync("tasks/get"), Got("cancelled"));

        await calling.Awaiting(task => task).Should().ThrowAsync<ToolTaskCancelledException>();
        await stopped.Task.WaitAsync(TimeSpan.FromSeconds(10));
    }

    [TestCase("elicitation/create", "OnElicit")]
    [TestCase("sampling/createMessage", "OnSample")]
    [TestCase("roots/list", "Roots")]
    public async Task Without_a_handler_the_exception_names_the_option_and_the_task_and_the_task_goes_on(string method, string option)
    {
        await using var pipe = new ScriptedPipe();
        await using var client = await ModernAsync(pipe);

        var calling = client.CallToolAsync("t");
        await pipe.ResultAsync(await pipe.NextAsync("tools/call"), Created());
        await pipe.ResultAsync(await pipe.NextAsync("tasks/get"), Asking(("k", $$"""{"method":"{{method}}","params":{} }""")));

        var fault = await calling.Awaiting(task => task).Should().ThrowAsync<InputRequiredException>().WithMessage($"*'k1'*{method}*McpClientOptions.{option} *");
        fault.Which.Task!.TaskId.Should().Be("k1");
        await NothingIsCancelledAsync(pipe, client);
    }

    [Test]
    public async Task What_a_handler_throws_is_thrown_and_the_next_who_waits_is_asked_again()
    {
        var fails = true;
        await using var pipe = new ScriptedPipe();
        await using var client = await ModernAsync(pipe, Quick with
        {
            OnElicit = (_, _, _) => fails ? throw new InvalidOperationException("no window") : ValueTask.FromResult(ElicitAnswer.Decline),
        });

        var starting = client.StartToolAsync("t");
        await pipe.ResultAsync(await pipe.NextAsync("tools/call"), Created("input_required"));
        var task = await starting;
        var waiting = task.WaitAsync();
        await pipe.ResultAsync(await pipe.NextAsync("tasks/get"), Asking(("who", Form)));
        await waiting.Awaiting(one => one).Should().ThrowAsync<InvalidOperationException>().WithMessage("no window");

        fails = false;
        waiting = task.WaitAsync();
        await pipe.ResultAsync(await pipe.NextAsync("tasks/get"), Asking(("who", Form)));
        var update = await UpdateAsync(pipe, Asking(("who", Form)));
        await pipe.ResultAsync(update, Acknowledged);
        await pipe.ResultAsync(await pipe.NextAsync("tasks/get"), Completed);
        (await waiting).Text.Should().Be("done");
    }

    [TestCase("""{"k":{"method":"tools/list"}}""", "*'k'*'tools/list'*")]
    [TestCase("""{"k":{"method":"elicitation/create"}}""", "*'k'*missing*")]
    [TestCase("""{"k":null}""", "*another shape*")]
    [TestCase("""[]""", "*another shape*")]
    [TestCase("""{"k":{"method":"roots/list"},"l":{"method":"roots/list"},"m":{"method":"roots/list"}}""", "*3 questions*MaxInputRequests*")]
    public async Task Questions_that_break_the_rules_are_a_fault_of_the_server(string questions, string message)
    {
        await using var pipe = new ScriptedPipe();
        await using var client = await ModernAsync(pipe, Quick with
        {
            OnElicit = (_, _, _) => throw new InvalidOperationException("asked"),
            Roots = [],
            Limits = new ClientLimits { MaxInputRequests = 2 },
        });

        var calling = client.CallToolAsync("t");
        await pipe.ResultAsync(await pipe.NextAsync("tools/call"), Created());
        await pipe.ResultAsync(await pipe.NextAsync("tasks/get"), Got("input_required", $""","inputRequests":{questions}"""));

        await calling.Awaiting(task => task).Should().ThrowAsync<ProtocolFaultException>().WithMessage(message);
    }

    [Test]
    public async Task A_task_that_never_stops_asking_is_a_fault()
    {
        await using var pipe = new ScriptedPipe();
        await using var client = await ModernAsync(pipe, Quick with { Roots = [], Limits = new ClientLimits { MaxTaskQuestions = 2 } });

        var calling = client.CallToolAsync("t");
        await pipe.ResultAsync(await pipe.NextAsync("tools/call"), Created());
        for (var i = 0; i < 2; i++)
        {
            await pipe.ResultAsync(await pipe.NextAsync("tasks/get"), Asking(($"k{i}", """{"method":"roots/list"}""")));
            await pipe.ResultAsync(await UpdateAsync(pipe, Asking(($"k{i}", """{"method":"roots/list"}"""))), Acknowledged);
        }

        await pipe.ResultAsync(await pipe.NextAsync("tasks/get"), Asking(("k2", """{"method":"roots/list"}""")));
        await calling.Awaiting(task => task).Should().ThrowAsync<ProtocolFaultException>().WithMessage("*MaxTaskQuestions*");
    }

    [Test]
    [Spec("ext-tasks tasks §Security Considerations", 3)]
    public async Task Questions_that_are_taken_back_before_they_are_answered_count_too()
    {
        await using var pipe = new ScriptedPipe();
        await using var client = await ModernAsync(pipe, Quick with
        {
            OnElicit = (_, _, stop) => ForeverAsync(new TaskCompletionSource(), stop),
            Limits = new ClientLimits { MaxTaskQuestions = 3 },
        });

        var calling = client.CallToolAsync("t");
        await pipe.ResultAsync(await pipe.NextAsync("tools/call"), Created());
        foreach (var key in new[] { "a", "b", "a", "b" })
            await pipe.ResultAsync(await pipe.NextAsync("tasks/get"), Asking((key, Form)));

        await calling.Awaiting(task => task).Should().ThrowAsync<ProtocolFaultException>().WithMessage("*MaxTaskQuestions*");
    }

    [Test]
    [Spec("ext-tasks tasks §Task Update Requests", 5)]
    public async Task Whoever_waits_again_and_again_is_asked_again_and_again()
    {
        var asked = 0;
        await using var pipe = new ScriptedPipe();
        await using var client = await ModernAsync(pipe, new McpClientOptions
        {
            TimeProvider = new ManualTime(),
            OnElicit = (_, _, stop) =>
            {
                Interlocked.Increment(ref asked);
                return ForeverAsync(new TaskCompletionSource(), stop);
            },
            Limits = new ClientLimits { MaxTaskQuestions = 1 },
        });
        var task = client.ResumeTask(new TaskHandle { TaskId = "k1", Tool = "t" });

        for (var time = 1; time <= 3; time++)
        {
            using var enough = new CancellationTokenSource();
            var waiting = task.WaitAsync(cancellationToken: enough.Token);
            await pipe.ResultAsync(await pipe.NextAsync("tasks/get"), Asking(("who", Form)));
            await SessionTests.Eventually(() => Volatile.Read(ref asked) == time);
            await enough.CancelAsync();
            await waiting.Awaiting(one => one).Should().ThrowAsync<OperationCanceledException>();
        }
    }

    [Test]
    [Spec("ext-tasks tasks §Task Update Requests")]
    public async Task After_an_answer_that_was_refused_the_next_who_waits_is_asked_anew()
    {
        var names = new Queue<string>(["refused", "taken"]);
        await using var pipe = new ScriptedPipe();
        await using var client = await ModernAsync(pipe, Quick with
        {
            OnElicit = (_, _, _) => ValueTask.FromResult(ElicitAnswer.Accept(new JsonObject { ["name"] = names.Dequeue() })),
        });
        var task = client.ResumeTask(new TaskHandle { TaskId = "k1", Tool = "t" });

        var waiting = task.WaitAsync();
        await pipe.ResultAsync(await pipe.NextAsync("tasks/get"), Asking(("who", Form)));
        await pipe.ErrorAsync(await UpdateAsync(pipe, Asking(("who", Form))), -32602);
        await pipe.ResultAsync(await pipe.NextAsync("tasks/get"), Asking(("who", Form)));
        await waiting.Awaiting(one => one).Should().ThrowAsync<JsonRpcException>();

        waiting = task.WaitAsync();
        await pipe.ResultAsync(await pipe.NextAsync("tasks/get"), Asking(("who", Form)));
        var update = await UpdateAsync(pipe, Asking(("who", Form)));
        await pipe.ResultAsync(update, Acknowledged);
        await pipe.ResultAsync(await pipe.NextAsync("tasks/get"), Completed);

        (await waiting).Text.Should().Be("done");
        update.GetProperty("params").GetRawText().Should().Contain("taken");
    }

    [Test]
    public async Task Answers_that_come_too_late_are_no_fault()
    {
        await using var pipe = new ScriptedPipe();
        await using var client = await ModernAsync(pipe, Quick with { Roots = [] });

        var calling = client.CallToolAsync("t");
        await pipe.ResultAsync(await pipe.NextAsync("tools/call"), Created());
        await pipe.ResultAsync(await pipe.NextAsync("tasks/get"), Asking(("k", """{"method":"roots/list"}""")));
        await pipe.ErrorAsync(await UpdateAsync(pipe, Asking(("k", """{"method":"roots/list"}"""))), -32602);
        await pipe.ResultAsync(await pipe.NextAsync("tasks/get"), Completed);
        await pipe.ResultAsync(await pipe.NextAsync("tasks/get"), Completed);

        (await calling).Text.Should().Be("done");
    }

    [Test]
    public async Task Answers_that_the_server_refuses_are_an_error_and_not_an_unknown_task()
    {
        await using var pipe = new ScriptedPipe();
        await using var client = await ModernAsync(pipe, Quick with { Roots = [] });

        var calling = client.CallToolAsync("t");
        await pipe.ResultAsync(await pipe.NextAsync("tools/call"), Created());
        await pipe.ResultAsync(await pipe.NextAsync("tasks/get"), Asking(("k", """{"method":"roots/list"}""")));
        await pipe.ErrorAsync(await UpdateAsync(pipe, Asking(("k", """{"method":"roots/list"}"""))), -32602);
        await pipe.ResultAsync(await pipe.NextAsync("tasks/get"), Asking(("k", """{"method":"roots/list"}""")));

        (await calling.Awaiting(task => task).Should().ThrowAsync<JsonRpcException>()).Which.Should().NotBeOfType<TaskNotFoundException>();
    }

    private static string Asking(params (string Key, string Question)[] questions) =>
        Got("input_required", $$""","inputRequests":{{{string.Join(',', questions.Select(question => $"\"{question.Key}\":{question.Question}"))}}}""");

    /// <summary>The next update; whoever looks how far the task has come before it is told this.</summary>
    private static async Task<JsonElement> UpdateAsync(ScriptedPipe pipe, string state)
    {
        while (true)
        {
            var message = await pipe.NextAsync();
            if (message.Method() == "tasks/update")
                return message;
            message.Method().Should().Be("tasks/get");
            await pipe.ResultAsync(message, state);
        }
    }

    private static IEnumerable<string> KeysOf(JsonElement update) =>
        update.GetProperty("params").GetProperty("inputResponses").EnumerateObject().Select(answer => answer.Name);

    private static async Task NothingIsCancelledAsync(ScriptedPipe pipe, McpClient client)
    {
        var pinging = client.PingAsync();
        await pipe.ResultAsync(await pipe.NextAsync("server/discover"), Discovered());
        await pinging;
    }

    private static async ValueTask<ElicitResult> ForeverAsync(TaskCompletionSource stopped, CancellationToken stop)
    {
        await using var registration = stop.Register(() => stopped.TrySetResult());
        await Task.Delay(Timeout.Infinite, stop);
        return ElicitAnswer.Cancel;
    }
}
