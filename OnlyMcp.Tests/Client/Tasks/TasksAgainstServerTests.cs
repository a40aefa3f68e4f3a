using System.Text.Json.Nodes;
using OnlyMcp.Client;
using OnlyMcp.Client.Subscriptions;
using OnlyMcp.Client.Tasks;
using OnlyMcp.Protocol.JsonRpc;
using OnlyMcp.Protocol.Revisions;
using OnlyMcp.Protocol.Schema;
using OnlyMcp.Server;
using OnlyMcp.Server.Tools;
using OnlyMcp.Tests.Support;

namespace OnlyMcp.Tests.Client.Tasks;

/// <summary>The client's tasks against this library's own server, over every way.</summary>
public sealed class TasksAgainstServerTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private static IEnumerable<Way> Ways => Way.All;

    private static IEnumerable<Way> ModernWays => Way.All.Where(way => way.Revision.Era == Era.Modern);

    [TestCaseSource(nameof(Ways))]
    [Spec("ext-tasks tasks §Backwards Compatibility")]
    public async Task A_call_is_answered_in_the_same_way_whether_or_not_it_becomes_a_task(Way way)
    {
        var told = new List<double>();
        var server = new McpServer("s", "1");
        server.AddTool("add", "Adds, slowly", [McpTask(PollIntervalSeconds = 0.05)] async (int a, int b, RequestContext context) =>
        {
            await context.ReportProgressAsync(1, 2);
            await context.ReportProgressAsync(2, 2);
            return a + b;
        });
        await using var connected = await way.ConnectAsync(server);

        var answer = await connected.Client.CallToolAsync(
            "add", new { a = 1, b = 2 }, new RequestOptions { OnProgress = news => told.Add(news.Progress) }).WaitAsync(Patience);

        answer.Text.Should().Be("3");
        told.Should().BeInAscendingOrder().And.OnlyHaveUniqueItems();
    }

    [TestCaseSource(nameof(Ways))]
    [Spec("ext-tasks tasks §Task Update Requests", 1)]
    public async Task A_question_in_the_middle_is_answered_by_the_same_handler(Way way)
    {
        var server = new McpServer("s", "1");
        server.AddTool("greet", "Greets", [McpTask(PollIntervalSeconds = 0.05)] async (RequestContext context) =>
            $"Hello, {(await context.ElicitAsync<Person>("who", "Who are you?")).Value?.Name ?? "stranger"}");
        await using var connected = await way.ConnectAsync(server, new McpClientOptions
        {
            OnElicit = (_, _, _) => ValueTask.FromResult(ElicitAnswer.Accept(new JsonObject { ["name"] = "Ada" })),
        });

        var calling = connected.Client.CallToolAsync("greet").WaitAsync(Patience);

        // A revision that cannot ask says so, whoever is there to be asked.
        if (way.Revision.HasElicitation)
            (await calling).Text.Should().Be("Hello, Ada");
        else
            (await calling.Awaiting(one => one).Should().ThrowAsync<JsonRpcException>()).Which.Code.Should().Be(ErrorCode.MissingRequiredClientCapability);
    }

    [TestCaseSource(nameof(ModernWays))]
    [Spec("ext-tasks tasks §Task Execution Errors", 2, 3)]
    public async Task What_goes_wrong_in_a_task_goes_wrong_in_the_same_way_as_in_a_call(Way way)
    {
        var server = new McpServer("s", "1");
        server.AddTool("fails", "Fails", [McpTask(PollIntervalSeconds = 0.05)] string () => throw new ToolErrorException("no"));
        server.AddTool("refuses", "Refuses", [McpTask(PollIntervalSeconds = 0.05)] string () => throw new JsonRpcException(-32099, "never"));
        await using var connected = await way.ConnectAsync(server);

        var answer = await connected.Client.CallToolAsync("fails").WaitAsync(Patience);
        (answer.IsError, answer.Text).Should().Be((true, "no"));
        (await connected.Client.Awaiting(client => client.CallToolAsync("refuses").WaitAsync(Patience)).Should().ThrowAsync<JsonRpcException>())
            .Which.Code.Should().Be(-32099);
    }

    [TestCaseSource(nameof(ModernWays))]
    [Spec("ext-tasks tasks §Task Cancellation", 1)]
    public async Task Who_cancels_a_call_stops_the_tool(Way way)
    {
        var started = new TaskCompletionSource();
        var stopped = new TaskCompletionSource();
        var server = new McpServer("s", "1");
        server.AddTool("endless", "Never ends", [McpTask(PollIntervalSeconds = 0.05)] async (CancellationToken stop) =>
        {
            await using var registration = stop.Register(() => stopped.TrySetResult());
            started.TrySetResult();
            await Task.Delay(Timeout.Infinite, stop);
        });
        await using var connected = await way.ConnectAsync(server);
        var task = await connected.Client.StartToolAsync("endless");
        var waiting = task.WaitAsync();
        await started.Task.WaitAsync(Patience);

        await task.CancelAsync();

        await stopped.Task.WaitAsync(Patience);
        await waiting.Awaiting(one => one.WaitAsync(Patience)).Should().ThrowAsync<ToolTaskCancelledException>();
    }

    [TestCaseSource(nameof(ModernWays))]
    [Spec("ext-tasks tasks §Task Status Notifications")]
    public async Task Who_listens_hears_of_the_end(Way way)
    {
        var end = new TaskCompletionSource();
        var server = new McpServer("s", "1");
        server.AddTool("wait", "Waits", [McpTask] async () =>
        {
            await end.Task;
            return "done";
        });
        await using var connected = await way.ConnectAsync(server);
        var task = await connected.Client.StartToolAsync("wait");

        var seen = new List<McpTaskStatus>();
        await foreach (var change in connected.Client.ListenAsync(new SubscriptionFilter { TaskIds = [task.Handle!.TaskId] }))
        {
            if (change is ListeningStarted)
                end.SetResult();
            if (change is TaskChanged changed)
                seen.Add(changed.Task.Status);
            if (change is TaskChanged { Task.IsFinal: true })
                break;
        }

        seen.Should().EndWith(McpTaskStatus.Completed);
        (await task.WaitAsync().WaitAsync(Patience)).Text.Should().Be("done");
    }

    public sealed record Person(string Name);
}
