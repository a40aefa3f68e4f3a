using System.Text.Json;
using OnlyMcp.Protocol.JsonRpc;
using OnlyMcp.Protocol.Revisions;
using OnlyMcp.Protocol.Schema;
using OnlyMcp.Server;
using OnlyMcp.Server.Legacy;
using OnlyMcp.Server.Tasks;
using OnlyMcp.Tests.Support;

namespace OnlyMcp.Tests.Tasks;

/// <summary>What a task of 2025-11-25 asks its client, and tells it, while somebody waits for its result or nobody does.</summary>
public sealed class LegacyTaskQuestionTests
{
    private const string Ada = """{"action":"accept","content":{"name":"Ada"}}""";

    [Test]
    [Spec("2025-11-25 basic/utilities/tasks §Input Required Status", 2)]
    [Spec("2025-11-25 basic/utilities/tasks §Associating Task-Related Messages", 1, 2)]
    [Spec("2025-11-25 basic/utilities/tasks §Task Status Lifecycle", 2, 3)]
    public async Task A_question_comes_while_somebody_waits_and_carries_the_task()
    {
        await using var peer = await LegacyPeer.ConnectAsync(new LegacyTaskServer().Server);
        var task = await peer.BeginAsync("ask");
        await peer.UntilAsync(task, "input_required");
        peer.CountOf("elicitation/create").Should().Be(0, "nobody waits yet");
        var waiting = await peer.WaitForAsync(task);
        var question = await peer.ToldAsync("elicitation/create");
        await peer.ReplyAsync(question, Ada);

        LegacyPeer.TaskIn(question.GetProperty("params")).Should().Be(task);
        question.GetProperty("params").GetProperty("_meta").TryGetProperty("progressToken", out _).Should().BeTrue();
        LegacyPeer.TextIn(LegacyPeer.ResultIn(await peer.AnswerToAsync(waiting))).Should().Be("Accept Ada");
        (await peer.AboutAsync("tasks/get", task)).GetProperty("status").GetString().Should().Be("completed");
    }

    [Test]
    [Spec("2025-11-25 basic/utilities/tasks §Task Status Lifecycle", 2, 3)]
    public async Task A_task_that_was_answered_works_again_until_it_ends()
    {
        var server = new LegacyTaskServer();
        var go = new TaskCompletionSource();
        server.Add("ask and go on", async (context, cancellation) =>
        {
            await context.ElicitAsync("name", "Who?", LegacyTaskServer.Form, cancellation);
            server.Started.TrySetResult();
            await go.Task;
            return "went on";
        });
        await using var peer = await LegacyPeer.ConnectAsync(server.Server);
        var task = await peer.BeginAsync("ask and go on");
        var waiting = await peer.WaitForAsync(task);
        var question = await peer.ToldAsync("elicitation/create");
        var asking = await peer.AboutAsync("tasks/get", task);
        await peer.ReplyAsync(question, Ada);
        await server.Started.Task.WaitAsync(TimeSpan.FromSeconds(10));
        var working = await peer.AboutAsync("tasks/get", task);
        go.SetResult();
        await peer.AnswerToAsync(waiting);

        asking.GetProperty("status").GetString().Should().Be("input_required");
        working.GetProperty("status").GetString().Should().Be("working");
        (await peer.AboutAsync("tasks/get", task)).GetProperty("status").GetString().Should().Be("completed");
    }

    [Test]
    public async Task A_task_that_waits_for_input_can_be_cancelled_and_takes_its_question_back()
    {
        await using var peer = await LegacyPeer.ConnectAsync(new LegacyTaskServer().Server);
        var task = await peer.BeginAsync("ask");
        var waiting = await peer.WaitForAsync(task);
        var question = await peer.ToldAsync("elicitation/create");
        await peer.AboutAsync("tasks/cancel", task);

        (await peer.ToldAsync("notifications/cancelled")).GetProperty("params").GetProperty("requestId").GetRawText()
            .Should().Be(question.GetProperty("id").GetRawText());
        LegacyPeer.ErrorIn(await peer.AnswerToAsync(waiting)).GetProperty("message").GetString().Should().Contain("was cancelled");
    }

