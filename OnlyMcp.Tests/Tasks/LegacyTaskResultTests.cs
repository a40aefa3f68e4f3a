using System.Text.Json;
using System.Text.Json.Nodes;
using OnlyMcp.Protocol.JsonRpc;
using OnlyMcp.Protocol.Schema;
using OnlyMcp.Server;
using OnlyMcp.Server.RateLimits;
using OnlyMcp.Server.Tasks;
using OnlyMcp.Tests.Client;
using OnlyMcp.Tests.Extensions;
using OnlyMcp.Tests.Support;

namespace OnlyMcp.Tests.Tasks;

/// <summary>What becomes of a task of 2025-11-25: asked for, waited for, cancelled.</summary>
public sealed class LegacyTaskResultTests
{
    [Test]
    [Spec("2025-11-25 basic/utilities/tasks §Result Retrieval", 3, 4)]
    [Spec("2025-11-25 basic/utilities/tasks §Related Task Metadata", 2)]
    [Spec("2025-11-25 basic/utilities/tasks §Associating Task-Related Messages", 1)]
    public async Task Tasks_result_waits_for_the_end_and_answers_as_the_call_would_have_been()
    {
        var server = new LegacyTaskServer();
        await using var peer = await LegacyPeer.ConnectAsync(server.Server);
        var task = await peer.BeginAsync("wait");
        var waiting = await peer.WaitForAsync(task);
        (await peer.AboutAsync("tasks/get", task)).GetProperty("status").GetString().Should().Be("working");
        peer.IsAnswered(waiting).Should().BeFalse();
        server.Release();
        var result = LegacyPeer.ResultIn(await peer.AnswerToAsync(waiting));
        var direct = await peer.ResultAsync("tools/call", "\"name\":\"wait\"");

        LegacyPeer.TaskIn(result).Should().Be(task);
        Without(result).Should().Be(direct.GetRawText());
        (await peer.AboutAsync("tasks/get", task)).GetProperty("status").GetString().Should().Be("completed");
    }

    [Test]
    [Spec("2025-11-25 basic/utilities/tasks §Result Retrieval", 4)]
    [Spec("2025-11-25 basic/utilities/tasks §Task Execution Errors", 2)]
    public async Task A_result_has_all_that_the_answer_to_the_call_has()
    {
        var server = new LegacyTaskServer();
        server.Server.AddTool(
            new Tool { Name = "all", Description = "Gives all there is", InputSchema = JsonElement.Parse("""{"type":"object"}""") },
            (_, _, _) => new(new CallToolResult
            {
                Content = [new TextContent { Text = "one" }, new TextContent { Text = "two" }],
                StructuredContent = JsonElement.Parse("""{"one":1,"two":[2]}"""),
                IsError = true,
                Meta = new Dictionary<string, JsonElement> { ["com.example/own"] = JsonElement.Parse("5") },
            }),
            new());
        await using var peer = await LegacyPeer.ConnectAsync(server.Server);
        var task = await peer.BeginAsync("all");
        var expected = JsonObject.Create(await peer.ResultAsync("tools/call", "\"name\":\"all\""))!;
        expected["_meta"]!["io.modelcontextprotocol/related-task"] = new JsonObject { ["taskId"] = task };

        var result = await peer.AboutAsync("tasks/result", task);

        expected.Select(member => member.Key).Should().BeEquivalentTo("content", "structuredContent", "isError", "_meta");
        JsonNode.DeepEquals(JsonObject.Create(result), expected).Should().BeTrue("{0}", result);
    }

