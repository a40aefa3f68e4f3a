using System.Text.Json;
using OnlyMcp.Protocol.Schema;
using OnlyMcp.Server;
using OnlyMcp.Server.Http;
using OnlyMcp.Server.Tasks;
using OnlyMcp.Server.Tools;
using OnlyMcp.Tests.Support;

namespace OnlyMcp.Tests.Tasks;

/// <summary>News of tasks on the stream of a subscription.</summary>
[Spec("ext-tasks tasks §Task Status Notifications")]
public sealed class TaskSubscriptionTests
{
    [Test]
    public async Task Who_listens_hears_where_a_task_stands_and_each_change_as_tasks_get_would_tell_it()
    {
        var server = new McpServer("s", "1");
        server.AddTool("ask", "A", [McpTask] async (RequestContext context, CancellationToken cancellation) => (await context.ListRootsAsync(cancellationToken: cancellation)).Count);
        await using var caller = TaskCaller.OverHttp(server);
        await using var listener = new Listening(server);
        var id = await caller.StartAsync("ask");
        await caller.UntilAsync(id, McpTaskStatus.InputRequired);

        (await listener.ListenAsync($"\"{id}\",\"{id}\",\"never\"")).Should().Be($$"""{"taskIds":["{{id}}"]}""");
        var first = await listener.NextAsync();
        var then = await caller.GetAsync(id);
        await caller.AnswerAsync(id, """{"roots":{"roots":[]}}""");
        var news = first;
        while (news.Status() != "completed")
            news = await listener.NextAsync();

        Bare(first).Should().Be(Bare(then));
        Bare(news).Should().Be(Bare(await caller.GetAsync(id)));
        news.GetProperty("_meta").GetProperty("io.modelcontextprotocol/subscriptionId").GetInt32().Should().Be(1);
    }

    [Test]
    [Spec("ext-tasks tasks §Task Status Notifications", 2)]
    public async Task The_last_state_comes_even_in_a_storm_and_neither_progress_nor_log_messages_come_at_all()
    {
        var begin = new TaskCompletionSource();
        var server = new McpServer("s", "1");
        server.AddTool("storm", "S", [McpTask] async (RequestContext context) =>
        {
            await begin.Task;
            for (var i = 1; i <= 100_000; i++)
            {
                await context.ReportProgressAsync(i, 100_000);
                if (i % 1000 == 0)
                    await context.LogAsync(LoggingLevel.Emergency, "!");
            }

            return "over";
        });
        await using var caller = TaskCaller.OverHttp(server);
        await using var listener = new Listening(server);
        var id = await caller.StartAsync("storm");
        await listener.ListenAsync($"\"{id}\"");

        begin.SetResult();
        var count = 0;
        JsonElement news;
        do
        {
            news = await listener.NextAsync();
            count++;
        }
        while (news.Status() != "completed");

        news.Text().Should().Be("over");
        count.Should().BeLessThan(1000);
        listener.Http.Body.Should().NotContain("notifications/progress").And.NotContain("notifications/message");
    }

    [Test]
    public async Task Many_tasks_that_end_at_once_are_all_told_of()
    {
        var go = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var server = new McpServer("s", "1");
        server.AddTool("wait", "W", [McpTask] async () => await go.Task);
        await using var caller = TaskCaller.OverHttp(server);
        await using var listener = new Listening(server);
        var ids = new List<string>();
        for (var i = 0; i < 100; i++)
            ids.Add(await caller.StartAsync("wait"));
        await listener.ListenAsync(string.Join(',', ids.Select(id => $"\"{id}\"")));

        go.SetResult();
        var over = new HashSet<string>();
        while (over.Count < 100)
        {
            var news = await listener.NextAsync();
            if (news.Status() == "completed")
                over.Add(news.GetProperty("taskId").GetString()!);
        }

        over.Should().BeEquivalentTo(ids);
    }

