using System.Text.Json;
using OnlyMcp.Protocol.JsonRpc;
using OnlyMcp.Protocol.Schema;
using OnlyMcp.Server;
using OnlyMcp.Server.Tools;
using OnlyMcp.Tests.Support;

namespace OnlyMcp.Tests.Tasks;

/// <summary>What clients are told that ask for a task.</summary>
public sealed class TaskPollingTests
{
    private static readonly string[] Payload = ["inputRequests", "result", "error"];

    private TaskCompletionSource asks = null!;
    private TaskCompletionSource ends = null!;

    [SetUp]
    public void Wait()
    {
        asks = new(TaskCreationOptions.RunContinuationsAsynchronously);
        ends = new(TaskCreationOptions.RunContinuationsAsynchronously);
    }

    [Test]
    [Spec("ext-tasks tasks §Task Polling", 1, 2, 3, 4, 5)]
    public async Task A_task_is_told_with_what_belongs_to_its_state()
    {
        var server = new McpServer("tasks", "1.0.0");
        server.AddTool("ask", "Asks two things at once", AskTwiceAsync, new ToolTasks());
        await using var client = TaskCaller.OverHttp(server);

        var taskId = await client.StartAsync("ask");
        ShouldBe(await client.GetAsync(taskId), "working");

        asks.SetResult();
        var waiting = await client.UntilAsync(taskId, task => task.Questions.Count == 2);
        ShouldBe(waiting, "input_required", "inputRequests");
        waiting.GetProperty("inputRequests").EnumerateObject().Select(question => question.Name).Should().BeEquivalentTo("from", "to");
        waiting.GetProperty("inputRequests").GetProperty("to").GetProperty("params").GetProperty("message").GetString().Should().Be("Where to?");

        await client.AnswerAsync(taskId, """{"from":{"action":"accept","content":{"place":"Oslo"}}}""");
        waiting = await client.GetAsync(taskId);
        ShouldBe(waiting, "input_required", "inputRequests");
        waiting.GetProperty("inputRequests").EnumerateObject().Select(question => question.Name).Should().Equal("to");

        await client.AnswerAsync(taskId, """{"to":{"action":"accept","content":{"place":"Rome"}}}""");
        ShouldBe(await client.UntilAsync(taskId, McpTaskStatus.Working), "working");

        ends.SetResult();
        var done = await client.UntilAsync(taskId, McpTaskStatus.Completed);
        ShouldBe(done, "completed", "result");
        done.GetProperty("result").GetProperty("content")[0].GetProperty("text").GetString().Should().Be("Oslo to Rome");
    }

    [Test]
    [Spec("ext-tasks tasks §Task Polling", 1, 6)]
    [Spec("ext-tasks tasks §Task Cancellation", 2)]
    [Spec("ext-tasks tasks §Task Update Requests", 6)]
    public async Task A_cancelled_task_is_told_as_cancelled_and_who_cancels_or_answers_gets_an_empty_result()
    {
        var server = new McpServer("tasks", "1.0.0");
        server.AddTool("ask", "Asks two things at once", AskTwiceAsync, new ToolTasks());
        await using var client = TaskCaller.OverHttp(server);
        asks.SetResult();
        var taskId = await client.StartAsync("ask");
        await client.UntilAsync(taskId, task => task.Questions.Count == 2);

        ShouldBeEmpty(await client.AnswerAsync(taskId, """{"from":{"action":"decline"}}"""));
        ShouldBeEmpty(await client.CancelAsync(taskId));

        ShouldBe(await client.UntilAsync(taskId, McpTaskStatus.Cancelled), "cancelled");
    }

