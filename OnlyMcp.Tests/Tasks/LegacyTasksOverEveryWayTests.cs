using System.Text;
using System.Text.Json;
using OnlyMcp.Client;
using OnlyMcp.Protocol.JsonRpc;
using OnlyMcp.Protocol.Revisions;
using OnlyMcp.Protocol.Schema;
using OnlyMcp.Tests.Support;

namespace OnlyMcp.Tests.Tasks;

/// <summary>The messages of a task of 2025-11-25, one by one, over each transport; and what the revisions before make of them.</summary>
public sealed class LegacyTasksOverEveryWayTests
{
    private static IEnumerable<TestCaseData> WithTasks => Ways([.. Way.All, Way.OverSse(KnownRevisions.V20251125)], way => way.Revision.HasRequestedTasks);

    private static IEnumerable<TestCaseData> Before => Ways(Way.All, way => way.Revision is { Era: Era.Legacy, HasRequestedTasks: false });

    [TestCaseSource(nameof(WithTasks))]
    [Spec("2025-11-25 basic/utilities/tasks §Capabilities", 1)]
    [Spec("2025-11-25 basic/utilities/tasks §Result Retrieval", 1, 2, 3)]
    [Spec("2025-11-25 basic/utilities/tasks §TTL and Resource Management", 1, 2, 3)]
    [Spec("2025-11-25 basic/utilities/tasks §Retrieving Task Results", 1)]
    [Spec("2025-11-25 basic/utilities/tasks §Getting Tasks", 1)]
    public async Task A_task_asks_and_ends_and_its_result_is_fetched(Way way)
    {
        await using var connected = await way.ConnectAsync(new LegacyTaskServer().Server, Answering);
        var client = connected.Client;
        var declared = JsonSerializer.SerializeToElement(client.ServerCapabilities, McpJson.Wire.ServerCapabilities).GetProperty("tasks");
        declared.TryGetProperty("list", out _).Should().Be(!way.IsHttp, "over HTTP nobody knows who asks");
        var task = (await AskAsync(client, "tools/call", """{"name":"ask","task":{"ttl":60000}}""")).GetProperty("task");
        var about = $$"""{"taskId":{{task.GetProperty("taskId").GetRawText()}}}""";
        var result = await AskAsync(client, "tasks/result", about);
        var state = await AskAsync(client, "tasks/get", about);

        task.GetProperty("status").GetString().Should().Be("working");
        LegacyPeer.TextIn(result).Should().Be("Accept Ada");
        LegacyPeer.TaskIn(result).Should().Be(task.GetProperty("taskId").GetString());
        state.GetProperty("status").GetString().Should().Be("completed");
        state.GetProperty("ttl").GetInt64().Should().BeGreaterThanOrEqualTo(60000);
        state.GetProperty("createdAt").GetRawText().Should().Be(task.GetProperty("createdAt").GetRawText());
        state.GetProperty("lastUpdatedAt").GetDateTimeOffset().Should().BeOnOrAfter(task.GetProperty("lastUpdatedAt").GetDateTimeOffset());
        (await ErrorAsync(client, "tasks/cancel", about)).Code.Should().Be(-32602);
        (await ErrorAsync(client, "tasks/result", """{"taskId":"none"}""")).Code.Should().Be(-32602);
        if (way.IsHttp)
            (await ErrorAsync(client, "tasks/list", "{}")).Code.Should().Be(-32601);
        else
            (await AskAsync(client, "tasks/list", "{}")).GetProperty("tasks")[0].GetRawText().Should().Be(state.GetRawText());
    }

    [TestCaseSource(nameof(WithTasks))]
    public async Task Our_own_client_follows_a_task_to_its_end(Way way)
    {
        var server = new LegacyTaskServer();
        await using var connected = await way.ConnectAsync(server.Server, Answering with { Tasks = new() { PollInterval = TimeSpan.FromMilliseconds(50) } });
        var client = connected.Client;
        var asked = await client.CallToolAsync("ask", options: new RequestOptions { AsTask = true }).WaitAsync(TimeSpan.FromSeconds(30));
        var required = await client.CallToolAsync("required").WaitAsync(TimeSpan.FromSeconds(30));
        var waiting = await client.StartToolAsync("wait");
        await server.Started.Task.WaitAsync(TimeSpan.FromSeconds(30));
        await waiting.CancelAsync();

        asked.Text.Should().Be("Accept Ada");
        required.Text.Should().Be("ran");
        (await waiting.RefreshAsync())!.Status.Should().Be(McpTaskStatus.Cancelled);
        await server.Stopped;
    }

    [TestCaseSource(nameof(Before))]
    [Spec("2025-11-25 basic/utilities/tasks §Task Support and Handling", 1)]
    public async Task Revisions_before_know_no_tasks_and_pass_over_the_wish(Way way)
    {
        await using var connected = await way.ConnectAsync(new LegacyTaskServer().Server, Answering);
        var client = connected.Client;
        foreach (var wish in new[] { """{"ttl":60000}""", """{"ttl":"long"}""", "7" })
            LegacyPeer.TextIn(await AskAsync(client, "tools/call", $$"""{"name":"echo","task":{{wish}}}""")).Should().Be("echo tools/call");

        client.ServerCapabilities.Tasks.Should().BeNull();
        (await AskAsync(client, "tools/list", "{}")).GetRawText().Should().NotContain("execution");
        foreach (var method in new[] { "tasks/get", "tasks/result", "tasks/cancel", "tasks/list" })
            (await ErrorAsync(client, method, """{"taskId":"1"}""")).Code.Should().Be(-32601);
    }

    private static IEnumerable<TestCaseData> Ways(IEnumerable<Way> ways, Func<Way, bool> isIt) =>
        ways.Where(isIt).Select(way => new TestCaseData(way).SetArgDisplayNames(way.ToString()));

    private static McpClientOptions Answering => new()
    {
        OnElicit = (_, _, _) => new(new ElicitResult
        {
            Action = ElicitAction.Accept,
            Content = new Dictionary<string, JsonElement> { ["name"] = JsonElement.Parse("\"Ada\"") },
        }),
    };

    private static async Task<JsonElement> AskAsync(McpClient client, string method, string parameters) =>
        (await client.SendRequestAsync(method, new JsonBody(Encoding.UTF8.GetBytes(parameters))).WaitAsync(TimeSpan.FromSeconds(30))).ToElement();

    private static async Task<JsonRpcException> ErrorAsync(McpClient client, string method, string parameters) =>
        (await FluentActions.Awaiting(() => AskAsync(client, method, parameters)).Should().ThrowAsync<JsonRpcException>()).Which;
}
