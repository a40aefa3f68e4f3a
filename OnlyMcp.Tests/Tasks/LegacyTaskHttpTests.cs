using System.Security.Claims;
using System.Text.Json;
using OnlyMcp.Server;
using OnlyMcp.Server.Http;
using OnlyMcp.Server.Tasks;
using OnlyMcp.Tests.Support;

namespace OnlyMcp.Tests.Tasks;

/// <summary>Tasks of 2025-11-25 over HTTP: whose they are, on which streams they speak, and what lasts when a client leaves.</summary>
public sealed class LegacyTaskHttpTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    private static readonly string Asked = Wire.Initialize().Replace("\"capabilities\":{}", $"\"capabilities\":{AskedClient.Everything}", StringComparison.Ordinal);

    [Test]
    [Spec("2025-11-25 basic/utilities/tasks §Task Isolation and Access Control", 1, 3)]
    public async Task The_task_of_another_is_as_if_it_were_not()
    {
        await using var handler = new McpHttpHandler(new LegacyTaskServer().Server);
        var (ada, bob) = (await OpenAsync(handler, "ada"), await OpenAsync(handler, "bob"));
        var task = await BeginAsync(handler, ada, "wait");
        var unknown = new string('0', 32);

        foreach (var method in new[] { "tasks/get", "tasks/result", "tasks/cancel" })
        {
            var foreign = await AskAsync(handler, bob, method, About(task));
            foreign.GetProperty("error").GetProperty("code").GetInt32().Should().Be(-32602);
            foreign.GetRawText().Replace(task, unknown, StringComparison.Ordinal)
                .Should().Be((await AskAsync(handler, bob, method, About(unknown))).GetRawText(), "nothing shows that there is one");
        }

        (await StatusAsync(handler, ada, task)).Should().Be("working");
    }

    [Test]
    [Spec("2025-11-25 basic/utilities/tasks §Task Isolation and Access Control", 4)]
    [Spec("2025-11-25 basic/utilities/tasks §Task Listing", 3)]
    public async Task Each_lists_the_tasks_of_all_of_their_own_sessions_and_no_others()
    {
        await using var handler = new McpHttpHandler(new LegacyTaskServer(new() { Tasks = new TaskOptions { PageSize = 1 } }).Server);
        var (ada, again, bob) = (await OpenAsync(handler, "ada"), await OpenAsync(handler, "ada"), await OpenAsync(handler, "bob"));
        var tasks = new[] { await BeginAsync(handler, ada, "wait"), await BeginAsync(handler, again, "wait") };
        var other = await BeginAsync(handler, bob, "wait");
        var first = (await AskAsync(handler, ada, "tasks/list", "{}")).GetProperty("result");
        var cursor = $$"""{"cursor":{{first.GetProperty("nextCursor").GetRawText()}}}""";
        var second = (await AskAsync(handler, again, "tasks/list", cursor)).GetProperty("result");

        new[] { first, second }.Select(page => page.GetProperty("tasks")[0].GetProperty("taskId").GetString()).Should().BeEquivalentTo(tasks);
        second.TryGetProperty("nextCursor", out _).Should().BeFalse();
        var bobs = (await AskAsync(handler, bob, "tasks/list", "{}")).GetProperty("result").GetProperty("tasks").EnumerateArray();
        bobs.Select(task => task.GetProperty("taskId").GetString()).Should().Equal(other);
        (await AskAsync(handler, bob, "tasks/list", cursor)).GetProperty("error").GetProperty("code").GetInt32().Should().Be(-32602);
    }

    [Test]
    [Spec("2025-11-25 basic/utilities/tasks §Task Isolation and Access Control")]
    public async Task Where_nobody_is_known_a_task_belongs_to_whoever_knows_its_name_and_none_are_listed()
    {
        await using var handler = new McpHttpHandler(new LegacyTaskServer().Server);
        var (one, other, ada) = (await OpenAsync(handler, null), await OpenAsync(handler, null), await OpenAsync(handler, "ada"));
        var task = await BeginAsync(handler, one, "wait");

        (await StatusAsync(handler, other, task)).Should().Be("working");
        (await AskAsync(handler, ada, "tasks/get", About(task))).GetProperty("error").GetProperty("code").GetInt32().Should().Be(-32602);
        (await AskAsync(handler, one, "tasks/list", "{}")).GetProperty("error").GetProperty("code").GetInt32().Should().Be(-32601);
    }

    [Test]
    public async Task A_task_goes_on_when_its_session_is_deleted_and_is_found_from_another()
    {
        var server = new LegacyTaskServer();
        await using var handler = new McpHttpHandler(server.Server);
        var (first, second) = (await OpenAsync(handler, "ada"), await OpenAsync(handler, "ada"));
        var task = await BeginAsync(handler, first, "report", ",\"_meta\":{\"progressToken\":1}");
        var waiting = first.Post(Request(7, "tasks/result", About(task)));
        var waited = handler.HandleAsync(waiting).AsTask();
        await handler.HandleAsync(first.Request("DELETE"));
        await waited.WaitAsync(Patience);
        server.Release();

        waiting.Body.Should().NotContain("\"id\":7", "it ended with its session");
        LegacyPeer.TextIn((await AskAsync(handler, second, "tasks/result", About(task))).GetProperty("result")).Should().Be("reported");
    }

    [Test]
    [Spec("2025-11-25 basic/utilities/tasks §Getting Tasks", 1)]
    public async Task Tasks_get_is_one_piece_of_json_however_slow_the_store()
    {
        var (time, store) = (new ManualTime(), new SlowStore());
        await using var handler = new McpHttpHandler(new LegacyTaskServer(new() { TimeProvider = time, Tasks = new TaskOptions { Store = store } }).Server);
        var session = await OpenAsync(handler, null);
        var task = await BeginAsync(handler, session, "wait");
        store.Gate = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var polling = session.Post(Request(1, "tasks/get", About(task)));
        var polled = handler.HandleAsync(polling).AsTask();
        time.Advance(TimeSpan.FromSeconds(2));
        store.Gate.TrySetResult();
        await polled.WaitAsync(Patience);

        polling.ResponseHeaders["Content-Type"].Should().Be("application/json");
        polling.Body.Should().StartWith("{");
    }

    [Test]
    [Spec("2025-11-25 basic/utilities/tasks §Retrieving Task Results", 1)]
    [Spec("2025-11-25 basic/utilities/tasks §Input Required Status", 1)]
    public async Task Tasks_result_becomes_a_stream_that_stays_alive_and_can_be_resumed()
    {
        var time = new ManualTime();
        var server = new LegacyTaskServer(new() { TimeProvider = time });
        await using var handler = new McpHttpHandler(server.Server);
        var session = await OpenAsync(handler, null);
        var task = await BeginAsync(handler, session, "wait");
        var waiting = session.Post(Request(5, "tasks/result", About(task)));
        var waited = handler.HandleAsync(waiting).AsTask();
        time.Advance(TimeSpan.FromSeconds(1));
        var id = (await waiting.NextWriteAsync()).Split("id: ")[1].Split('\n')[0];
        waiting.ClientIsGone = true;
        time.Advance(TimeSpan.FromSeconds(15));
        var resumed = session.Request("GET").With("Last-Event-ID", id).With("Accept", "text/event-stream");
        var listening = handler.HandleAsync(resumed).AsTask();
        await resumed.NextWriteAsync();
        server.Release();
        await waited.WaitAsync(Patience);
        await listening.WaitAsync(Patience);

        resumed.Body.Should().Contain("\"id\":5").And.Contain("released").And.Contain(task);
    }

    [Test]
    public async Task A_question_on_a_stream_that_its_client_lost_moves_to_who_waits_next()
    {
        var time = new ManualTime();
        await using var handler = new McpHttpHandler(new LegacyTaskServer(new() { TimeProvider = time }).Server);
        var session = await OpenAsync(handler, null);
        var task = await BeginAsync(handler, session, "ask");
        var lost = session.Post(Request(5, "tasks/result", About(task)));
        var losing = handler.HandleAsync(lost).AsTask();
        await QuestionOnAsync(lost);
        var next = session.Post(Request(6, "tasks/result", About(task)));
        var waited = handler.HandleAsync(next).AsTask();

        // That the client left shows when a comment is due; the one who waits looks again a little later.
        lost.ClientIsGone = true;
        time.Advance(TimeSpan.FromSeconds(15));
        time.Advance(TimeSpan.FromSeconds(5));
        await AnswerAsync(handler, session, await QuestionOnAsync(next));
        await waited.WaitAsync(Patience);
        await losing.WaitAsync(Patience);

        next.Body.Should().Contain("Accept Ada");
        lost.Tried.Should().NotContain("Accept Ada");
    }

    [Test]
    public async Task A_wait_that_was_left_makes_way_for_the_next_and_keeps_no_session_alive()
    {
        var time = new ManualTime();
        var options = new McpServerOptions { TimeProvider = time, Limits = new ServerLimits { MaxConcurrentRequestsPerConversation = 2 } };
        await using var handler = new McpHttpHandler(new LegacyTaskServer(options).Server);
        var session = await OpenAsync(handler, null);
        var task = await BeginAsync(handler, session, "wait");
        var waits = new List<Task>();
        for (var i = 0; i < 10; i++)
        {
            var waiting = session.Post(Request(10 + i, "tasks/result", About(task)));
            waits.Add(handler.HandleAsync(waiting).AsTask());
            time.Advance(TimeSpan.FromSeconds(1));
            await waiting.NextWriteAsync();
            waiting.ClientIsGone = true;
            time.Advance(TimeSpan.FromSeconds(15));
            if (i > 0)
                await waits[i - 1].WaitAsync(Patience);
        }

        (await StatusAsync(handler, session, task)).Should().Be("working");
        for (var end = DateTime.UtcNow + Patience; !waits[^1].IsCompleted && DateTime.UtcNow < end; await Task.Yield())
            time.Advance(TimeSpan.FromMinutes(1));
        await waits[^1].WaitAsync(Patience);
    }

    [Test]
    public async Task A_flood_of_waits_meets_the_limit_of_the_session()
    {
        var options = new McpServerOptions { Limits = new ServerLimits { MaxConcurrentRequestsPerConversation = 20 } };
        var server = new LegacyTaskServer(options);
        await using var handler = new McpHttpHandler(server.Server);
        var session = await OpenAsync(handler, null);
        var task = await BeginAsync(handler, session, "wait");
        var waits = Enumerable.Range(100, 200).Select(id => session.Post(Request(id, "tasks/result", About(task)))).ToArray();
        var waited = waits.Select(wait => handler.HandleAsync(wait).AsTask()).ToArray();
        server.Release();
        await Task.WhenAll(waited).WaitAsync(Patience);

        waits.Count(wait => wait.Status == 429).Should().Be(180);
        waits.Count(wait => wait.Body.Contains("released", StringComparison.Ordinal)).Should().Be(20);
    }

    [Test]
    public async Task A_client_that_takes_no_stream_is_told_so_when_the_task_asks()
    {
        await using var handler = new McpHttpHandler(new LegacyTaskServer().Server);
        var session = await OpenAsync(handler, null);
        var task = await BeginAsync(handler, session, "ask");
        var waiting = session.Post(Request(5, "tasks/result", About(task))).With("Accept", "application/json");
        await handler.HandleAsync(waiting).AsTask().WaitAsync(Patience);

        waiting.Body.Should().Contain("Accept must list text/event-stream");
        (await StatusAsync(handler, session, task)).Should().Be("input_required");
    }

    [Test]
    public async Task Progress_that_nobody_listens_to_is_dropped_and_that_of_a_wait_leaves_on_its_stream()
    {
        var server = new LegacyTaskServer();
        await using var handler = new McpHttpHandler(server.Server);
        var session = await OpenAsync(handler, null);
        var task = await BeginAsync(handler, session, "report", ",\"_meta\":{\"progressToken\":1}");
        await server.Started.Task.WaitAsync(Patience);
        var waiting = session.Post(Request(5, "tasks/result", About(task)));
        var waited = handler.HandleAsync(waiting).AsTask();
        server.Release();
        await waited.WaitAsync(Patience);

        waiting.Body.Should().Contain("\"progress\":2").And.NotContain("\"progress\":1,");
    }

    private static string About(string task) => $$"""{"taskId":"{{task}}"}""";

    private static string Request(int id, string method, string parameters) =>
        $$"""{"jsonrpc":"2.0","id":{{id}},"method":"{{method}}","params":{{parameters}}}""";

    private static async Task<Sessions> OpenAsync(McpHttpHandler handler, string? user)
    {
        var principal = user is null ? null : new ClaimsPrincipal(new ClaimsIdentity([new Claim(ClaimTypes.NameIdentifier, user)], "test"));
        var request = new FakeHttpExchange("POST", "/mcp", Asked) { User = principal };
        await handler.HandleAsync(request);
        request.Status.Should().Be(200, request.Body);
        return new Sessions(request.ResponseHeaders["Mcp-Session-Id"], "2025-11-25", principal);
    }

    private static async Task<JsonElement> AskAsync(McpHttpHandler handler, Sessions session, string method, string parameters)
    {
        var post = session.Post(Request(1, method, parameters));
        await handler.HandleAsync(post).AsTask().WaitAsync(Patience);
        var body = post.Body;
        return JsonElement.Parse(body.StartsWith('{') ? body : body.Split("data: ").Last(data => data.StartsWith('{')).Split('\n')[0]);
    }

    private static async Task<string> BeginAsync(McpHttpHandler handler, Sessions session, string tool, string more = "") =>
        (await AskAsync(handler, session, "tools/call", $$"""{"name":"{{tool}}","task":{}{{more}}}"""))
            .GetProperty("result").GetProperty("task").GetProperty("taskId").GetString()!;

    private static async Task<string?> StatusAsync(McpHttpHandler handler, Sessions session, string task) =>
        (await AskAsync(handler, session, "tasks/get", About(task))).GetProperty("result").GetProperty("status").GetString();

    private static async Task<JsonElement> QuestionOnAsync(FakeHttpExchange stream)
    {
        while (true)
        {
            var written = await stream.NextWriteAsync();
            if (written.Contains("elicitation/create", StringComparison.Ordinal))
                return JsonElement.Parse(written.Split("data: ")[1].Split('\n')[0]);
        }
    }

    private static async Task AnswerAsync(McpHttpHandler handler, Sessions session, JsonElement question) => await handler.HandleAsync(session.Post($$$"""
        {"jsonrpc":"2.0","id":{{{question.GetProperty("id").GetRawText()}}},"result":{"action":"accept","content":{"name":"Ada"} } }
        """));

    /// <summary>Answers when its gate opens.</summary>
    private sealed class SlowStore : ITaskStore
    {
        private readonly InMemoryTaskStore inner = new();

        public TaskCompletionSource? Gate { get; set; }

        public ValueTask AddAsync(StoredTask task, CancellationToken cancellationToken = default) => inner.AddAsync(task, cancellationToken);

        public async ValueTask<StoredTask?> FindAsync(string taskId, CancellationToken cancellationToken = default)
        {
            if (Gate is { } gate)
                await gate.Task;
            return await inner.FindAsync(taskId, cancellationToken);
        }

        public ValueTask<bool> TryReplaceAsync(StoredTask task, CancellationToken cancellationToken = default) => inner.TryReplaceAsync(task, cancellationToken);

        public ValueTask<IReadOnlyList<StoredTask>> ListAsync(string? owner, TaskPlace? after, int count, CancellationToken cancellationToken = default) =>
            inner.ListAsync(owner, after, count, cancellationToken);

        public ValueTask<IReadOnlyList<StoredTask>> TakeAbandonedAsync(CancellationToken cancellationToken = default) => inner.TakeAbandonedAsync(cancellationToken);
    }
}