    [Test]
    [Spec("ext-tasks tasks §Task Polling", 7)]
    [Spec("ext-tasks tasks §Task Execution Errors", 1, 4)]
    public async Task A_failed_task_is_told_with_the_error_that_its_call_came_to()
    {
        var server = new McpServer("tasks", "1.0.0");
        var broken = new JsonRpcException(new JsonRpcError(-32050, "Out of order.", new JsonBody("[1]"u8.ToArray())));
        server.AddTool("fail", "Fails", Task<string> () => throw broken, new ToolTasks());
        await using var client = TaskCaller.OverHttp(server);

        var failed = await client.UntilAsync(await client.StartAsync("fail"), McpTaskStatus.Failed);
        client.Capabilities = TaskCaller.Undeclared;
        var error = (await client.CallAsync("fail")).GetProperty("error");

        ShouldBe(failed, "failed", "error");
        JsonElement.DeepEquals(failed.GetProperty("error"), error).Should().BeTrue($"{failed} is the task's, and {error} the call's");
        failed.GetProperty("statusMessage").GetString().Should().Be("Out of order.");
    }

    [TestCase("fail", true)]
    [TestCase("throw", true)]
    [TestCase("point", false)]
    [Spec("ext-tasks tasks §Task Status", 1)]
    [Spec("ext-tasks tasks §Task Execution Errors", 2, 3, 5)]
    public async Task What_a_tool_answers_is_a_completed_task_also_if_it_says_that_it_failed(string tool, bool isError)
    {
        var server = new McpServer("tasks", "1.0.0");
        server.AddTool("fail", "Fails", Task<string> () => throw new ToolErrorException("Not today."), new ToolTasks());
        server.AddTool("throw", "Breaks", Task<string> () => throw new InvalidOperationException("secret"), new ToolTasks());
        server.AddTool("point", "Points", () => new { X = 1 }, new ToolTasks());
        await using var client = TaskCaller.OverHttp(server);

        var done = await client.UntilAsync(await client.StartAsync(tool), task => task.IsEnded);
        client.Capabilities = TaskCaller.Undeclared;
        var result = (await client.CallAsync(tool)).GetProperty("result");

        ShouldBe(done, "completed", "result");
        (done.GetProperty("result").TryGetProperty("isError", out var said) && said.GetBoolean()).Should().Be(isError);
        Bare(done.GetProperty("result")).Should().Be(Bare(result));
    }

    [Test]
    public async Task What_a_task_has_come_to_never_grows_less()
    {
        var reported = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var server = new McpServer("tasks", "1.0.0");
        server.AddTool("climb", "Climbs, and slips", async (RequestContext context) =>
        {
            foreach (var height in new[] { 1, 3, 2 })
                await context.ReportProgressAsync(height, 3, $"at {height}");
            reported.SetResult();
            await ends.Task;
            return "up";
        }, new ToolTasks());
        await using var client = TaskCaller.OverHttp(server);
        var taskId = await client.StartAsync("climb");
        await reported.Task.WaitAsync(TimeSpan.FromSeconds(10));

        var far = await client.UntilAsync(taskId, task => task.Progress?.Progress >= 2);
        ends.SetResult();

        far.GetProperty("_meta").GetProperty("com.onlymcp/progress").GetRawText().Should().Be("""{"progress":3,"total":3,"message":"at 3"}""");
    }

    private static void ShouldBe(JsonElement task, string status, params string[] payload)
    {
        task.GetProperty("status").GetString().Should().Be(status);
        Payload.Where(name => task.TryGetProperty(name, out _)).Should().Equal(payload, $"of {task}");
    }

    // What stands on every result says which server it is from.
    private static string Bare(JsonElement result) =>
        string.Join(',', result.EnumerateObject().Where(member => member.Name != "_meta").Select(member => $"{member.Name}: {member.Value}"));

    private static void ShouldBeEmpty(JsonElement response) =>
        response.GetProperty("result").EnumerateObject().Select(member => member.Name).Except(["_meta"]).Should().Equal("resultType");

    private async Task<string> AskTwiceAsync(RequestContext context)
    {
        await asks.Task;
        var from = context.ElicitAsync<Journey>("from", "Where from?");
        var to = context.ElicitAsync<Journey>("to", "Where to?");
        await Task.WhenAll(from, to);
        await ends.Task;
        return $"{(await from).Value?.Place} to {(await to).Value?.Place}";
    }

    private sealed record Journey(string Place);
}
