using System.Text.Json;
using OnlyMcp.Protocol.Revisions;
using OnlyMcp.Server;
using OnlyMcp.Server.Tasks;
using OnlyMcp.Tests.Support;

namespace OnlyMcp.Tests.Tasks;

/// <summary>Calls of 2025-11-25 that wish to be tasks, or do not.</summary>
public sealed class LegacyTaskCallTests
{
    [Test]
    [Spec("2025-11-25 basic/utilities/tasks §Capabilities", 1)]
    [Spec("2025-11-25 basic/utilities/tasks §Server Capabilities")]
    public async Task Initialize_declares_tasks_and_their_list_where_it_is_known_who_asks()
    {
        await using var peer = await LegacyPeer.ConnectAsync(new LegacyTaskServer().Server);

        peer.Opened.GetProperty("capabilities").GetProperty("tasks").GetRawText()
            .Should().Be("""{"list":{},"cancel":{},"requests":{"tools":{"call":{}}}}""");
    }

    [Test]
    [Spec("2025-11-25 basic/utilities/tasks §Tool-Level Negotiation")]
    public async Task The_list_of_tools_says_which_run_as_tasks()
    {
        await using var peer = await LegacyPeer.ConnectAsync(new LegacyTaskServer().Server);
        var tools = (await peer.ResultAsync("tools/list", "")).GetProperty("tools").EnumerateArray()
            .ToDictionary(tool => tool.GetProperty("name").GetString()!, tool => tool.TryGetProperty("execution", out var how) ? how.GetRawText() : null);

        tools["echo"].Should().Be("""{"taskSupport":"optional"}""");
        tools["required"].Should().Be("""{"taskSupport":"required"}""");
        tools["forbidden"].Should().BeNull();
        tools["plain"].Should().BeNull();
    }

    [Test]
    [Spec("2025-11-25 basic/utilities/tasks §Tool-Level Negotiation", 4)]
    public async Task A_tool_that_runs_only_as_a_task_is_refused_otherwise_and_one_that_never_does_as_one()
    {
        await using var peer = await LegacyPeer.ConnectAsync(new LegacyTaskServer().Server);

        var inLine = await peer.ErrorAsync("tools/call", "\"name\":\"required\"");
        (inLine.GetProperty("code").GetInt32(), inLine.GetProperty("message").GetString())
            .Should().Be((-32601, "The tool 'required' runs as a task only: put \"task\":{} into the params of the call, and ask for the result with 'tasks/result'."));
        foreach (var tool in new[] { "plain", "forbidden" })
        {
            var asTask = await peer.ErrorAsync("tools/call", $"\"name\":\"{tool}\",\"task\":{{}}");
            (asTask.GetProperty("code").GetInt32(), asTask.GetProperty("message").GetString())
                .Should().Be((-32601, $"The tool '{tool}' does not run as a task: leave 'task' out of the params of the call."));
            LegacyPeer.TextIn(await peer.ResultAsync("tools/call", $"\"name\":\"{tool}\"")).Should().Be("ran");
        }
    }