    [Test]
    [Spec("2025-11-25 basic/utilities/tasks §Related Task Metadata", 2)]
    public async Task A_result_of_whatever_kind_that_the_store_holds_carries_its_task()
    {
        var store = new InMemoryTaskStore();
        var task = Records.New("pipe") with
        {
            Status = McpTaskStatus.Completed,
            Result = Records.Json("""{"odd":[1],"_meta":{"com.example/own":5}}"""),
        };
        await store.AddAsync(task);
        await using var peer = await LegacyPeer.ConnectAsync(new LegacyTaskServer(new() { Tasks = new TaskOptions { Store = store } }).Server);

        var result = await peer.AboutAsync("tasks/result", task.TaskId);

        LegacyPeer.TaskIn(result).Should().Be(task.TaskId);
        result.GetProperty("odd").GetRawText().Should().Be("[1]");
        result.GetProperty("_meta").GetProperty("com.example/own").GetInt32().Should().Be(5);
    }

    [Test]
    [Spec("2025-11-25 basic/utilities/tasks §Result Retrieval", 2)]
    [Spec("2025-11-25 basic/utilities/tasks §Task Execution Errors", 2)]
    public async Task A_result_can_be_fetched_again_and_in_the_shape_of_its_revision()
    {
        var server = new LegacyTaskServer();
        server.Server.AddTool(
            new Tool { Name = "list", Description = "Lists", InputSchema = JsonElement.Parse("""{"type":"object"}""") },
            (_, _, _) => new(new CallToolResult
            {
                Content = [new TextContent { Text = "[1]" }],
                StructuredContent = JsonElement.Parse("[1]"),
                Meta = new Dictionary<string, JsonElement> { ["com.example/own"] = JsonElement.Parse("5") },
            }),
            new());
        await using var peer = await LegacyPeer.ConnectAsync(server.Server);
        var task = await peer.BeginAsync("list");
        var direct = await peer.ResultAsync("tools/call", "\"name\":\"list\"");

        for (var i = 0; i < 2; i++)
        {
            var result = await peer.AboutAsync("tasks/result", task);
            result.TryGetProperty("structuredContent", out _).Should().BeFalse("the revision has objects alone there");
            result.GetProperty("_meta").GetProperty("com.example/own").GetInt32().Should().Be(5);
            result.GetProperty("content").GetRawText().Should().Be(direct.GetProperty("content").GetRawText());
            result.TryGetProperty("resultType", out _).Should().BeFalse();
        }
    }

    [Test]
    [Spec("2025-11-25 basic/utilities/tasks §Result Retrieval", 2, 4)]
    [Spec("2025-11-25 basic/utilities/tasks §Related Task Metadata", 2)]
    public async Task A_result_of_a_users_own_kind_is_what_the_call_would_have_been_answered_with()
    {
        var server = new LegacyTaskServer();
        server.Server.AddMethod(
            "com.example/hats/fit",
            (CustomMethodTests.Head head, RequestContext _, CancellationToken _) => ValueTask.FromResult(new CustomMethodTests.Hat { Size = head.Girth }),
            CustomMethodTests.Json.Default.Head,
            CustomMethodTests.Json.Default.Hat);
        server.Server.AddTool(
            new Tool { Name = "hat", Description = "Fits", InputSchema = JsonElement.Parse("""{"type":"object"}""") },
            (_, _, _) => new(new CustomMethodTests.Hat { Size = 58, Version = "<é>" }),
            new());
        await using var peer = await LegacyPeer.ConnectAsync(server.Server);
        var task = await peer.BeginAsync("hat");
        var direct = JsonNode.Parse((await peer.ResultAsync("tools/call", "\"name\":\"hat\"")).GetRawText())!.AsObject();

        var fetched = await peer.AboutAsync("tasks/result", task);
        LegacyPeer.TaskIn(fetched).Should().Be(task);
        var bare = JsonNode.Parse(fetched.GetRawText())!.AsObject();
        bare.Remove("_meta");
        direct.Remove("_meta");
        direct.Remove("resultType"); // A context of one's own may write it as null.
        JsonNode.DeepEquals(bare, direct).Should().BeTrue($"{bare} is the task's, and {direct} the call's");
        fetched.GetProperty("size").GetInt32().Should().Be(58);
    }

