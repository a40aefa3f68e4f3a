using System.Security.Claims;
using System.Text.Json;
using OnlyMcp.Protocol.Schema;
using OnlyMcp.Server;
using OnlyMcp.Server.Http;
using OnlyMcp.Server.Tasks;
using OnlyMcp.Server.Tools;
using OnlyMcp.Tests.Support;

namespace OnlyMcp.Tests.Tasks;

/// <summary>Who may ask for a task of 2025-11-25, list it or end it, and what everybody else is told.</summary>
public sealed class RequestedTaskAccessTests
{
    private const string Place = "2025-11-25 basic/utilities/tasks ";

    private static readonly string[] Asking = ["get", "result", "cancel"];

    [TestCaseSource(nameof(Asking))]
    [Spec(Place + "§Task Isolation and Access Control", 1, 3)]
    [Spec(Place + "§Protocol Errors", 1)]
    public async Task The_task_of_another_is_answered_like_one_that_never_was(string how)
    {
        await using var handler = new McpHttpHandler(Waiting());
        var ada = await OpenAsync(handler, "ada");
        var taskId = await StartAsync(handler, ada);
        const string unknown = "00000000000000000000000000000000";

        string[] refused =
        [
            await AboutAsync(await OpenAsync(handler, "eve"), taskId),
            await AboutAsync(await OpenAsync(handler, null), taskId),
            await AboutAsync(ada, unknown),
        ];

        refused.Should().OnlyContain(error => error == refused[0]).And.OnlyContain(error => error.Contains("-32602", StringComparison.Ordinal));
        (await AskAsync(handler, await OpenAsync(handler, "ada"), "tasks/get", $"\"taskId\":\"{taskId}\""))
            .GetProperty("result").GetProperty("status").GetString().Should().Be("working", "it belongs to the user, in whatever session");

        async Task<string> AboutAsync(Sessions session, string asked) =>
            (await AskAsync(handler, session, $"tasks/{how}", $"\"taskId\":\"{asked}\"")).GetProperty("error").GetRawText().Replace(asked, "…", StringComparison.Ordinal);
    }

    [Test]
    [Spec(Place + "§Task Isolation and Access Control", 1, 4)]
    public async Task Everybody_lists_tasks_of_their_own_and_nobody_in_particular_none()
    {
        await using var handler = new McpHttpHandler(Waiting());
        var (ada, eve) = (await OpenAsync(handler, "ada"), await OpenAsync(handler, "eve"));
        var taskId = await StartAsync(handler, ada);
        await StartAsync(handler, eve);
        var nobody = await OpenAsync(handler, null);
        await StartAsync(handler, nobody);

        (await ListAsync(ada)).Should().Equal(taskId);
        (await ListAsync(eve)).Should().ContainSingle().Which.Should().NotBe(taskId);
        (await AskAsync(handler, nobody, "tasks/list", "")).GetProperty("error").GetProperty("code").GetInt32().Should().Be(-32601);

        async Task<string?[]> ListAsync(Sessions session) => IdsOf((await AskAsync(handler, session, "tasks/list", "")).GetProperty("result"));
    }

    [Test]
    [Spec(Place + "§Task Listing", 1, 3)]
    [Spec(Place + "§Protocol Errors", 2)]
    public async Task A_list_of_tasks_has_pages_and_all_that_can_be_asked_for_and_no_other_cursor()
    {
        var server = Waiting(new TaskOptions { PageSize = 2 });
        await using var client = await SessionPeer.ConnectAsync(server);
        List<string> started = [];
        for (var i = 0; i < 5; i++)
            started.Add(await client.StartAsync("wait"));
        await client.AboutAsync("cancel", started[2]);

        List<string?> listed = [];
        string? cursor = null;
        do
        {
            var page = (await client.AskAsync("tasks/list", cursor is null ? "" : $"\"cursor\":\"{cursor}\"")).GetProperty("result");
            listed.AddRange(IdsOf(page));
            cursor = page.TryGetProperty("nextCursor", out var next) ? next.GetString() : null;
            (cursor is not null).Should().Be(listed.Count < started.Count, "there is more, or there is not");
        }
        while (cursor is not null);

        listed.Should().BeEquivalentTo(started);
        foreach (var taskId in started)
            (await client.AboutAsync("get", taskId)).TryGetProperty("result", out _).Should().BeTrue();
        (await client.AskAsync("tasks/list", "\"cursor\":\"x\"")).GetProperty("error").GetProperty("code").GetInt32().Should().Be(-32602);
    }

    [Test]
    [Spec(Place + "§Protocol Errors", 4)]
    public async Task A_store_that_fails_is_an_internal_error_without_its_words()
    {
        await using var client = await SessionPeer.ConnectAsync(Waiting(new TaskOptions { Store = new TaskAccessTests.BrokenStore() }));

        JsonElement[] answers =
        [
            await client.AskAsync("tools/call", """ "name":"wait","arguments":{},"task":{} """),
            await client.AboutAsync("get", "a"),
            await client.AboutAsync("result", "a"),
            await client.AboutAsync("cancel", "a"),
            await client.AskAsync("tasks/list"),
        ];

        answers.Should().OnlyContain(answer => answer.GetProperty("error").GetProperty("code").GetInt32() == -32603);
        answers.Should().NotContain(answer => answer.GetRawText().Contains("secret"));
    }

    private static string?[] IdsOf(JsonElement page) => [.. page.GetProperty("tasks").EnumerateArray().Select(task => task.GetProperty("taskId").GetString())];

    private static McpServer Waiting(TaskOptions? options = null)
    {
        var server = new McpServer("tasks", "1.0.0", new McpServerOptions { Tasks = options ?? new() });
        server.AddTool("wait", "Waits", async (CancellationToken stop) =>
        {
            await Task.Delay(Timeout.Infinite, stop);
            return "never";
        }, new ToolTasks());
        return server;
    }

    private static Task<Sessions> OpenAsync(McpHttpHandler handler, string? user) =>
        Sessions.OpenAsync(handler, user: user is null ? null : new ClaimsPrincipal(new ClaimsIdentity([new Claim("sub", user)], "test")));

    private static async Task<string> StartAsync(McpHttpHandler handler, Sessions session) =>
        (await AskAsync(handler, session, "tools/call", """ "name":"wait","arguments":{},"task":{} """))
            .GetProperty("result").GetProperty("task").GetProperty("taskId").GetString()!;

    private static async Task<JsonElement> AskAsync(McpHttpHandler handler, Sessions session, string method, string parameters)
    {
        var http = session.Post($$"""{"jsonrpc":"2.0","id":1,"method":"{{method}}","params":{ {{parameters}} } }""").With("Accept", "application/json, text/event-stream");
        await handler.HandleAsync(http);
        return JsonElement.Parse(http.Body);
    }
}