    [Test]
    [Spec("ext-tasks tasks §Task Status Notifications", 1)]
    public async Task Who_does_not_declare_the_extension_or_names_too_many_is_refused_in_words()
    {
        var server = new McpServer("s", "1", new McpServerOptions { Limits = new ServerLimits { MaxSubscribedTasks = 2 } });
        server.AddTool("quick", "Q", [McpTask] () => "done");
        await using var handler = new McpHttpHandler(server);

        var undeclared = await AnswerAsync("""["a"]""", "{}");
        var none = await AnswerAsync("[]", "{}");
        var many = await AnswerAsync("""["a","b","c"]""", TaskCaller.Everything);
        var odd = await AnswerAsync("[7]", TaskCaller.Everything);

        foreach (var response in new[] { undeclared, none })
        {
            response.Code().Should().Be(-32021);
            response.GetProperty("error").GetProperty("data").GetProperty("requiredCapabilities").GetRawText()
                .Should().Be("""{"extensions":{"io.modelcontextprotocol/tasks":{}}}""");
        }

        many.Code().Should().Be(-32602);
        many.Words().Should().Contain("at most 2 tasks");
        odd.Code().Should().Be(-32602);

        async Task<JsonElement> AnswerAsync(string ids, string capabilities)
        {
            var http = TaskCaller.Post("subscriptions/listen", $"\"notifications\":{{\"taskIds\":{ids}}}", capabilities: capabilities);
            await handler.HandleAsync(http).AsTask().WaitAsync(TimeSpan.FromSeconds(10));
            return TaskCaller.MessageOf(http);
        }
    }

    [Test]
    public async Task A_store_that_fails_as_the_last_news_is_told_makes_it_late_and_not_lost()
    {
        var time = new ManualTime();
        var store = new HookedTaskStore();
        var go = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var server = new McpServer("s", "1", new McpServerOptions { TimeProvider = time, Tasks = new TaskOptions { Store = store } });
        server.AddTool("wait", "W", [McpTask] async () => await go.Task);
        await using var caller = TaskCaller.OverHttp(server);
        var listener = new Listening(server);
        var id = await caller.StartAsync("wait");
        await listener.ListenAsync($"\"{id}\"");
        (await listener.NextAsync()).Status().Should().Be("working");
        time.Advance(TimeSpan.FromSeconds(1)); // For the answers so far a timer was set, too.

        store.Replacing = _ =>
        {
            store.Finding = _ => throw new IOException("the disk is on fire");
            return Task.FromResult(true);
        };
        go.SetResult();
        while (!time.HasTimerIn(TimeSpan.FromSeconds(1)))
            await Task.Yield();
        store.Finding = null;
        time.Advance(TimeSpan.FromSeconds(1));

        (await listener.NextAsync()).Status().Should().Be("completed");
        await listener.DisposeAsync();
    }

    private static string Bare(JsonElement task) => string.Join(
        '\n',
        task.EnumerateObject().Where(member => member.Name is not ("_meta" or "resultType")).Select(member => $"{member.Name} {member.Value.GetRawText()}").Order());

    /// <summary>A subscription, and what comes of it.</summary>
    private sealed class Listening(McpServer server) : IAsyncDisposable
    {
        private readonly McpHttpHandler handler = new(server);

        public FakeHttpExchange Http { get; private set; } = null!;

        public async Task<string> ListenAsync(string ids)
        {
            Http = TaskCaller.Post("subscriptions/listen", $"\"notifications\":{{\"taskIds\":[{ids}]}}");
            _ = handler.HandleAsync(Http).AsTask();
            return (await Http.NextMessageAsync()).Granted();
        }

        /// <summary>What the next notification says of a task; nothing else comes.</summary>
        public async Task<JsonElement> NextAsync()
        {
            var message = await Http.NextMessageAsync();
            message.Method().Should().Be("notifications/tasks");
            return message.GetProperty("params");
        }

        public async ValueTask DisposeAsync()
        {
            await handler.StopAsync();
            await handler.DisposeAsync();
        }
    }
}