    [Test]
    [Spec("2025-11-25 basic/utilities/tasks §Task Execution Errors", 1)]
    [Spec("2025-11-25 basic/utilities/tasks §Result Retrieval", 2, 4)]
    public async Task The_error_of_a_call_is_the_error_of_its_result()
    {
        await using var peer = await LegacyPeer.ConnectAsync(new LegacyTaskServer().Server);
        var task = await peer.BeginAsync("error");
        var error = await peer.ErrorAsync("tasks/result", $"\"taskId\":\"{task}\"");

        error.GetRawText().Should().Be((await peer.ErrorAsync("tools/call", "\"name\":\"error\"")).GetRawText());
        var state = await peer.AboutAsync("tasks/get", task);
        state.GetProperty("status").GetString().Should().Be("failed");
        state.GetProperty("statusMessage").GetString().Should().Be("Go there first.");
    }

    [Test]
    [Spec("2025-11-25 basic/utilities/tasks §Task Execution Errors", 2)]
    public async Task A_tool_that_says_that_it_failed_has_failed_and_its_words_can_be_fetched()
    {
        await using var peer = await LegacyPeer.ConnectAsync(new LegacyTaskServer().Server);
        var task = await peer.BeginAsync("fail");
        var result = await peer.AboutAsync("tasks/result", task);

        Without(result).Should().Be((await peer.ResultAsync("tools/call", "\"name\":\"fail\"")).GetRawText());
        foreach (var state in new[]
        {
            await peer.AboutAsync("tasks/get", task),
            (await peer.ResultAsync("tasks/list", "")).GetProperty("tasks")[0],
        })
        {
            state.GetProperty("status").GetString().Should().Be("failed");
            state.GetProperty("statusMessage").GetString().Should().Be("The pot is empty.");
        }
    }

    [Test]
    [Spec("2025-11-25 basic/utilities/tasks §Protocol Errors", 1)]
    public async Task A_task_that_is_unknown_is_so_for_each_method_in_the_same_words()
    {
        await using var peer = await LegacyPeer.ConnectAsync(new LegacyTaskServer().Server);
        var unknown = new List<string?>();
        foreach (var method in new[] { "tasks/get", "tasks/result", "tasks/cancel" })
        {
            var error = await peer.ErrorAsync(method, "\"taskId\":\"0123456789abcdef0123456789abcdef\"");
            error.GetProperty("code").GetInt32().Should().Be(-32602);
            unknown.Add(error.GetProperty("message").GetString());
            foreach (var bad in new[] { "\"taskId\":7", "\"other\":1", "\"taskId\":null" })
                (await peer.ErrorAsync(method, bad)).GetProperty("code").GetInt32().Should().Be(-32602);
        }

        unknown.Distinct().Should().ContainSingle().Which.Should().Contain("There is no task");
    }

    [Test]
    [Spec("2025-11-25 basic/utilities/tasks §Associating Task-Related Messages", 3, 4)]
    public async Task Metadata_that_names_another_task_is_passed_over()
    {
        await using var peer = await LegacyPeer.ConnectAsync(new LegacyTaskServer().Server);
        var (one, other) = (await peer.BeginAsync("wait"), await peer.BeginAsync("wait"));
        var both = $$$"""
            "taskId":"{{{one}}}","_meta":{"io.modelcontextprotocol/related-task":{"taskId":"{{{other}}}"}}
            """;

        (await peer.ResultAsync("tasks/get", both)).GetProperty("taskId").GetString().Should().Be(one);
        (await peer.ResultAsync("tasks/cancel", both)).GetProperty("taskId").GetString().Should().Be(one);
        (await peer.AboutAsync("tasks/get", other)).GetProperty("status").GetString().Should().Be("working");
        (await peer.ErrorAsync("tasks/result", both)).GetProperty("message").GetString().Should().Contain(one);
    }

