using System.Collections.Concurrent;
using System.Text.Json.Nodes;
using OnlyMcp.Client;
using OnlyMcp.Client.Tasks;
using OnlyMcp.Protocol.JsonRpc;
using OnlyMcp.Protocol.Revisions;
using OnlyMcp.Protocol.Schema;
using OnlyMcp.Server;
using OnlyMcp.Server.Http;
using OnlyMcp.Server.Tasks;
using OnlyMcp.Server.Tools;
using OnlyMcp.Tests.Support;

namespace OnlyMcp.Tests.Client.Tasks;

/// <summary>Tasks in both of their forms, each against this library's own server: whoever calls a tool cannot tell one from the other.</summary>
public sealed class TasksInBothFormsTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);
    private static readonly RequestOptions AsTask = new() { AsTask = true };

    private static IEnumerable<Way> Ways => Way.All.Where(way => way.Revision.Era == Era.Modern || way.Revision.HasRequestedTasks);

    private static IEnumerable<Revision> Forms => KnownRevisions.All.Where(revision => revision.Era == Era.Modern || revision.HasRequestedTasks);

    private static McpClientOptions Quick => TaskScript.Quick;

    [TestCaseSource(nameof(Ways))]
    [Spec("ext-tasks tasks §Task Polling")]
    [Spec("2025-11-25 basic/utilities/tasks §Tool-Level Negotiation")]
    public async Task A_tool_that_runs_as_a_task_alone_is_called_like_any_other(Way way)
    {
        var server = new McpServer("s", "1");
        server.AddTool("measure", "Measures", [McpTask(PollIntervalSeconds = 0.05, Support = TaskSupport.Required)] (double by) => new Reading(by * 2));
        await using var connected = await way.ConnectAsync(server, Quick);

        var reading = await connected.Client.CallToolAsync<Reading>("measure", new { by = 2.5 }).WaitAsync(Patience);

        reading.Should().Be(new Reading(5));
    }

    [TestCaseSource(nameof(Ways))]
    [Spec("2026-07-28 server/tools §Output Schema")]
    [Spec("2025-11-25 server/tools §Output Schema")]
    public async Task What_a_task_answers_for_code_is_held_against_the_schema(Way way)
    {
        var server = new McpServer("s", "1");
        server.AddTool("measure", "Measures", [McpTask(PollIntervalSeconds = 0.05)] () => new Reading(5));
        await using var connected = await way.ConnectAsync(server, Quick);
        await connected.Client.ListToolsPageAsync();

        var answer = await connected.Client.CallToolAsync("measure", options: AsTask).WaitAsync(Patience);

        answer.StructuredContent!.Value.GetProperty("value").GetDouble().Should().Be(5);
    }

    [TestCaseSource(nameof(Ways))]
    [Spec("ext-tasks tasks §Task Execution Errors")]
    [Spec("2025-11-25 basic/utilities/tasks §Task Execution Errors")]
    public async Task A_tool_that_failed_has_answered(Way way)
    {
        var server = new McpServer("s", "1");
        server.AddTool("fails", "Fails", [McpTask(PollIntervalSeconds = 0.05)] string () => throw new ToolErrorException("no"));
        await using var connected = await way.ConnectAsync(server, Quick);

        var answer = await connected.Client.CallToolAsync("fails", options: AsTask).WaitAsync(Patience);
        var task = await connected.Client.StartToolAsync("fails");
        var waited = await task.WaitAsync().WaitAsync(Patience);

        (answer.IsError, answer.Text, answer.Content.Count, answer.StructuredContent).Should().Be((true, "no", 1, null));
        (waited.IsError, waited.Text).Should().Be((true, "no"));
        answer.Invoking(one => one.EnsureSuccess()).Should().Throw<ToolFailedException>();
    }

    [TestCaseSource(nameof(Ways))]
    [Spec("ext-tasks tasks §Task Execution Errors")]
    [Spec("2025-11-25 basic/utilities/tasks §Result Retrieval")]
    public async Task A_task_that_ended_in_an_error_throws_that_error(Way way)
    {
        var server = new McpServer("s", "1");
        server.AddTool("refuses", "Refuses", [McpTask(PollIntervalSeconds = 0.05)] string () =>
            throw new JsonRpcException(new JsonRpcError(-32099, "never", new JsonBody("""{"a":1}"""u8.ToArray()))));
        await using var connected = await way.ConnectAsync(server, Quick);

        var fault = (await connected.Client.Awaiting(client => client.CallToolAsync("refuses", options: AsTask).WaitAsync(Patience))
            .Should().ThrowAsync<JsonRpcException>()).Which;

        (fault.Code, fault.Message, fault.Error.Data.ToString()).Should().Be((-32099, "never", """{"a":1}"""));
    }

    [TestCaseSource(nameof(Ways))]
    [Spec("ext-tasks tasks §Task Update Requests")]
    [Spec("2025-11-25 basic/utilities/tasks §Input Required Status")]
    public async Task A_task_asks_a_user_and_a_model_and_each_of_them_once(Way way)
    {
        var asked = new ConcurrentQueue<string>();
        await using var connected = await way.ConnectAsync(Asking(), Answering(asked));

        var answer = await connected.Client.CallToolAsync("ask", options: AsTask).WaitAsync(Patience);

        answer.Text.Should().Be("Ada likes tea");
        asked.Should().Equal("Who?", "Ada likes?");
    }

    [TestCaseSource(nameof(Ways))]
    [Spec("2026-07-28 basic/patterns/progress §Progress Flow")]
    [Spec("2025-11-25 basic/utilities/tasks §Task Progress Notifications")]
    public async Task Progress_grows_and_ends_before_the_answer(Way way)
    {
        var told = new ConcurrentQueue<(double Progress, double? Total, string? Message)>();
        var heard = new SemaphoreSlim(0);
        var server = new McpServer("s", "1");
        server.AddTool("work", "Works", [McpTask(PollIntervalSeconds = 0.05)] async (RequestContext context, CancellationToken stop) =>
        {
            for (var step = 1; step <= 3; step++)
            {
                await context.ReportProgressAsync(step, 3, $"step {step}", stop);
                await heard.WaitAsync(stop);
            }

            return "worked";
        });
        await using var connected = await way.ConnectAsync(server, Quick);

        var answer = await connected.Client.CallToolAsync("work", options: AsTask with
        {
            OnProgress = news =>
            {
                told.Enqueue((news.Progress, news.Total, news.Message));
                heard.Release();
            },
        }).WaitAsync(Patience);

        answer.Text.Should().Be("worked");
        told.Should().Equal((1, 3, "step 1"), (2, 3, "step 2"), (3, 3, "step 3"));
    }

    [TestCaseSource(nameof(Ways))]
    [Spec("ext-tasks tasks §Task Cancellation")]
    [Spec("2025-11-25 basic/utilities/tasks §Task Cancellation")]
    public async Task Whoever_cancels_the_call_stops_the_tool(Way way)
    {
        var endless = new Endless();
        await using var connected = await way.ConnectAsync(endless.Server, Quick);
        using var enough = new CancellationTokenSource();

        var known = new TaskCompletionSource();
        var calling = connected.Client.CallToolAsync(
            "endless", options: AsTask with { OnProgress = _ => known.TrySetResult() }, cancellationToken: enough.Token);
        await endless.Started.Task.WaitAsync(Patience);
        await known.Task.WaitAsync(Patience);
        await enough.CancelAsync();

        await calling.Awaiting(one => one.WaitAsync(Patience)).Should().ThrowAsync<OperationCanceledException>();
        await endless.Stopped.Task.WaitAsync(Patience);
    }

    [TestCaseSource(nameof(Ways))]
    [Spec("ext-tasks tasks §Task Cancellation")]
    [Spec("2025-11-25 basic/utilities/tasks §Task Cancellation")]
    public async Task Another_client_that_cancels_the_task_ends_the_call_with_an_exception_of_its_own(Way way)
    {
        var endless = new Endless();
        await using var connected = await way.ConnectAsync(endless.Server, Two(way));

        var calling = connected.Clients[0].CallToolAsync("endless", options: AsTask);
        var handle = new TaskHandle { TaskId = (await endless.Started.Task.WaitAsync(Patience))!, Tool = "endless" };
        var other = connected.Clients[1].ResumeTask(handle);
        await other.CancelAsync().WaitAsync(Patience);

        var fault = (await calling.Awaiting(one => one.WaitAsync(Patience)).Should().ThrowAsync<ToolTaskCancelledException>()).Which;
        (fault.Task.Id, fault.Task.Status).Should().Be((handle.TaskId, McpTaskStatus.Cancelled));
        await endless.Stopped.Task.WaitAsync(Patience);
        await other.CancelAsync().WaitAsync(Patience);
        (await other.RefreshAsync())!.Status.Should().Be(McpTaskStatus.Cancelled);
    }

    [TestCaseSource(nameof(Ways))]
    [Spec("2025-11-25 basic/utilities/tasks §TTL and Resource Management")]
    public async Task A_task_that_outlives_its_time_says_so(Way way)
    {
        var endless = new Endless(TimeSpan.FromSeconds(0.5));
        await using var connected = await way.ConnectAsync(endless.Server, Quick);

        await connected.Client.Awaiting(client => client.CallToolAsync("endless", options: AsTask).WaitAsync(Patience))
            .Should().ThrowAsync<JsonRpcException>().WithMessage("*time to live*");
        await endless.Stopped.Task.WaitAsync(Patience);
    }

    [TestCaseSource(nameof(Ways))]
    [Spec("ext-tasks tasks §Task Update Requests")]
    [Spec("2025-11-25 basic/utilities/tasks §Input Required Status")]
    public async Task A_task_whose_client_died_while_its_user_was_asked_asks_the_one_who_resumes_it(Way way)
    {
        var asked = new ConcurrentQueue<string>();
        var gone = new TaskCompletionSource();
        var hanging = Quick with
        {
            OnElicit = async (_, _, stop) =>
            {
                gone.TrySetResult();
                await Task.Delay(Timeout.Infinite, stop);
                return ElicitAnswer.Cancel;
            },
            OnSample = Answering(asked).OnSample,
        };
        await using var connected = await way.ConnectAsync(
            Asking(), [hanging with { Revision = way.Revision }, Answering(asked) with { Revision = way.Revision }]);
        var task = await connected.Clients[0].StartToolAsync("ask");
        var waiting = task.WaitAsync();
        await gone.Task.WaitAsync(Patience);
        await connected.Clients[0].DisposeAsync();

        var again = connected.Clients[1].ResumeTask(TaskHandle.Parse(task.Handle!.ToJson()));
        (await again.WaitAsync().WaitAsync(Patience)).Text.Should().Be("Ada likes tea");
        asked.Should().Equal("Who?", "Ada likes?");
        await waiting.Awaiting(one => one.WaitAsync(Patience)).Should().ThrowAsync<Exception>();
    }

    [TestCaseSource(nameof(Forms))]
    [Spec("ext-tasks tasks §Task Creation")]
    [Spec("2025-11-25 basic/utilities/tasks §Task Support and Handling")]
    public async Task A_server_that_is_started_again_in_the_middle_of_a_call_answers_it(Revision form)
    {
        var folder = Directory.CreateTempSubdirectory("onlymcp-resumed-").FullName;
        var address = $"http://127.0.0.1:{FreePort.Next()}/";
        try
        {
            var first = new Endless(store: new FileTaskStore(folder));
            var host = new McpHttpHost(first.Server, address);
            await host.StartAsync();
            await using var client = await McpClient.ConnectAsync(new Uri(host.Address, "/mcp"), Quick with { Revision = form });
            var calling = client.CallToolAsync("endless", options: AsTask);
            await first.Started.Task.WaitAsync(Patience);
            await host.DisposeAsync();
            await first.Store!.DisposeAsync();

            await using var store = new FileTaskStore(folder);
            var second = new McpServer("s", "1", new McpServerOptions { Tasks = new TaskOptions { Store = store } });
            second.AddTool("endless", "Ends this time", [McpTask(PollIntervalSeconds = 0.05, WhenInterrupted = InterruptedTask.RunsAgain)] () => "after all");
            await using var again = new McpHttpHost(second, address);
            await again.StartAsync();

            (await calling.WaitAsync(Patience)).Text.Should().Be("after all");
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static McpClientOptions[] Two(Way way) => [Quick with { Revision = way.Revision }, Quick with { Revision = way.Revision }];

    private static McpServer Asking()
    {
        var server = new McpServer("s", "1");
        server.AddTool("ask", "Asks", [McpTask(PollIntervalSeconds = 0.05)] async (RequestContext context, CancellationToken stop) =>
        {
            var who = (await context.ElicitAsync<Person>("who", "Who?", stop)).Value?.Name ?? "nobody";
            var likes = await context.SampleAsync("likes", $"{who} likes?", 10, stop);
            return $"{who} likes {((TextContent)likes.Content[0]).Text}";
        });
        return server;
    }

    private static McpClientOptions Answering(ConcurrentQueue<string> asked) => Quick with
    {
        OnElicit = (form, _, _) =>
        {
            asked.Enqueue(form.Message);
            return ValueTask.FromResult(ElicitAnswer.Accept(new JsonObject { ["name"] = "Ada" }));
        },
        OnSample = (question, _, _) =>
        {
            asked.Enqueue(((TextContent)question.Messages[0].Content[0]).Text);
            return ValueTask.FromResult<CreateMessageResult?>(
                new() { Role = Role.Assistant, Content = [new TextContent { Text = "tea" }], Model = "m" });
        },
    };

    public sealed record Person(string Name);

    public sealed record Reading(double Value);

    /// <summary>A server with a tool that ends when it is stopped, and not before.</summary>
    private sealed class Endless
    {
        public Endless(TimeSpan? timeToLive = null, FileTaskStore? store = null)
        {
            Store = store;
            Server = new McpServer("s", "1", new McpServerOptions
            {
                Tasks = new TaskOptions { Store = store ?? (ITaskStore)new InMemoryTaskStore(), TimeToLive = timeToLive ?? TimeSpan.FromHours(1) },
            });
            Server.AddTool("endless", "Never ends", [McpTask(PollIntervalSeconds = 0.05, WhenInterrupted = InterruptedTask.RunsAgain)] async (RequestContext context, CancellationToken stop) =>
            {
                await using var registration = stop.Register(() => Stopped.TrySetResult());
                await context.ReportProgressAsync(1, cancellationToken: stop);
                Started.TrySetResult(context.TaskId);
                await Task.Delay(Timeout.Infinite, stop);
            });
        }

        public McpServer Server { get; }

        public FileTaskStore? Store { get; }

        public TaskCompletionSource<string?> Started { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public TaskCompletionSource Stopped { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);
    }
}