    [Test]
    [Spec("2025-11-25 basic/utilities/tasks §Result Retrieval", 1)]
    [Spec("2025-11-25 basic/utilities/tasks §Task ID Requirements", 1, 2, 3)]
    [Spec("2025-11-25 basic/utilities/tasks §Task Status Lifecycle", 1)]
    [Spec("2025-11-25 basic/utilities/tasks §TTL and Resource Management", 1, 2)]
    public async Task A_call_that_wishes_it_is_answered_with_a_task_at_once()
    {
        var time = new ManualTime();
        var began = time.GetUtcNow();
        await using var peer = await LegacyPeer.ConnectAsync(new LegacyTaskServer(new() { TimeProvider = time }).Server);
        var answer = await peer.ResultAsync("tools/call", "\"name\":\"wait\",\"task\":{\"ttl\":60000}");
        var other = await peer.BeginAsync("wait");

        var task = answer.GetProperty("task");
        task.GetProperty("taskId").GetString().Should().MatchRegex("^[0-9a-f]{32}$").And.NotBe(other);
        task.GetProperty("status").GetString().Should().Be("working");
        task.GetProperty("ttl").GetInt64().Should().Be(60000);
        task.GetProperty("pollInterval").GetInt64().Should().Be(1000);
        foreach (var member in new[] { "createdAt", "lastUpdatedAt" })
        {
            task.GetProperty(member).GetString().Should().MatchRegex(@"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z$");
            task.GetProperty(member).GetDateTimeOffset().Should().Be(began);
        }

        time.Advance(TimeSpan.FromSeconds(5));
        var cancelled = await peer.AboutAsync("tasks/cancel", other);
        cancelled.GetProperty("createdAt").GetDateTimeOffset().Should().Be(began);
        cancelled.GetProperty("lastUpdatedAt").GetDateTimeOffset().Should().Be(began + TimeSpan.FromSeconds(5));
        LegacyPeer.TaskIn(answer).Should().Be(task.GetProperty("taskId").GetString());
        answer.TryGetProperty("resultType", out _).Should().BeFalse("the name of a type belongs to another form");
        answer.TryGetProperty("content", out _).Should().BeFalse();
    }

    [Test]
    public async Task A_call_that_does_not_wish_it_is_answered_in_line()
    {
        await using var peer = await LegacyPeer.ConnectAsync(new LegacyTaskServer().Server);
        var result = await peer.ResultAsync("tools/call", "\"name\":\"echo\"");

        LegacyPeer.TextIn(result).Should().Be("echo tools/call");
        LegacyPeer.TaskIn(result).Should().BeNull();
    }

    [TestCase("{}", 3_600_000, TestName = "No wish is the server's own time to live")]
    [TestCase("{\"ttl\":null}", 3_600_000, TestName = "Null is no wish")]
    [TestCase("{\"ttl\":0}", 1000, TestName = "Zero is lengthened")]
    [TestCase("{\"ttl\":5000}", 5000, TestName = "What is in between is granted")]
    [TestCase("{\"ttl\":9223372036854775807}", 86_400_000, TestName = "What is too long is cut")]
    [Spec("2025-11-25 basic/utilities/tasks §TTL and Resource Management", 3)]
    public async Task The_wished_time_to_live_is_bounded(string wish, long granted)
    {
        await using var peer = await LegacyPeer.ConnectAsync(new LegacyTaskServer().Server);
        var task = await peer.BeginAsync("wait", wish: wish);

        (await peer.AboutAsync("tasks/get", task)).GetProperty("ttl").GetInt64().Should().Be(granted);
    }

    [TestCase("{\"ttl\":-1}")]
    [TestCase("{\"ttl\":1.5}")]
    [TestCase("{\"ttl\":\"long\"}")]
    [TestCase("{\"ttl\":1e300}")]
    [TestCase("7")]
    public async Task A_wish_that_is_none_is_refused(string wish)
    {
        await using var peer = await LegacyPeer.ConnectAsync(new LegacyTaskServer().Server);
        var error = await peer.ErrorAsync("tools/call", $"\"name\":\"echo\",\"task\":{wish}");

        error.GetProperty("code").GetInt32().Should().Be(-32602);
        error.GetProperty("message").GetString().Should().MatchRegex("ttl|task");
    }

    [Test]
    [Spec("2025-11-25 basic/utilities/tasks §TTL and Resource Management", 3)]
    public async Task A_task_without_an_end_says_so()
    {
        var server = new LegacyTaskServer();
        server.Add("ever", (_, _) => Task.FromResult(""), new() { TimeToLive = Timeout.InfiniteTimeSpan });
        await using var peer = await LegacyPeer.ConnectAsync(server.Server);
        var task = await peer.BeginAsync("ever");

        (await peer.AboutAsync("tasks/get", task)).GetProperty("ttl").ValueKind.Should().Be(JsonValueKind.Null);
    }