    [Test]
    public async Task Answers_that_name_their_task_anyway_carry_no_metadata_of_it()
    {
        await using var peer = await LegacyPeer.ConnectAsync(new LegacyTaskServer().Server);
        var task = await peer.BeginAsync("wait");

        LegacyPeer.TaskIn(await peer.AboutAsync("tasks/get", task)).Should().BeNull();
        LegacyPeer.TaskIn(await peer.ResultAsync("tasks/list", "")).Should().BeNull();
        LegacyPeer.TaskIn(await peer.AboutAsync("tasks/cancel", task)).Should().BeNull();
    }

    [Test]
    [Spec("2025-11-25 basic/utilities/tasks §Task Cancellation", 2, 3)]
    [Spec("2025-11-25 basic/utilities/tasks §Task Status Lifecycle", 4)]
    [Spec("2025-11-25 basic/utilities/cancellation §Behavior Requirements", 4)]
    public async Task A_cancelled_task_is_so_when_the_answer_comes_and_whatever_its_tool_comes_to()
    {
        var server = new LegacyTaskServer();
        await using var peer = await LegacyPeer.ConnectAsync(server.Server);
        var task = await peer.BeginAsync("stubborn");
        await server.Started.Task;
        var waiting = await peer.WaitForAsync(task);
        var cancelled = await peer.AboutAsync("tasks/cancel", task);
        server.Release();
        await server.Done;
        await SessionTests.Eventually(() => !server.Server.Tasks.Runs.IsRunning(task));

        cancelled.GetProperty("status").GetString().Should().Be("cancelled");
        (await peer.AboutAsync("tasks/get", task)).GetProperty("status").GetString().Should().Be("cancelled");
        foreach (var answer in new[] { await peer.AnswerToAsync(waiting), await peer.AskAsync("tasks/result", $"\"taskId\":\"{task}\"") })
            LegacyPeer.ErrorIn(answer).GetProperty("message").GetString().Should().Be($"The task '{task}' was cancelled: it has no result.");
    }

    [Test]
    public async Task A_cancelled_task_stops_its_tool()
    {
        var server = new LegacyTaskServer();
        await using var peer = await LegacyPeer.ConnectAsync(server.Server);
        var task = await peer.BeginAsync("wait");
        await server.Started.Task;
        await peer.AboutAsync("tasks/cancel", task);

        await server.Stopped;
    }

    [TestCase("echo", "completed")]
    [TestCase("fail", "failed")]
    [TestCase("error", "failed")]
    [Spec("2025-11-25 basic/utilities/tasks §Task Cancellation", 1)]
    [Spec("2025-11-25 basic/utilities/tasks §Protocol Errors", 3)]
    [Spec("2025-11-25 basic/utilities/tasks §Task Status Lifecycle", 4)]
    public async Task A_task_that_has_ended_is_not_cancelled(string tool, string status)
    {
        await using var peer = await LegacyPeer.ConnectAsync(new LegacyTaskServer().Server);
        var task = await peer.BeginAsync(tool);
        await peer.UntilAsync(task, status);
        var error = await peer.ErrorAsync("tasks/cancel", $"\"taskId\":\"{task}\"");

        (error.GetProperty("code").GetInt32(), error.GetProperty("message").GetString())
            .Should().Be((-32602, $"The task '{task}' has ended, and cannot be cancelled: it is {status}."));
        (await peer.AboutAsync("tasks/get", task)).GetProperty("status").GetString().Should().Be(status);
    }

    [Test]
    [Spec("2025-11-25 basic/utilities/tasks §Task Cancellation", 1)]
    public async Task A_task_is_cancelled_once()
    {
        await using var peer = await LegacyPeer.ConnectAsync(new LegacyTaskServer().Server);
        var task = await peer.BeginAsync("wait");
        await peer.AboutAsync("tasks/cancel", task);

        (await peer.ErrorAsync("tasks/cancel", $"\"taskId\":\"{task}\"")).GetProperty("code").GetInt32().Should().Be(-32602);
    }

