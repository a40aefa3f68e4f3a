using System.Text.Json;
using OnlyMcp.Protocol.Schema;
using OnlyMcp.Server;
using OnlyMcp.Server.Tasks;
using OnlyMcp.Server.Tools;
using OnlyMcp.Tests.Support;

namespace OnlyMcp.Tests.Tasks;

/// <summary>When a call becomes a task, and what its client is told then.</summary>
public sealed class NewTaskTests
{
    [Test]
    [Spec("ext-tasks tasks §Capability Negotiation", 1)]
    public async Task What_a_request_does_not_declare_it_does_not_get_whatever_earlier_ones_declared()
    {
        await using var client = TaskCaller.OverHttp(Sums());

        (await client.CallAsync("sum")).GetProperty("result").GetProperty("resultType").GetString().Should().Be("task");

        client.Capabilities = TaskCaller.Undeclared;
        var result = (await client.CallAsync("sum")).GetProperty("result");
        result.GetProperty("resultType").GetString().Should().Be("complete");
        result.GetProperty("content")[0].GetProperty("text").GetString().Should().Be("3");
        result.TryGetProperty("taskId", out _).Should().BeFalse();
    }

    [Test]
    [Spec("ext-tasks tasks §Capability Negotiation", 4)]
    public async Task What_has_to_be_a_task_is_refused_to_a_client_that_cannot_take_one()
    {
        await using var client = TaskCaller.OverHttp(Sums(TaskSupport.Required), capabilities: TaskCaller.Undeclared);

        ShouldMissTasks(await client.CallAsync("sum"));
        client.Last!.Status.Should().Be(400);
    }

    [Test]
    [Spec("ext-tasks tasks §Polymorphic Results", 1, 2)]
    [Spec("ext-tasks tasks §Task Polling", 8)]
    [Spec("ext-tasks tasks §Task Update Requests", 7)]
    [Spec("ext-tasks tasks §Task Cancellation", 3)]
    public async Task A_new_task_says_so_in_its_type_and_no_other_result_does()
    {
        await using var client = TaskCaller.OverHttp(Sums());

        var created = await client.CallAsync("sum");
        var taskId = created.GetProperty("result").GetProperty("taskId").GetString()!;

        var done = await client.UntilAsync(taskId, McpTaskStatus.Completed);

        TypeOf(created).Should().Be("task");
        TypeOf(await client.AskAsync(taskId)).Should().Be("complete");
        TypeOf(await client.AnswerAsync(taskId, "{}")).Should().Be("complete");
        TypeOf(await client.CancelAsync(taskId)).Should().Be("complete");
        done.GetProperty("result").GetProperty("resultType").GetString().Should().Be("complete");
    }

    [Test]
    [Spec("ext-tasks tasks §Task Creation", 1, 2)]
    public async Task A_task_is_told_of_when_the_store_has_it_and_not_before()
    {
        var store = new SlowStore();
        var server = Sums(options: new McpServerOptions { Tasks = new TaskOptions { Store = store } });
        await using var client = TaskCaller.OverHttp(server);

        var calling = client.CallAsync("sum");
        await store.Asked;
        calling.IsCompleted.Should().BeFalse("the store does not have it yet");
        (await store.FindAsync(store.Added!.TaskId)).Should().BeNull();

        store.Go();
        var taskId = (await calling).GetProperty("result").GetProperty("taskId").GetString()!;
        (await client.GetAsync(taskId)).GetProperty("taskId").GetString().Should().Be(taskId);
    }

    [TestCase(true)]
    [TestCase(false)]
    [Spec("ext-tasks tasks §Security Considerations", 1)]
    [Spec("2025-11-25 basic/utilities/tasks §Task Isolation and Access Control", 2)]
    [Spec("2025-11-25 basic/utilities/tasks §Task ID Requirements", 3)]
    public async Task Nobody_can_guess_the_id_of_a_task(bool isModern)
    {
        var server = Sums();
        await using var client = TaskCaller.OverHttp(server);
        await using var legacy = await LegacyPeer.ConnectAsync(server);

        List<string> ids = [];
        for (var i = 0; i < 100; i++)
            ids.Add(isModern ? await client.StartAsync("sum") : await legacy.BeginAsync("sum"));

        // 128 random bits: no place of theirs stands still, or counts.
        ids.Should().OnlyHaveUniqueItems().And.OnlyContain(id => id.Length == 32 && id.All(char.IsAsciiHexDigitLower));
        Enumerable.Range(0, 32).Should().OnlyContain(place => ids.Select(id => id[place]).Distinct().Count() > 8);
        ids.Should().NotBeInAscendingOrder();
    }

    /// <summary>An error that says that the client would have to declare tasks.</summary>
    public static void ShouldMissTasks(JsonElement response)
    {
        var error = response.GetProperty("error");
        error.GetProperty("code").GetInt32().Should().Be(-32021);
        error.GetProperty("data").GetProperty("requiredCapabilities").GetProperty("extensions").TryGetProperty(TasksExtension.Id, out _).Should().BeTrue();
    }

    private static string? TypeOf(JsonElement response) => response.GetProperty("result").GetProperty("resultType").GetString();

    private static McpServer Sums(TaskSupport support = TaskSupport.Optional, McpServerOptions? options = null)
    {
        var server = new McpServer("tasks", "1.0.0", options);
        server.AddTool("sum", "Adds up", () => 3, new ToolTasks { Support = support });
        return server;
    }

    /// <summary>Has a new task only when it is told to.</summary>
    private sealed class SlowStore : ITaskStore
    {
        private readonly InMemoryTaskStore inner = new();
        private readonly TaskCompletionSource asked = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private readonly TaskCompletionSource going = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public Task Asked => asked.Task.WaitAsync(TimeSpan.FromSeconds(20));

        public StoredTask? Added { get; private set; }

        public void Go() => going.SetResult();

        public async ValueTask AddAsync(StoredTask task, CancellationToken cancellationToken)
        {
            Added = task;
            asked.SetResult();
            await going.Task;
            await inner.AddAsync(task, cancellationToken);
        }

        public ValueTask<StoredTask?> FindAsync(string taskId, CancellationToken cancellationToken = default) => inner.FindAsync(taskId, cancellationToken);

        public ValueTask<bool> TryReplaceAsync(StoredTask task, CancellationToken cancellationToken) => inner.TryReplaceAsync(task, cancellationToken);

        public ValueTask<IReadOnlyList<StoredTask>> ListAsync(string? owner, TaskPlace? after, int count, CancellationToken cancellationToken) =>
            inner.ListAsync(owner, after, count, cancellationToken);

        public ValueTask<IReadOnlyList<StoredTask>> TakeAbandonedAsync(CancellationToken cancellationToken) => inner.TakeAbandonedAsync(cancellationToken);
    }
}