    [Test]
    public async Task Each_question_is_asked_once_however_many_wait()
    {
        await using var peer = await LegacyPeer.ConnectAsync(new LegacyTaskServer().Server);
        var task = await peer.BeginAsync("ask");
        var waiting = new List<int>();
        for (var i = 0; i < 10; i++)
            waiting.Add(await peer.WaitForAsync(task));
        await peer.ReplyAsync(await peer.ToldAsync("elicitation/create"), Ada);

        foreach (var id in waiting)
            LegacyPeer.TextIn(LegacyPeer.ResultIn(await peer.AnswerToAsync(id))).Should().Be("Accept Ada");
        peer.CountOf("elicitation/create").Should().Be(1);
    }

    [Test]
    public async Task Several_questions_at_once_are_all_asked()
    {
        var server = new LegacyTaskServer();
        server.Add("all", async (context, cancellation) =>
        {
            var name = context.ElicitAsync("name", "Who?", LegacyTaskServer.Form, cancellation);
            var poem = context.SampleAsync("poem", "A poem", cancellationToken: cancellation);
            var roots = context.ListRootsAsync(cancellationToken: cancellation);
            await Task.WhenAll(name, poem, roots);
            return $"{(await name).Content!["name"].GetString()} {((TextContent)(await poem).Content[0]).Text} {(await roots)[0].Uri}";
        });
        await using var peer = await LegacyPeer.ConnectAsync(server.Server);
        var task = await peer.BeginAsync("all");
        var waiting = await peer.WaitForAsync(task);
        var questions = new[]
        {
            (await peer.ToldAsync("roots/list"), """{"roots":[{"uri":"file:///home"}]}"""),
            (await peer.ToldAsync("sampling/createMessage"), """{"role":"assistant","model":"m","content":{"type":"text","text":"Roses"}}"""),
            (await peer.ToldAsync("elicitation/create"), Ada),
        };
        foreach (var (question, answer) in questions)
        {
            LegacyPeer.TaskIn(question.GetProperty("params")).Should().Be(task);
            await peer.ReplyAsync(question, answer);
        }

        LegacyPeer.TextIn(LegacyPeer.ResultIn(await peer.AnswerToAsync(waiting))).Should().Be("Ada Roses file:///home");
    }

    [Test]
    public async Task What_was_not_answered_is_asked_again_by_who_waits_next()
    {
        await using var peer = await LegacyPeer.ConnectAsync(new LegacyTaskServer().Server);
        var task = await peer.BeginAsync("ask");
        var first = await peer.WaitForAsync(task);
        var question = await peer.ToldAsync("elicitation/create");
        await peer.SendAsync(Wire.Cancelled($"{first}"));
        (await peer.ToldAsync("notifications/cancelled")).GetProperty("params").GetProperty("requestId").GetRawText()
            .Should().Be(question.GetProperty("id").GetRawText());
        await peer.ReplyAsync(question, """{"action":"decline"}""");
        var second = await peer.WaitForAsync(task);
        var again = await peer.ToldAsync("elicitation/create");
        await peer.ReplyAsync(again, Ada);

        again.GetProperty("id").GetInt32().Should().NotBe(question.GetProperty("id").GetInt32());
        LegacyPeer.TextIn(LegacyPeer.ResultIn(await peer.AnswerToAsync(second))).Should().Be("Accept Ada", "what came too late counts for nothing");
    }

    [Test]
    public async Task A_question_whose_client_is_gone_is_asked_again_on_another_pipe()
    {
        var server = new LegacyTaskServer();
        string task;
        await using (var first = await LegacyPeer.ConnectAsync(server.Server))
        {
            task = await first.BeginAsync("ask");
            await first.WaitForAsync(task);
            await first.ToldAsync("elicitation/create");
        }

        await using var second = await LegacyPeer.ConnectAsync(server.Server);
        var waiting = await second.WaitForAsync(task);
        await second.ReplyAsync(await second.ToldAsync("elicitation/create"), Ada);

        LegacyPeer.TextIn(LegacyPeer.ResultIn(await second.AnswerToAsync(waiting))).Should().Be("Accept Ada");
    }

    [Test]
    public async Task A_question_that_nobody_answers_in_time_stays_for_who_waits_next()
    {
        var time = new ManualTime();
        await using var peer = await LegacyPeer.ConnectAsync(new LegacyTaskServer(new() { TimeProvider = time }).Server);
        var task = await peer.BeginAsync("ask");
        var first = await peer.WaitForAsync(task);
        await peer.ToldAsync("elicitation/create");
        time.Advance(TimeSpan.FromMinutes(11));
        await peer.ToldAsync("notifications/cancelled");
        (await peer.AboutAsync("tasks/get", task)).GetProperty("status").GetString().Should().Be("input_required");
        peer.IsAnswered(first).Should().BeFalse();
        var second = await peer.WaitForAsync(task);
        await peer.ReplyAsync(await peer.ToldAsync("elicitation/create"), Ada);

        foreach (var id in new[] { first, second })
            LegacyPeer.TextIn(LegacyPeer.ResultIn(await peer.AnswerToAsync(id))).Should().Be("Accept Ada");
    }

