using OnlyMcp.Client;
using OnlyMcp.Client.Subscriptions;
using OnlyMcp.Client.Tasks;
using OnlyMcp.Protocol.Schema;
using OnlyMcp.Tests.Support;
using static OnlyMcp.Tests.Client.Tasks.TaskScript;

namespace OnlyMcp.Tests.Client.Tasks;

/// <summary>Tasks that are handed out, stored, and resumed.</summary>
[Spec("ext-tasks tasks §Tasks")]
public sealed class ToolTaskTests
{
    private static readonly string Completed = Got("completed", $""","result":{Done}""");

    [Test]
    [Spec("ext-tasks tasks §Task Polling")]
    public async Task A_started_task_says_how_far_it_is_and_what_it_came_to()
    {
        await using var pipe = new ScriptedPipe();
        await using var client = await ModernAsync(pipe);

        var starting = client.StartToolAsync("t");
        await pipe.ResultAsync(await pipe.NextAsync("tools/call"), Created("working", ""","statusMessage":"begun","pollIntervalMs":5000"""));
        var task = await starting;
        task.State.Should().Be(new TaskSnapshot
        {
            Id = "k1",
            Status = McpTaskStatus.Working,
            StatusMessage = "begun",
            CreatedAt = new DateTimeOffset(2026, 7, 28, 10, 0, 0, TimeSpan.Zero),
            LastUpdatedAt = new DateTimeOffset(2026, 7, 28, 10, 0, 1, TimeSpan.Zero),
            TimeToLive = TimeSpan.FromMinutes(1),
            PollInterval = TimeSpan.FromSeconds(5),
        });

        var refreshing = task.RefreshAsync();
        await pipe.ResultAsync(await pipe.NextAsync("tasks/get"), Got("working", ""","statusMessage":"half" """));
        (await refreshing)!.StatusMessage.Should().Be("half");
        refreshing = task.RefreshAsync();
        await pipe.ResultAsync(await pipe.NextAsync("tasks/get"), Completed);
        await refreshing;

        task.IsOver.Should().BeTrue();
        (await task.RefreshAsync())!.Status.Should().Be(McpTaskStatus.Completed, "what is over is not asked about again");
        (await task.WaitAsync()).Text.Should().Be("done");
        (await task.WaitAsync()).Text.Should().Be("done");
        await task.CancelAsync();
    }

    [Test]
    [Spec("ext-tasks tasks §Task Polling")]
    public async Task A_handle_that_was_stored_finds_the_task_again_from_another_client()
    {
        string stored;
        await using (var pipe = new ScriptedPipe())
        await using (var client = await ModernAsync(pipe))
        {
            var starting = client.StartToolAsync("t");
            await pipe.ResultAsync(await pipe.NextAsync("tools/call"), Created());
            stored = (await starting).Handle!.ToJson();
        }

        stored.Should().Be("""{"taskId":"k1","tool":"t","createdAt":"2026-07-28T10:00:00+00:00"}""");
        await using var other = new ScriptedPipe();
        await using var resumed = await ModernAsync(other, Quick with { OnElicit = (_, _, _) => ValueTask.FromResult(ElicitAnswer.Decline) });
        var task = resumed.ResumeTask(TaskHandle.Parse(stored));
        (task.Tool, task.State, task.IsOver).Should().Be(("t", null, false));

        var waiting = task.WaitAsync();
        await other.ResultAsync(await other.NextAsync("tasks/get"), Got("input_required", $$""","inputRequests":{"who":{{Form}} }"""));
        while (await other.NextAsync() is var message)
        {
            if (message.Method() == "tasks/update")
            {
                await other.ResultAsync(message, """{"resultType":"complete"}""");
                break;
            }

            await other.ResultAsync(message, Got("input_required", $$""","inputRequests":{"who":{{Form}} }"""));
        }

        await other.ResultAsync(await other.NextAsync("tasks/get"), Completed);
        (await waiting).Text.Should().Be("done");
    }

    [TestCase("")]
    [TestCase("null")]
    [TestCase("{}")]
    [TestCase("7")]
    [TestCase("""{"taskId":"","tool":"t"}""")]
    [TestCase("""{"taskId":"k"}""")]
    [TestCase("""{"taskId":7,"tool":"t"}""")]
    public void What_is_no_handle_is_refused(string json) =>
        FluentActions.Invoking(() => TaskHandle.Parse(json)).Should().Throw<FormatException>().WithMessage("*no handle*");

    [Test]
    [Spec("ext-tasks tasks §Task Cancellation")]
    public async Task Who_stops_waiting_leaves_the_task_alone()
    {
        var time = new ManualTime();
        await using var pipe = new ScriptedPipe();
        await using var client = await ModernAsync(pipe, new McpClientOptions { TimeProvider = time });
        var task = client.ResumeTask(new TaskHandle { TaskId = "k1", Tool = "t" });
        using var enough = new CancellationTokenSource();

        var waiting = task.WaitAsync(cancellationToken: enough.Token);
        await pipe.ResultAsync(await pipe.NextAsync("tasks/get"), Got("working"));
        await SessionTests.Eventually(() => time.HasTimerIn(TimeSpan.FromSeconds(1)));
        await enough.CancelAsync();
        await waiting.Awaiting(one => one).Should().ThrowAsync<OperationCanceledException>();

        waiting = task.WaitAsync();
        await pipe.ResultAsync(await pipe.NextAsync("tasks/get"), Completed);
        (await waiting).Text.Should().Be("done", "and nothing was said of an end");
    }

