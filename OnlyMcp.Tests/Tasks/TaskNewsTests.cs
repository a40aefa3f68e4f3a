using System.Text.Json;
using System.Text.Json.Nodes;
using OnlyMcp.Protocol.Revisions;
using OnlyMcp.Protocol.Schema;
using OnlyMcp.Server;
using OnlyMcp.Server.Tools;
using OnlyMcp.Tests.Support;

namespace OnlyMcp.Tests.Tasks;

/// <summary>What clients are told that listen for a task.</summary>
public sealed class TaskNewsTests
{
    [Test]
    [Spec("ext-tasks tasks §Task Status Notifications", 1)]
    [Spec("ext-tasks tasks §Protocol Errors", 3)]
    public async Task Who_listens_for_tasks_without_declaring_them_is_told_what_is_missing()
    {
        await using var client = TaskCaller.OverHttp(Talking(Task.CompletedTask));
        var taskId = await client.StartAsync("talk");
        client.Capabilities = TaskCaller.Undeclared;

        var http = client.Listen($$"""{"taskIds":["{{taskId}}"],"toolsListChanged":true}""");

        NewTaskTests.ShouldMissTasks(JsonElement.Parse(await http.NextWriteAsync()));
        http.Status.Should().Be(400);
    }

    [Test]
    [Spec("ext-tasks tasks §Task Status Notifications", 2)]
    public async Task A_subscription_hears_how_far_a_task_is_and_neither_progress_nor_log_messages()
    {
        var goes = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var client = TaskCaller.OverHttp(Talking(goes.Task));
        var taskId = await client.StartAsync("talk");
        var http = client.Listen($$"""{"taskIds":["{{taskId}}"]}""");
        (await http.NextMessageAsync()).Granted().Should().Contain(taskId);

        goes.SetResult();
        List<JsonElement> heard = [];
        do
            heard.Add(await http.NextMessageAsync());
        while (StatusOf(heard[^1]) == "working");

        heard.Should().OnlyContain(message => message.Method() == "notifications/tasks");
        StatusOf(heard[^1]).Should().Be("completed");
        http.Body.Should().NotContainAny("notifications/progress", "notifications/message");
        Bare(heard[^1].GetProperty("params")).Should().Be(Bare((await client.GetAsync(taskId))), "it is what tasks/get says");
    }

    [Test]
    [Spec("ext-tasks tasks §Task Status Notifications", 2)]
    public async Task On_a_pipe_neither_progress_nor_log_messages_of_a_task_travel_either()
    {
        var goes = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var client = await AskedClient.ConnectAsync(Talking(goes.Task), KnownRevisions.V20260728, TaskCaller.Everything);
        await client.CallAsync("talk");
        var taskId = JsonElement.Parse((await client.RawAsync())!).GetProperty("result").GetProperty("taskId").GetString()!;

        await client.RequestAsync("subscriptions/listen", $$""" "notifications":{"taskIds":["{{taskId}}"]} """);
        JsonElement.Parse((await client.RawAsync())!).Granted().Should().Contain(taskId);
        goes.SetResult();

        JsonElement heard;
        do
            (heard = JsonElement.Parse((await client.RawAsync())!)).Method().Should().Be("notifications/tasks");
        while (StatusOf(heard) == "working");
        StatusOf(heard).Should().Be("completed");
    }

    private static McpServer Talking(Task until)
    {
        var server = new McpServer("tasks", "1.0.0");
        server.AddTool("talk", "Tells of itself in every way there is", async (RequestContext context) =>
        {
            await until;
            await context.ReportProgressAsync(1, 2, "half");
            await context.LogAsync(LoggingLevel.Error, "This is bad.");
            context.ReportStatus("Nearly done.");
            return "done";
        }, new ToolTasks());
        return server;
    }

    private static string? StatusOf(JsonElement news) => news.GetProperty("params").GetProperty("status").GetString();

    // A result names its type and its server, a notification of a subscription names that.
    private static string Bare(JsonElement task)
    {
        var members = JsonNode.Parse(task.GetRawText())!.AsObject();
        members.Remove("resultType");
        members.Remove("_meta");
        return string.Join(',', members.OrderBy(member => member.Key, StringComparer.Ordinal).Select(member => $"{member.Key}: {member.Value?.ToJsonString()}"));
    }
}
