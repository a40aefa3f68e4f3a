using System.Text.Json;
using OnlyMcp.Protocol.Schema;
using OnlyMcp.Server;
using OnlyMcp.Server.Tasks;
using OnlyMcp.Server.Tools;
using OnlyMcp.Tests.Support;

namespace OnlyMcp.Tests.Tasks;

/// <summary>Who may ask for a task, and what everybody else is told.</summary>
public sealed class TaskAccessTests
{
    private static readonly string[] Asking = ["get", "update", "cancel"];

    [TestCaseSource(nameof(Asking))]
    [Spec("ext-tasks tasks §Protocol Errors", 1)]
    [Spec("ext-tasks tasks §Security Considerations", 2)]
    public async Task The_task_of_another_is_answered_like_one_that_never_was(string how)
    {
        var server = Waiting();
        await using var ada = TaskCaller.OverHttp(server, "ada");
        await using var eve = TaskCaller.OverHttp(server, "eve");
        await using var nobody = TaskCaller.OverHttp(server);
        var taskId = await ada.StartAsync("wait");
        const string unknown = "00000000000000000000000000000000";

        string[] refused =
        [
            ErrorOf(await AskAsync(eve, how, taskId)).Replace(taskId, unknown, StringComparison.Ordinal),
            ErrorOf(await AskAsync(nobody, how, taskId)).Replace(taskId, unknown, StringComparison.Ordinal),
            ErrorOf(await AskAsync(ada, how, unknown)),
        ];

        refused.Should().OnlyContain(error => error == refused[0]).And.OnlyContain(error => error.Contains("-32602", StringComparison.Ordinal));
        (await ada.GetAsync(taskId)).GetProperty("status").GetString().Should().Be("working");
    }

    [Test]
    [Spec("ext-tasks tasks §Security Considerations", 2)]
    public async Task Nobody_is_granted_news_of_the_task_of_another()
    {
        var server = Waiting();
        await using var ada = TaskCaller.OverHttp(server, "ada");
        await using var eve = TaskCaller.OverHttp(server, "eve");
        var taskId = await ada.StartAsync("wait");

        (await ada.Listen($$"""{"taskIds":["{{taskId}}"]}""").NextMessageAsync()).Granted().Should().Contain(taskId);
        (await eve.Listen($$"""{"taskIds":["{{taskId}}"]}""").NextMessageAsync()).Granted().Should().NotContain(taskId);
    }

    [TestCaseSource(nameof(Asking))]
    [Spec("ext-tasks tasks §Protocol Errors", 4)]
    public async Task Who_does_not_declare_tasks_on_the_request_is_told_what_is_missing(string how)
    {
        await using var client = TaskCaller.OverHttp(Waiting());
        var taskId = await client.StartAsync("wait");

        client.Capabilities = TaskCaller.Undeclared;
        NewTaskTests.ShouldMissTasks(await AskAsync(client, how, taskId));

        client.Last!.Status.Should().Be(400);
        client.Capabilities = TaskCaller.Everything;
        (await client.GetAsync(taskId)).GetProperty("status").GetString().Should().Be("working");
    }

    [TestCaseSource(nameof(Asking))]
    [Spec("ext-tasks tasks §Protocol Errors", 2)]
    public async Task A_store_that_fails_is_an_internal_error_without_its_words(string how)
    {
        var server = new McpServer("tasks", "1.0.0", new McpServerOptions { Tasks = new TaskOptions { Store = new BrokenStore() } });
        server.AddTool("wait", "Waits", () => "never", new ToolTasks());
        await using var client = TaskCaller.OverHttp(server);

        var error = await AskAsync(client, how, "00000000000000000000000000000000");

        ErrorOf(error).Should().Contain("-32603").And.NotContain("secret");
    }

    private static McpServer Waiting()
    {
        var server = new McpServer("tasks", "1.0.0");
        server.AddTool("wait", "Waits", async (CancellationToken stop) =>
        {
            await Task.Delay(Timeout.Infinite, stop);
            return "never";
        }, new ToolTasks());
        return server;
    }

    private static Task<JsonElement> AskAsync(TaskCaller client, string how, string taskId) => how switch
    {
        "get" => client.AskAsync(taskId),
        "update" => client.AnswerAsync(taskId, """{"a":{"action":"decline"}}"""),
        _ => client.CancelAsync(taskId),
    };

    private static string ErrorOf(JsonElement response) => response.GetProperty("error").GetRawText();

    /// <summary>Answers nothing.</summary>
    internal sealed class BrokenStore : ITaskStore
    {
        private static readonly InvalidDataException Broken = new("secret");

        public ValueTask AddAsync(StoredTask task, CancellationToken cancellationToken) => throw Broken;

        public ValueTask<StoredTask?> FindAsync(string taskId, CancellationToken cancellationToken) => throw Broken;

        public ValueTask<bool> TryReplaceAsync(StoredTask task, CancellationToken cancellationToken) => throw Broken;

        public ValueTask<IReadOnlyList<StoredTask>> ListAsync(string? owner, TaskPlace? after, int count, CancellationToken cancellationToken) => throw Broken;

        public ValueTask<IReadOnlyList<StoredTask>> TakeAbandonedAsync(CancellationToken cancellationToken) => throw Broken;
    }
}