    [Test]
    [Spec("ext-tasks tasks §Task Cancellation")]
    public async Task A_cancel_is_a_wish_and_what_comes_of_it_is_told_by_the_wait()
    {
        await using var pipe = new ScriptedPipe();
        await using var client = await ModernAsync(pipe);
        var task = client.ResumeTask(new TaskHandle { TaskId = "k1", Tool = "t" });

        var cancelling = task.CancelAsync();
        await pipe.ResultAsync(await pipe.NextAsync("tasks/cancel"), """{"resultType":"complete"}""");
        await cancelling;
        task.IsOver.Should().BeFalse();
        var waiting = task.WaitAsync();
        await pipe.ResultAsync(await pipe.NextAsync("tasks/get"), Completed);

        (await waiting).Text.Should().Be("done", "it was done before the cancel took effect");
    }

    [Test]
    [Spec("2026-07-28 basic/patterns/progress §Progress Flow")]
    public async Task Several_who_wait_are_told_the_same_and_the_task_is_asked_about_once()
    {
        var told = new List<string>();
        await using var pipe = new ScriptedPipe();
        await using var client = await ModernAsync(pipe);
        var task = client.ResumeTask(new TaskHandle { TaskId = "k1", Tool = "t" });

        var first = task.WaitAsync(new RequestOptions { OnProgress = news => told.Add($"first {news.Message}") });
        var second = task.WaitAsync(new RequestOptions { OnProgress = news => told.Add($"second {news.Message}") });
        await pipe.ResultAsync(await pipe.NextAsync("tasks/get"), Got("working", ""","statusMessage":"half" """));
        await pipe.ResultAsync(await pipe.NextAsync("tasks/get"), Completed);

        ((await first).Text, (await second).Text).Should().Be(("done", "done"));
        told.Should().Equal("first half", "second half");
    }

    [Test]
    [Spec("2026-07-28 basic/patterns/progress §Progress Flow")]
    public async Task Who_starts_a_task_and_waits_for_it_with_the_same_options_hears_everything_once()
    {
        var told = new List<string?>();
        var options = new RequestOptions { OnProgress = news => told.Add(news.Message) };
        await using var pipe = new ScriptedPipe();
        await using var client = await ModernAsync(pipe);

        var starting = client.StartToolAsync("t", options: options);
        await pipe.ResultAsync(await pipe.NextAsync("tools/call"), Created());
        var waiting = (await starting).WaitAsync(options);
        await pipe.ResultAsync(await pipe.NextAsync("tasks/get"), Got("working", ""","statusMessage":"half" """));
        await pipe.ResultAsync(await pipe.NextAsync("tasks/get"), Completed);
        await waiting;

        told.Should().Equal("half");
    }

    [Test]
    [Spec("ext-tasks tasks §Task Status")]
    public async Task What_has_ended_ends_in_the_same_way_for_each_who_asks()
    {
        await using var pipe = new ScriptedPipe();
        await using var client = await ModernAsync(pipe);
        var task = client.ResumeTask(new TaskHandle { TaskId = "k1", Tool = "t" });

        var waiting = task.WaitAsync();
        await pipe.ResultAsync(await pipe.NextAsync("tasks/get"), Got("cancelled"));
        for (var i = 0; i < 2; i++)
        {
            await waiting.Awaiting(one => one).Should().ThrowAsync<ToolTaskCancelledException>();
            waiting = task.WaitAsync();
        }

        await waiting.Awaiting(one => one).Should().ThrowAsync<ToolTaskCancelledException>();
    }

    [Test]
    public async Task The_list_of_tasks_is_a_thing_of_the_past()
    {
        await using var pipe = new ScriptedPipe();
        await using var client = await ModernAsync(pipe);

        await client.Awaiting(one => one.ListTasksAsync().CountAsync().AsTask()).Should().ThrowAsync<InvalidOperationException>().WithMessage("*2026-07-28*no list of tasks*");
    }

    [Test]
    [Spec("ext-tasks tasks §Task Status Notifications")]
    public async Task Who_listens_hears_how_far_the_tasks_are_that_were_asked_for()
    {
        await using var pipe = new ScriptedPipe();
        await using var client = await ModernAsync(pipe);
        await using var changes = client.ListenAsync(new SubscriptionFilter { TaskIds = ["k1", "k2"] }).GetAsyncEnumerator();

        var next = changes.MoveNextAsync().AsTask();
        var listen = await pipe.NextAsync("subscriptions/listen");
        await pipe.SendAsync($$$"""{"jsonrpc":"2.0","method":"notifications/subscriptions/acknowledged","params":{"notifications":{"taskIds":["k1"]},"_meta":{"io.modelcontextprotocol/subscriptionId":{{{listen.GetProperty("id").GetRawText()}}} } }}""");
        await next;
        var started = (ListeningStarted)changes.Current;
        foreach (var id in new[] { "k7", "k1" })
            await pipe.SendAsync($$$"""{"jsonrpc":"2.0","method":"notifications/tasks","params":{ {{{State("completed", $""","result":{Done}""", id)}}},"_meta":{"io.modelcontextprotocol/subscriptionId":{{{listen.GetProperty("id").GetRawText()}}} } } }""");
        await changes.MoveNextAsync();

        listen.Declares().Should().BeTrue();
        listen.GetProperty("params").GetProperty("notifications").GetRawText().Should().Be("""{"taskIds":["k1","k2"]}""");
        (string.Join(' ', started.Granted.TaskIds!), string.Join(' ', started.Refused.TaskIds!)).Should().Be(("k1", "k2"));
        var told = ((TaskChanged)changes.Current).Task;
        (told.Id, told.Status).Should().Be(("k1", McpTaskStatus.Completed));
    }
}