    [TestCase(null, TestName = "The client refuses")]
    [TestCase("""{"action":"maybe"}""", TestName = "The answer has another shape")]
    [TestCase("""{"action":"accept","content":{"name":5}}""", TestName = "The answer breaks its schema")]
    [Spec("2025-11-25 client/elicitation §Form Mode Security")]
    public async Task The_tool_hears_what_is_wrong_as_it_does_in_a_call_that_is_no_task(string? answer)
    {
        await using var peer = await LegacyPeer.ConnectAsync(new LegacyTaskServer().Server);
        var direct = await peer.RequestAsync("tools/call", "\"name\":\"ask first\"");
        await WrongAsync();
        var words = LegacyPeer.TextIn(LegacyPeer.ResultIn(await peer.AnswerToAsync(direct)));
        var waiting = await peer.WaitForAsync(await peer.BeginAsync("ask first"));
        await WrongAsync();

        LegacyPeer.TextIn(LegacyPeer.ResultIn(await peer.AnswerToAsync(waiting))).Should().Be(words);

        async Task WrongAsync()
        {
            var question = await peer.ToldAsync("elicitation/create");
            await (answer is null ? peer.RefuseAsync(question, -1, "no") : peer.ReplyAsync(question, answer));
        }
    }

    [Test]
    public async Task A_client_is_not_asked_for_what_it_did_not_declare()
    {
        var server = new LegacyTaskServer();
        await using var able = await LegacyPeer.ConnectAsync(server.Server);
        await using var unable = await LegacyPeer.ConnectAsync(server.Server, capabilities: "{}");
        var task = await able.BeginAsync("ask");
        await able.UntilAsync(task, "input_required");
        var poor = await unable.WaitForAsync(task);
        await unable.AboutAsync("tasks/get", task);
        var rich = await able.WaitForAsync(task);
        await able.ReplyAsync(await able.ToldAsync("elicitation/create"), Ada);

        LegacyPeer.TextIn(LegacyPeer.ResultIn(await able.AnswerToAsync(rich))).Should().Be("Accept Ada");
        LegacyPeer.TextIn(LegacyPeer.ResultIn(await unable.AnswerToAsync(poor))).Should().Be("Accept Ada");
        unable.CountOf("elicitation/create").Should().Be(0);
    }

    [Test]
    public async Task The_other_era_sees_the_task_of_its_user_and_may_answer_for_it()
    {
        var server = new LegacyTaskServer();
        await using var peer = await LegacyPeer.ConnectAsync(server.Server);
        await using var modern = await AskedClient.ConnectAsync(
            server.Server, KnownRevisions.V20260728, """{"extensions":{"io.modelcontextprotocol/tasks":{}},"elicitation":{"form":{}}}""");
        var task = await peer.BeginAsync("ask");
        var waiting = await peer.WaitForAsync(task);
        var question = await peer.ToldAsync("elicitation/create");
        await modern.RequestAsync("tasks/get", $"\"taskId\":\"{task}\"");
        var seen = (await modern.NextAsync()).GetProperty("result").GetProperty("inputRequests").EnumerateObject().Single();
        await modern.RequestAsync("tasks/update", $$$"""
            "taskId":"{{{task}}}","inputResponses":{"{{{seen.Name}}}":{{{Ada}}} }
            """);

        LegacyPeer.TextIn(LegacyPeer.ResultIn(await peer.AnswerToAsync(waiting))).Should().Be("Accept Ada");
        (await peer.ToldAsync("notifications/cancelled")).GetProperty("params").GetProperty("requestId").GetRawText()
            .Should().Be(question.GetProperty("id").GetRawText(), "nobody needs to know it any more");
    }