    [Test]
    public async Task Arguments_that_do_not_fit_make_a_task_that_has_failed()
    {
        var server = new LegacyTaskServer();
        server.Server.AddTool("add", "Adds", (int a, int b) => a + b, new());
        await using var peer = await LegacyPeer.ConnectAsync(server.Server);
        var task = await peer.BeginAsync("add", "{\"a\":\"x\"}");

        (await peer.UntilAsync(task, "failed")).GetProperty("statusMessage").GetString().Should().Contain("do not fit");
        (await peer.AboutAsync("tasks/result", task)).GetProperty("isError").GetBoolean().Should().BeTrue();
    }

    [Test]
    public async Task Where_there_is_no_room_for_a_task_the_call_is_refused()
    {
        var options = new McpServerOptions { Tasks = new TaskOptions { MaxRunningPerCaller = 1 } };
        await using var peer = await LegacyPeer.ConnectAsync(new LegacyTaskServer(options).Server);
        await peer.BeginAsync("wait");
        var error = await peer.ErrorAsync("tools/call", "\"name\":\"wait\",\"task\":{}");

        error.GetProperty("code").GetInt32().Should().Be(-32603);
        error.GetProperty("message").GetString().Should().Contain("You have 1 tasks under way");
    }

    [Test]
    [Spec("2025-11-25 basic/utilities/tasks §Task Support and Handling", 1)]
    public async Task A_server_without_tasks_passes_over_the_wish()
    {
        var server = new McpServer("plain", "1.0.0");
        server.AddTool("echo", "Echoes", () => "echo");
        await using var peer = await LegacyPeer.ConnectAsync(server);

        peer.Opened.GetProperty("capabilities").TryGetProperty("tasks", out _).Should().BeFalse();
        LegacyPeer.TextIn(await peer.ResultAsync("tools/call", "\"name\":\"echo\",\"task\":{\"ttl\":5}")).Should().Be("echo");
        foreach (var method in new[] { "tasks/get", "tasks/result", "tasks/list", "tasks/cancel" })
            (await peer.ErrorAsync(method, "\"taskId\":\"1\"")).GetProperty("code").GetInt32().Should().Be(-32601);
    }

    [Test]
    [Spec("2025-11-25 basic/utilities/tasks §Task Support and Handling", 1)]
    public async Task A_session_to_which_no_tasks_were_declared_has_none_also_when_a_tool_comes_later()
    {
        var server = new McpServer("grows", "1.0.0");
        await using var early = await LegacyPeer.ConnectAsync(server);
        server.AddTool("late", "Comes late", () => "late", new());
        await using var late = await LegacyPeer.ConnectAsync(server);

        LegacyPeer.TextIn(await early.ResultAsync("tools/call", "\"name\":\"late\",\"task\":{}")).Should().Be("late");
        (await late.ResultAsync("tools/call", "\"name\":\"late\",\"task\":{}")).TryGetProperty("task", out _).Should().BeTrue();
    }

    [Test]
    public async Task The_methods_of_the_extension_are_none_here()
    {
        await using var peer = await LegacyPeer.ConnectAsync(new LegacyTaskServer().Server);
        var task = await peer.BeginAsync("wait");

        (await peer.ErrorAsync("tasks/update", $"\"taskId\":\"{task}\",\"inputResponses\":{{}}")).GetProperty("code").GetInt32().Should().Be(-32601);
    }

    [Test]
    public async Task In_revisions_before_required_tools_say_that_they_need_tasks()
    {
        await using var peer = await LegacyPeer.ConnectAsync(new LegacyTaskServer().Server, KnownRevisions.V20250618);

        (await peer.ErrorAsync("tools/call", "\"name\":\"required\",\"task\":{}")).GetProperty("code").GetInt32().Should().Be(-32021);
    }
}
