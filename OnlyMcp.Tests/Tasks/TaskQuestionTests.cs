using System.Text.Json;
using OnlyMcp.Protocol.Schema;
using OnlyMcp.Server;
using OnlyMcp.Server.Inputs;
using OnlyMcp.Server.Tools;
using OnlyMcp.Tests.Support;

namespace OnlyMcp.Tests.Tasks;

/// <summary>What a task asks its client while it runs.</summary>
public sealed class TaskQuestionTests
{
    private const string Accepted = """{"action":"accept","content":{"name":"Ada"}}""";

    [Test]
    [Spec("ext-tasks tasks §Task Update Requests", 2, 3, 4)]
    public async Task No_key_of_a_task_ever_stands_for_a_second_question()
    {
        var server = new McpServer("tasks", "1.0.0");
        var round = 0;
        server.AddTool("ask", "Asks by hand, under one key, until it is content", (RequestContext _) => ++round <= 3
            ? (Result)Asking("name", round < 3 ? "Who?" : "Who really?")
            : new CallToolResult { Content = [new TextContent { Text = "Thanks." }] }, new ToolTasks());
        await using var client = TaskCaller.OverHttp(server);
        var taskId = await client.StartAsync("ask");

        List<string> keys = [];
        List<string?> messages = [];
        while (keys.Count < 3)
        {
            var waiting = await client.UntilAsync(taskId, task => task.Questions.Any(question => !question.Value.IsAnswered && !keys.Contains(question.Key)));
            var question = waiting.GetProperty("inputRequests").EnumerateObject().Single();
            keys.Add(question.Name);
            messages.Add(question.Value.GetProperty("params").GetProperty("message").GetString());
            await client.AnswerAsync(taskId, $"{{\"{question.Name}\":{Accepted}}}");
        }

        keys.Should().OnlyHaveUniqueItems();
        messages.Should().Equal("Who?", "Who?", "Who really?");
        await client.UntilAsync(taskId, McpTaskStatus.Completed);
    }

    [Test]
    [Spec("ext-tasks tasks §Task Update Requests", 2, 3, 4)]
    public async Task A_key_that_a_handler_uses_for_another_question_is_refused_to_it()
    {
        var server = new McpServer("tasks", "1.0.0");
        server.AddTool("ask", "Asks twice under one key", async (RequestContext context) =>
        {
            await context.ElicitAsync<Person>("name", "Who?");
            await context.ElicitAsync<Person>("name", "Who else?");
            return "never";
        }, new ToolTasks());
        await using var client = TaskCaller.OverHttp(server);
        var taskId = await client.StartAsync("ask");
        await client.UntilAsync(taskId, McpTaskStatus.InputRequired);

        await client.AnswerAsync(taskId, $$"""{"name":{{Accepted}}}""");

        var done = await client.UntilAsync(taskId, McpTaskStatus.Completed);
        done.GetProperty("result").GetProperty("isError").GetBoolean().Should().BeTrue();
    }

    [Test]
    [Spec("ext-tasks tasks §Task Update Requests", 6)]
    public async Task Answers_to_nothing_are_acknowledged_and_change_nothing()
    {
        var server = new McpServer("tasks", "1.0.0");
        server.AddTool("ask", "Asks", async (RequestContext context) => (await context.ElicitAsync<Person>("name", "Who?")).Value!.Name, new ToolTasks());
        await using var client = TaskCaller.OverHttp(server);
        var taskId = await client.StartAsync("ask");
        var before = await client.UntilAsync(taskId, McpTaskStatus.InputRequired);

        (await client.AnswerAsync(taskId, $$"""{"age":{{Accepted}},"":1}""")).GetProperty("result").TryGetProperty("taskId", out _).Should().BeFalse();

        JsonElement.DeepEquals((await client.GetAsync(taskId)), before).Should().BeTrue();
        await client.AnswerAsync(taskId, $$"""{"name":{{Accepted}}}""");
        await client.AnswerAsync(taskId, """{"name":{"action":"accept","content":{"name":"Eve"}}}""");
        var done = await client.UntilAsync(taskId, McpTaskStatus.Completed);
        done.GetProperty("result").GetProperty("content")[0].GetProperty("text").GetString().Should().Be("Ada");
    }

    private static InputRequiredResult Asking(string key, string message) => new()
    {
        InputRequests = new Dictionary<string, InputRequest>
        {
            [key] = new()
            {
                Method = "elicitation/create",
                Params = JsonElement.Parse($$"""
                    {"mode":"form","message":"{{message}}","requestedSchema":{"type":"object","properties":{"name":{"type":"string"} } } }
                    """),
            },
        },
    };

    private sealed record Person(string Name);
}