    [Test]
    public async Task Who_waits_no_longer_does_not_end_the_task()
    {
        var server = new LegacyTaskServer();
        await using var peer = await LegacyPeer.ConnectAsync(server.Server);
        var task = await peer.BeginAsync("wait");
        var given = await peer.WaitForAsync(task);
        await peer.SendAsync(Wire.Cancelled($"{given}"));
        (await peer.AboutAsync("tasks/get", task)).GetProperty("status").GetString().Should().Be("working");
        var waiting = await peer.WaitForAsync(task);
        server.Release();

        LegacyPeer.TextIn(LegacyPeer.ResultIn(await peer.AnswerToAsync(waiting))).Should().Be("released");
        peer.IsAnswered(given).Should().BeFalse("nothing is sent for a request that was cancelled");
    }

    [Test]
    public async Task A_task_outlives_its_pipe_and_is_found_from_another_of_the_same_user()
    {
        var server = new LegacyTaskServer();
        string task;
        await using (var first = await LegacyPeer.ConnectAsync(server.Server))
        {
            task = await first.BeginAsync("wait");
            await first.WaitForAsync(task);
        }

        await using var second = await LegacyPeer.ConnectAsync(server.Server);
        (await second.AboutAsync("tasks/get", task)).GetProperty("status").GetString().Should().Be("working");
        server.Release();
        LegacyPeer.TextIn(await second.AboutAsync("tasks/result", task)).Should().Be("released");
    }

    [Test]
    public async Task A_task_whose_time_is_over_has_failed_and_says_so()
    {
        var time = new ManualTime();
        await using var peer = await LegacyPeer.ConnectAsync(new LegacyTaskServer(new() { TimeProvider = time }).Server);
        var task = await peer.BeginAsync("wait", wish: "{\"ttl\":60000}");
        var waiting = await peer.WaitForAsync(task);
        await peer.AboutAsync("tasks/get", task);
        time.Advance(TimeSpan.FromMinutes(1));

        LegacyPeer.ErrorIn(await peer.AnswerToAsync(waiting)).GetProperty("message").GetString().Should().Contain("time to live of 60 seconds");
        (await peer.AboutAsync("tasks/get", task)).GetProperty("status").GetString().Should().Be("failed");
    }

    [Test]
    [Spec("2025-11-25 basic/utilities/tasks §Task Listing", 1, 3)]
    public async Task Tasks_are_listed_in_pages_oldest_first()
    {
        var time = new ManualTime();
        var options = new McpServerOptions { TimeProvider = time, Tasks = new TaskOptions { PageSize = 2 } };
        await using var peer = await LegacyPeer.ConnectAsync(new LegacyTaskServer(options).Server);
        var begun = new List<string>();
        for (var i = 0; i < 5; i++)
        {
            begun.Add(await peer.BeginAsync("wait"));
            time.Advance(TimeSpan.FromMilliseconds(i % 2));
        }

        await peer.AboutAsync("tasks/cancel", begun[1]);
        var (listed, pages) = (new List<string>(), 0);
        for (var cursor = ""; ; pages++)
        {
            var page = await peer.ResultAsync("tasks/list", cursor);
            listed.AddRange(page.GetProperty("tasks").EnumerateArray().Select(task => task.GetProperty("taskId").GetString()!));
            if (!page.TryGetProperty("nextCursor", out var next))
                break;
            cursor = $"\"cursor\":{next.GetRawText()}";
        }

        listed.Should().BeEquivalentTo(begun).And.OnlyHaveUniqueItems();
        pages.Should().Be(2);
    }