    [Test]
    [Spec("2025-11-25 basic/utilities/progress §Behavior Requirements", 3, 4, 5)]
    [Spec("2025-11-25 basic/utilities/tasks §Task Progress Notifications")]
    [Spec("2025-11-25 basic/utilities/tasks §Associating Task-Related Messages", 1)]
    [Spec("2025-11-25 basic/utilities/tasks §Related Task Metadata", 1)]
    public async Task Progress_and_log_messages_carry_the_task_and_the_token_of_the_call()
    {
        var server = new LegacyTaskServer();
        await using var peer = await LegacyPeer.ConnectAsync(server.Server);
        var task = await peer.BeginAsync("report", more: ",\"_meta\":{\"progressToken\":\"mine\"}");
        await HeardAsync(1, "said");
        var waiting = await peer.WaitForAsync(task);
        await peer.AboutAsync("tasks/get", task);
        server.Release();
        await HeardAsync(2, "said again");
        LegacyPeer.TextIn(LegacyPeer.ResultIn(await peer.AnswerToAsync(waiting))).Should().Be("reported");

        async Task HeardAsync(double progress, string words)
        {
            var reported = (await peer.ToldAsync("notifications/progress")).GetProperty("params");
            reported.GetProperty("progressToken").GetString().Should().Be("mine");
            reported.GetProperty("progress").GetDouble().Should().Be(progress);
            LegacyPeer.TaskIn(reported).Should().Be(task);
            var said = (await peer.ToldAsync("notifications/message")).GetProperty("params");
            said.GetProperty("data").GetString().Should().Be(words);
            LegacyPeer.TaskIn(said).Should().Be(task);
        }
    }

    [Test]
    [Spec("2025-11-25 basic/utilities/progress §Behavior Requirements", 5)]
    public async Task Nothing_is_told_of_a_task_after_its_end()
    {
        var (server, released, said) = (new LegacyTaskServer(), new TaskCompletionSource(), new TaskCompletionSource());
        server.Add("late", async (context, _) =>
        {
            await context.ReportProgressAsync(1, cancellationToken: CancellationToken.None);
            await released.Task;
            await context.ReportProgressAsync(2, cancellationToken: CancellationToken.None);
            await context.LogAsync(LoggingLevel.Error, "late", cancellationToken: CancellationToken.None);
            said.TrySetResult();
            return "late";
        });
        await using var peer = await LegacyPeer.ConnectAsync(server.Server);
        var task = await peer.BeginAsync("late", more: ",\"_meta\":{\"progressToken\":1}");
        await peer.ToldAsync("notifications/progress");
        await peer.AboutAsync("tasks/cancel", task);
        released.TrySetResult();
        await said.Task.WaitAsync(TimeSpan.FromSeconds(20));
        await peer.AboutAsync("tasks/get", task);

        peer.CountOf("notifications/progress").Should().Be(1);
        peer.CountOf("notifications/message").Should().Be(0);
    }

    [Test]
    public async Task A_tool_that_reports_when_its_client_is_gone_goes_on()
    {
        var server = new LegacyTaskServer();
        string task;
        await using (var first = await LegacyPeer.ConnectAsync(server.Server))
        {
            task = await first.BeginAsync("report", more: ",\"_meta\":{\"progressToken\":1}");
            await first.ToldAsync("notifications/message");
        }

        server.Release();
        await using var second = await LegacyPeer.ConnectAsync(server.Server);
        LegacyPeer.TextIn(await second.AboutAsync("tasks/result", task)).Should().Be("reported");
        second.CountOf("notifications/progress").Should().Be(0, "the token was given in another session");
    }

    [Test]
    [Spec("2025-11-25 client/elicitation §Completion Notifications for URL Mode Elicitation")]
    public async Task The_end_of_a_page_is_told_with_the_name_that_it_was_asked_with()
    {
        await using var peer = await LegacyPeer.ConnectAsync(new LegacyTaskServer().Server);
        var task = await peer.BeginAsync("page");
        await peer.WaitForAsync(task);
        var question = await peer.ToldAsync("elicitation/create");
        await peer.ReplyAsync(question, """{"action":"accept"}""");
        var done = (await peer.ToldAsync("notifications/elicitation/complete")).GetProperty("params");

        done.GetProperty("elicitationId").GetString().Should().Be(question.GetProperty("params").GetProperty("elicitationId").GetString());
        LegacyPeer.TaskIn(done).Should().Be(task);
    }

