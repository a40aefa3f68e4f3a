using System.Globalization;
using System.Text.Json;
using OnlyMcp.Protocol.JsonRpc;
using OnlyMcp.Protocol.Schema;
using OnlyMcp.Server;
using OnlyMcp.Server.Tasks;
using OnlyMcp.Server.Tools;
using OnlyMcp.Tests.Support;

namespace OnlyMcp.Tests.Tasks;

/// <summary>The life of a task of 2025-11-25, from the wish to the end.</summary>
[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
public sealed class RequestedTaskTests
{
    private const string Place = "2025-11-25 basic/utilities/tasks ";

    private readonly TaskCompletionSource goes = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource deafIsDone = new(TaskCreationOptions.RunContinuationsAsynchronously);

    [Test]
    [Spec(Place + "§Capabilities", 1)]
    public async Task A_server_declares_tasks_if_some_tool_has_them_and_a_client_of_ours_never_does()
    {
        var plain = new McpServer("plain", "1.0.0");
        plain.AddTool("sum", "Adds up", () => 3);

        (await CapabilitiesOf(Tasks())).GetProperty("tasks").GetRawText().Should().Be("""{"list":{},"cancel":{},"requests":{"tools":{"call":{}}}}""");
        (await CapabilitiesOf(plain)).TryGetProperty("tasks", out _).Should().BeFalse();
    }

    [Test]
    [Spec(Place + "§Task Support and Handling", 1)]
    public async Task Where_no_task_is_declared_the_wish_for_one_is_passed_over()
    {
        var plain = new McpServer("plain", "1.0.0");
        plain.AddTool("sum", "Adds up", () => 3);
        plain.AddPrompt("greet", "Greets", () => "Hello.");
        await using var client = await SessionPeer.ConnectAsync(plain);
        await using var other = await SessionPeer.ConnectAsync(Tasks());

        var called = await client.AskAsync("tools/call", """ "name":"sum","arguments":{},"task":{"ttl":1000} """);
        called.GetProperty("result").GetProperty("content")[0].GetProperty("text").GetString().Should().Be("3");
        foreach (var each in new[] { client, other })
            (await each.AskAsync("resources/list", """ "task":{"ttl":1000} """)).TryGetProperty("task", out _).Should().BeFalse();
        (await client.AskAsync("prompts/get", """ "name":"greet","task":{} """)).GetProperty("result").TryGetProperty("messages", out _).Should().BeTrue();
    }

    [Test]
    [Spec(Place + "§Tool-Level Negotiation", 4)]
    public async Task A_tool_that_runs_as_a_task_only_is_refused_in_an_ordinary_call()
    {
        await using var client = await SessionPeer.ConnectAsync(Tasks());

        var refused = await client.AskAsync("tools/call", """ "name":"only","arguments":{} """);

        refused.GetProperty("error").GetProperty("code").GetInt32().Should().Be(-32601);
        (await client.StartAsync("only")).Should().NotBeEmpty();
    }

    [Test]
    [Spec(Place + "§Result Retrieval", 1)]
    [Spec(Place + "§Task Status Lifecycle", 1)]
    [Spec(Place + "§Task ID Requirements", 1, 2, 3)]
    [Spec(Place + "§Task Isolation and Access Control", 2)]
    public async Task A_call_as_a_task_is_answered_with_a_task_that_works_under_a_name_of_the_servers_making()
    {
        await using var client = await SessionPeer.ConnectAsync(Tasks());

        List<JsonElement> created = [];
        for (var i = 0; i < 50; i++)
            created.Add((await client.AskAsync("tools/call", """ "name":"sum","arguments":{},"task":{"taskId":"mine"} """)).GetProperty("result"));

        created.Where(result => result.TryGetProperty("content", out _)).Should().BeEmpty();
        created.Should().OnlyContain(result => result.GetProperty("task").GetProperty("status").GetString() == "working");
        var ids = created.Select(result => result.GetProperty("task").GetProperty("taskId").GetString()!).ToArray();
        ids.Should().OnlyHaveUniqueItems().And.OnlyContain(id => id.Length == 32 && id.All(char.IsAsciiHexDigitLower));
        Enumerable.Range(0, 32).Should().OnlyContain(place => ids.Select(id => id[place]).Distinct().Count() > 6);
    }

    [Test]
    [Spec(Place + "§Task Status Lifecycle", 2, 3, 4)]
    [Spec(Place + "§TTL and Resource Management", 1, 2, 3)]
    public async Task A_task_goes_from_working_over_its_questions_to_its_end_and_says_so_with_its_times()
    {
        await using var client = await SessionPeer.ConnectAsync(Tasks());

        var created = (await client.AskAsync("tools/call", """ "name":"ask","arguments":{},"task":{"ttl":999999999} """)).GetProperty("result").GetProperty("task");
        var taskId = created.GetProperty("taskId").GetString()!;
        List<JsonElement> seen = [created, (await client.AboutAsync("get", taskId)).GetProperty("result")];
        goes.SetResult();
        seen.Add(await StatusToldAsync(client, "input_required"));
        seen.Add((await client.AboutAsync("get", taskId)).GetProperty("result"));
        var waiting = await client.SendAsync("tasks/result", $"\"taskId\":\"{taskId}\"");
        await client.AnswerAsync(await client.QuestionAsync(), """{"action":"decline"}""");
        await client.ResponseAsync(waiting);
        seen.Add(await StatusToldAsync(client, "completed"));
        seen.Add((await client.AboutAsync("get", taskId)).GetProperty("result"));
        seen.AddRange((await client.AskAsync("tasks/list")).GetProperty("result").GetProperty("tasks").EnumerateArray());

        seen.Select(task => task.GetProperty("status").GetString())
            .Should().Equal("working", "working", "input_required", "input_required", "completed", "completed", "completed");
        StatusesTold(client).Should().Equal("input_required", "working", "completed");
        seen.Should().OnlyContain(task => IsTime(task, "createdAt") && IsTime(task, "lastUpdatedAt"));
        seen.Select(task => task.GetProperty("ttl").GetInt64()).Should().OnlyContain(ttl => ttl == 24 * 3600 * 1000, "a wish is bounded");
    }

    [Test]
    [Spec(Place + "§TTL and Resource Management", 3)]
    public async Task A_task_that_is_kept_for_ever_says_null()
    {
        await using var client = await SessionPeer.ConnectAsync(Tasks());

        var task = (await client.AboutAsync("get", await client.StartAsync("ever"))).GetProperty("result");

        task.GetProperty("ttl").ValueKind.Should().Be(JsonValueKind.Null);
    }

    [TestCase("sum", "completed")]
    [TestCase("only", "failed")]
    [TestCase("break", "failed")]
    [Spec(Place + "§Result Retrieval", 2, 4)]
    [Spec(Place + "§Task Execution Errors", 1, 2)]
    [Spec(Place + "§Related Task Metadata", 2)]
    public async Task The_result_of_a_task_is_what_the_call_would_have_been_answered_with(string tool, string status)
    {
        var server = Tasks();
        await using var client = await SessionPeer.ConnectAsync(server);
        var taskId = await client.StartAsync(tool);
        await server.Tasks.UntilAsync(taskId, task => task.IsEnded, default).WaitAsync(TimeSpan.FromSeconds(20));

        var answer = await client.AboutAsync("result", taskId);

        (await client.StatusAsync(taskId)).Should().Be(status);
        if (tool == "break")
        {
            var error = (await client.AskAsync("tools/call", """ "name":"break","arguments":{} """)).GetProperty("error");
            JsonElement.DeepEquals(answer.GetProperty("error"), error).Should().BeTrue($"{answer} is the task's, and {error} the call's");
            return;
        }

        answer.GetProperty("result").GetProperty("_meta").GetRawText().Should().Be($$$"""{"io.modelcontextprotocol/related-task":{"taskId":"{{{taskId}}}"}}""");
        var due = tool == "sum" ? """{"content":[{"type":"text","text":"3"}]}""" : """{"content":[{"type":"text","text":"No."}],"isError":true}""";
        Without(answer.GetProperty("result"), "_meta").Should().Be(Without(JsonElement.Parse(due), "_meta"));
    }

    [Test]
    [Spec(Place + "§Result Retrieval", 3)]
    public async Task Who_asks_for_a_result_that_is_not_there_waits_for_it_also_while_the_task_asks()
    {
        await using var client = await SessionPeer.ConnectAsync(Tasks());
        var taskId = await client.StartAsync("ask");
        var waiting = await client.SendAsync("tasks/result", $"\"taskId\":\"{taskId}\"");

        (await client.StatusAsync(taskId)).Should().Be("working");
        client.HasResponse(waiting).Should().BeFalse();
        goes.SetResult();
        var question = await client.QuestionAsync();
        (await client.StatusAsync(taskId)).Should().Be("input_required");
        client.HasResponse(waiting).Should().BeFalse();
        await client.AnswerAsync(question, """{"action":"decline"}""");

        (await client.ResponseAsync(waiting)).GetProperty("result").GetProperty("content")[0].GetProperty("text").GetString().Should().Be("Decline");
    }

    [Test]
    [Spec(Place + "§Task Cancellation", 1, 2, 3)]
    [Spec(Place + "§Protocol Errors", 3)]
    [Spec(Place + "§Task Status Lifecycle", 4)]
    public async Task A_cancelled_task_is_cancelled_in_the_answer_and_stays_so_whatever_its_tool_does()
    {
        var server = Tasks();
        await using var client = await SessionPeer.ConnectAsync(server);
        var taskId = await client.StartAsync("deaf");

        var answer = await client.AboutAsync("cancel", taskId);
        answer.GetProperty("result").GetProperty("status").GetString().Should().Be("cancelled");
        (await client.StatusAsync(taskId)).Should().Be("cancelled");
        goes.SetResult();
        await deafIsDone.Task.WaitAsync(TimeSpan.FromSeconds(20));

        (await client.StatusAsync(taskId)).Should().Be("cancelled");
        (await client.AboutAsync("cancel", taskId)).GetProperty("error").GetProperty("code").GetInt32().Should().Be(-32602);
        var done = await client.StartAsync("sum");
        await server.Tasks.UntilAsync(done, task => task.IsEnded, default).WaitAsync(TimeSpan.FromSeconds(20));
        (await client.AboutAsync("cancel", done)).GetProperty("error").GetProperty("code").GetInt32().Should().Be(-32602);
        (await client.StatusAsync(done)).Should().Be("completed");
        (await client.StatusAsync(taskId)).Should().Be("cancelled");
    }

    private McpServer Tasks()
    {
        var server = new McpServer("tasks", "1.0.0");
        var broken = new JsonRpcException(new JsonRpcError(-32050, "Out of order.", new JsonBody("[1]"u8.ToArray())));
        server.AddTool("sum", "Adds up", () => 3, new ToolTasks());
        server.AddTool("ever", "Adds up for ever", () => 3, new ToolTasks { TimeToLive = Timeout.InfiniteTimeSpan });
        server.AddTool("only", "Fails", Task<string> () => throw new ToolErrorException("No."), new ToolTasks { Support = TaskSupport.Required });
        server.AddTool("break", "Breaks", Task<string> () => throw broken, new ToolTasks());
        server.AddTool("ask", "Asks", async (RequestContext context) =>
        {
            await goes.Task;
            return (await context.ElicitAsync<Person>("name", "Who?")).Action.ToString();
        }, new ToolTasks());
        server.AddTool("deaf", "Hears of no cancellation", async () =>
        {
            await goes.Task;
            deafIsDone.SetResult();
            return "done";
        }, new ToolTasks());
        return server;
    }

    private static async Task<JsonElement> CapabilitiesOf(McpServer server)
    {
        await using var client = await AskedClient.ConnectAsync(server, OnlyMcp.Protocol.Revisions.KnownRevisions.V20260728);
        await client.SendAsync(Wire.Initialize());
        return (await client.NextAsync()).GetProperty("result").GetProperty("capabilities");
    }

    private static async Task<JsonElement> StatusToldAsync(SessionPeer client, string status) =>
        (await client.ToldAsync(news => news.Method() == "notifications/tasks/status" && StatusOf(news) == status)).GetProperty("params");

    private static IEnumerable<string?> StatusesTold(SessionPeer client) =>
        client.Told.Where(news => news.Method() == "notifications/tasks/status").Select(StatusOf);

    private static string? StatusOf(JsonElement news) => news.GetProperty("params").GetProperty("status").GetString();

    private static bool IsTime(JsonElement task, string name) =>
        DateTimeOffset.TryParseExact(task.GetProperty(name).GetString(), "yyyy-MM-dd'T'HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out _);

    private static string Without(JsonElement value, string member) =>
        string.Join(',', value.EnumerateObject().Where(one => one.Name != member).Select(one => $"{one.Name}: {one.Value.GetRawText()}"));

    private sealed record Person(string Name);
}