    [Test]
    [Spec("2025-11-25 basic/utilities/tasks §Protocol Errors", 2)]
    public async Task A_cursor_that_is_none_is_refused()
    {
        await using var peer = await LegacyPeer.ConnectAsync(new LegacyTaskServer(new() { Tasks = new TaskOptions { PageSize = 1 } }).Server);
        await peer.BeginAsync("wait");
        await peer.BeginAsync("wait");
        var cursor = (await peer.ResultAsync("tasks/list", "")).GetProperty("nextCursor").GetString()!;
        var bent = (cursor[0] == 'B' ? 'C' : 'B') + cursor[1..];

        foreach (var bad in new[] { "", "x", "====", bent, cursor + cursor, cursor[..^4], new string('A', 100_000) })
            (await peer.ErrorAsync("tasks/list", $"\"cursor\":\"{bad}\"")).GetProperty("code").GetInt32().Should().Be(-32602, bad);
        (await peer.ErrorAsync("tasks/list", "\"cursor\":7")).GetProperty("code").GetInt32().Should().Be(-32602);
    }

    [Test]
    public async Task Who_asks_too_often_is_told_to_wait()
    {
        var limiter = new TokenBucketLimiter(2, TimeSpan.FromHours(1));
        await using var peer = await LegacyPeer.ConnectAsync(new LegacyTaskServer(new() { TaskLimiter = limiter }).Server);
        var task = await peer.BeginAsync("wait");
        await peer.AboutAsync("tasks/get", task);
        await peer.AboutAsync("tasks/get", task);

        foreach (var method in new[] { "tasks/get", "tasks/result", "tasks/list", "tasks/cancel" })
            (await peer.ErrorAsync(method, $"\"taskId\":\"{task}\"")).GetProperty("code").GetInt32().Should().Be(ErrorCode.RateLimited);
    }

    [Test]
    [Spec("2025-11-25 basic/utilities/tasks §Protocol Errors", 4)]
    public async Task A_store_that_fails_is_an_internal_error_without_its_words()
    {
        var store = new FailingStore();
        await using var peer = await LegacyPeer.ConnectAsync(new LegacyTaskServer(new() { Tasks = new TaskOptions { Store = store } }).Server);
        var task = await peer.BeginAsync("wait");
        store.Fails = true;

        foreach (var method in new[] { "tasks/get", "tasks/result", "tasks/list", "tasks/cancel" })
        {
            var error = await peer.ErrorAsync(method, $"\"taskId\":\"{task}\"");
            error.GetProperty("code").GetInt32().Should().Be(-32603);
            error.GetRawText().Should().NotContain("secret");
        }

        (await peer.ErrorAsync("tools/call", "\"name\":\"wait\",\"task\":{}")).GetProperty("code").GetInt32().Should().Be(-32603);
        store.Fails = false;
        (await peer.AboutAsync("tasks/get", task)).GetProperty("status").GetString().Should().Be("working");
    }

    private static string Without(JsonElement result)
    {
        var node = JsonObject.Create(result)!;
        node.Remove("_meta");
        return node.ToJsonString(new JsonSerializerOptions { Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping });
    }

    private sealed class FailingStore : ITaskStore
    {
        private readonly InMemoryTaskStore inner = new();

        public volatile bool Fails;

        private InMemoryTaskStore Store => Fails ? throw new IOException("secret") : inner;

        public ValueTask AddAsync(StoredTask task, CancellationToken cancellationToken = default) => Store.AddAsync(task, cancellationToken);

        public ValueTask<StoredTask?> FindAsync(string taskId, CancellationToken cancellationToken = default) => Store.FindAsync(taskId, cancellationToken);

        public ValueTask<bool> TryReplaceAsync(StoredTask task, CancellationToken cancellationToken = default) => Store.TryReplaceAsync(task, cancellationToken);

        public ValueTask<IReadOnlyList<StoredTask>> ListAsync(string? owner, TaskPlace? after, int count, CancellationToken cancellationToken = default) =>
            Store.ListAsync(owner, after, count, cancellationToken);

        public ValueTask<IReadOnlyList<StoredTask>> TakeAbandonedAsync(CancellationToken cancellationToken = default) => Store.TakeAbandonedAsync(cancellationToken);
    }
}