    [Test]
    [Spec("2025-11-25 basic/utilities/tasks §Task Notifications")]
    public async Task Changes_of_status_are_told_to_the_session_of_the_task()
    {
        var server = new LegacyTaskServer();
        await using var peer = await LegacyPeer.ConnectAsync(server.Server);
        await using var other = await LegacyPeer.ConnectAsync(server.Server);
        var task = await peer.BeginAsync("ask");
        (await peer.ToldAsync("notifications/tasks/status")).GetProperty("params").GetProperty("status").GetString().Should().Be("input_required");
        await peer.WaitForAsync(task);
        await peer.ReplyAsync(await peer.ToldAsync("elicitation/create"), Ada);
        JsonElement told;
        do
            told = (await peer.ToldAsync("notifications/tasks/status")).GetProperty("params");
        while (told.GetProperty("status").GetString() == "working");

        told.GetProperty("status").GetString().Should().Be("completed");
        told.GetProperty("taskId").GetString().Should().Be(task);
        told.GetProperty("ttl").GetInt64().Should().BePositive();
        LegacyPeer.TaskIn(told).Should().BeNull("the task stands in the parameters");
        await other.AboutAsync("tasks/get", task);
        other.CountOf("notifications/tasks/status").Should().Be(0);
    }

    [Test]
    public async Task An_answer_that_the_store_cannot_keep_at_first_is_kept_and_not_asked_for_again()
    {
        var time = new ManualTime();
        var failing = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var failures = 0;
        var store = new HookedTaskStore
        {
            Replacing = task =>
            {
                if (!task.Questions.Values.Any(question => question.IsAnswered) || ++failures > 3)
                    return Task.FromResult(true);
                failing.TrySetResult();
                throw new IOException("the disk is on fire");
            },
        };
        var options = new TaskOptions { Store = store, TimeToLive = Timeout.InfiniteTimeSpan };
        await using var peer = await LegacyPeer.ConnectAsync(new LegacyTaskServer(new() { TimeProvider = time, Tasks = options }).Server);
        var task = await peer.BeginAsync("ask");
        var waiting = await peer.WaitForAsync(task);
        await peer.ReplyAsync(await peer.ToldAsync("elicitation/create"), Ada);
        await failing.Task.WaitAsync(TimeSpan.FromSeconds(20));
        while (failures < 4)
        {
            time.Advance(TimeSpan.FromSeconds(1));
            await Task.Yield();
        }

        LegacyPeer.TextIn(LegacyPeer.ResultIn(await peer.AnswerToAsync(waiting))).Should().Be("Accept Ada");
        peer.CountOf("elicitation/create").Should().Be(1);
    }

    [Test]
    public async Task Of_too_many_tasks_the_oldest_are_told_of_no_more()
    {
        var server = new LegacyTaskServer(new() { Limits = new ServerLimits { MaxSubscribedTasks = 2 } });
        await using var peer = await LegacyPeer.ConnectAsync(server.Server);
        var tasks = new[] { await peer.BeginAsync("wait"), await peer.BeginAsync("wait"), await peer.BeginAsync("wait") };
        foreach (var task in tasks)
            await peer.AboutAsync("tasks/cancel", task);

        foreach (var task in tasks[1..])
        {
            (await peer.ToldAsync("notifications/tasks/status")).GetProperty("params").GetProperty("taskId").GetString().Should().Be(task);
        }
    }

    [Test]
    public async Task No_more_pages_are_remembered_than_there_may_be_and_none_whose_end_was_told()
    {
        var server = new LegacyTaskServer();
        server.Add("shown", (context, _) => Task.FromResult($"{SessionOf(context).ShownPages}"), null);
        server.Add("show", (context, _) =>
        {
            for (var page = 0; page < 2000; page++)
                SessionOf(context).Show($"{page}");
            return Task.FromResult("shown");
        }, null);
        await using var peer = await LegacyPeer.ConnectAsync(server.Server);
        await peer.WaitForAsync(await peer.BeginAsync("page"));
        var question = await peer.ToldAsync("elicitation/create");
        var before = await peer.ResultAsync("tools/call", "\"name\":\"shown\"");
        await peer.ReplyAsync(question, """{"action":"accept"}""");
        await peer.ToldAsync("notifications/elicitation/complete");
        var after = await peer.ResultAsync("tools/call", "\"name\":\"shown\"");
        await peer.ResultAsync("tools/call", "\"name\":\"show\"");

        LegacyPeer.TextIn(before).Should().Be("1");
        LegacyPeer.TextIn(after).Should().Be("0");
        LegacyPeer.TextIn(await peer.ResultAsync("tools/call", "\"name\":\"shown\"")).Should().Be("1000");

        static Session SessionOf(RequestContext context) => (Session)context.Session!;
    }
}
