using System.Text.Json;
using OnlyMcp.Protocol.Schema;
using OnlyMcp.Server;
using OnlyMcp.Server.Http;
using OnlyMcp.Server.Tools;
using OnlyMcp.Tests.Support;

namespace OnlyMcp.Tests.Tasks;

/// <summary>What a task of 2025-11-25 sends while it goes on, and on which stream.</summary>
[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
public sealed class RequestedTaskMessageTests
{
    private const string Place = "2025-11-25 basic/utilities/tasks ";
    private const string Related = "io.modelcontextprotocol/related-task";

    private readonly TaskCompletionSource goes = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource stopped = new(TaskCreationOptions.RunContinuationsAsynchronously);

    [Test]
    [Spec(Place + "§Associating Task-Related Messages", 1, 2)]
    [Spec(Place + "§Related Task Metadata", 1, 2)]
    [Spec(Place + "§Input Required Status", 2)]
    [Spec("2025-11-25 basic/utilities/progress §Behavior Requirements", 3, 4)]
    public async Task Each_message_of_a_task_says_whose_it_is_and_its_progress_has_the_token_of_the_call()
    {
        await using var client = await SessionPeer.ConnectAsync(Tasks());
        var created = await client.AskAsync("tools/call", """ "name":"talk","arguments":{},"task":{},"_meta":{"progressToken":"abc"} """);
        var taskId = created.GetProperty("result").GetProperty("task").GetProperty("taskId").GetString()!;
        var waiting = await client.SendAsync("tasks/result", $"\"taskId\":\"{taskId}\"");

        goes.SetResult();
        var question = await client.QuestionAsync();
        await client.AnswerAsync(question, $$$"""{"action":"decline","_meta":{"{{{Related}}}":{"taskId":"{{{taskId}}}"} } }""");
        var result = await client.ResponseAsync(waiting);

        var progress = client.Told.Where(news => news.Method() == "notifications/progress").ToArray();
        var logged = client.Told.Single(news => news.Method() == "notifications/message");
        JsonElement[] parts = [created.GetProperty("result"), question.GetProperty("params"), logged.GetProperty("params"), result.GetProperty("result")];
        parts.Concat(progress.Select(news => news.GetProperty("params")))
            .Should().OnlyContain(part => part.GetProperty("_meta").GetProperty(Related).GetProperty("taskId").GetString() == taskId);
        progress.Select(news => news.GetProperty("params").GetProperty("progress").GetDouble()).Should().Equal(1, 2);
        progress.Should().OnlyContain(news => news.GetProperty("params").GetProperty("progressToken").GetString() == "abc");
    }

    [Test]
    [Spec("2025-11-25 basic/utilities/progress §Behavior Requirements", 5)]
    public async Task After_its_end_a_task_tells_of_no_progress()
    {
        await using var client = await SessionPeer.ConnectAsync(Tasks());
        var created = await client.AskAsync("tools/call", """ "name":"deaf","arguments":{},"task":{},"_meta":{"progressToken":"abc"} """);
        var taskId = created.GetProperty("result").GetProperty("task").GetProperty("taskId").GetString()!;
        await client.ToldAsync(news => news.Method() == "notifications/progress");

        await client.AboutAsync("cancel", taskId);
        goes.SetResult();
        await stopped.Task.WaitAsync(TimeSpan.FromSeconds(20));
        await client.AskAsync("ping");

        client.Told.Count(news => news.Method() == "notifications/progress").Should().Be(1);
    }

    [Test]
    [Spec(Place + "§Associating Task-Related Messages", 3, 4)]
    public async Task The_parameter_says_which_task_is_meant_and_no_metadata_does()
    {
        var server = Tasks();
        await using var client = await SessionPeer.ConnectAsync(server);
        var one = await client.StartAsync("sum");
        var other = await client.StartAsync("deaf");
        await server.Tasks.UntilAsync(one, task => task.IsEnded, default).WaitAsync(TimeSpan.FromSeconds(20));
        string About(string taskId, string related) => $$$""" "taskId":"{{{taskId}}}","_meta":{"{{{Related}}}":{"taskId":"{{{related}}}"} } """;

        (await client.AskAsync("tasks/get", About(one, other))).GetProperty("result").GetProperty("taskId").GetString().Should().Be(one);
        (await client.AskAsync("tasks/result", About(one, other))).GetProperty("result").GetProperty("content")[0].GetProperty("text").GetString().Should().Be("3");
        (await client.AskAsync("tasks/cancel", About(other, one))).GetProperty("result").GetProperty("taskId").GetString().Should().Be(other);
        (await client.StatusAsync(one)).Should().Be("completed");
        (await client.StatusAsync(other)).Should().Be("cancelled");
    }

    [Test]
    [Spec(Place + "§Getting Tasks", 1)]
    [Spec(Place + "§Retrieving Task Results", 1)]
    [Spec(Place + "§Input Required Status", 1)]
    public async Task Over_http_a_result_is_waited_for_on_the_stream_of_its_request_which_carries_the_question_and_then_ends()
    {
        var server = Tasks();
        await using var handler = new McpHttpHandler(server);
        var session = await OpenAsync(handler);
        var created = await AnswerAsync(handler, session, """{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"ask","arguments":{},"task":{} } }""");
        var taskId = created.GetProperty("result").GetProperty("task").GetProperty("taskId").GetString()!;

        var waiting = session.Post($$$"""{"jsonrpc":"2.0","id":2,"method":"tasks/result","params":{"taskId":"{{{taskId}}}"} }""").With("Accept", "application/json, text/event-stream");
        var streaming = handler.HandleAsync(waiting).AsTask();
        var got = await AnswerAsync(handler, session, $$$"""{"jsonrpc":"2.0","id":3,"method":"tasks/get","params":{"taskId":"{{{taskId}}}"} }""");
        goes.SetResult();
        var question = await waiting.NextMessageAsync();
        var answer = session.Post($$$"""{"jsonrpc":"2.0","id":{{{question.GetProperty("id").GetRawText()}}},"result":{"action":"decline"} }""");
        await handler.HandleAsync(answer);
        await streaming.WaitAsync(TimeSpan.FromSeconds(20));

        (created.GetProperty("id").GetInt32(), got.GetProperty("id").GetInt32()).Should().Be((1, 3), "each answer is one object on the request's own exchange");
        (question.Method(), answer.Status, answer.Body).Should().Be(("elicitation/create", 202, ""));
        waiting.ResponseHeaders["Content-Type"].Should().Be("text/event-stream");
        waiting.IsCompleted.Should().BeTrue();
        var messages = waiting.Body.Split('\n').Where(line => line.StartsWith("data: {", StringComparison.Ordinal)).Select(line => JsonElement.Parse(line[6..])).ToArray();
        messages[^1].GetProperty("id").GetInt32().Should().Be(2);
        messages.Count(message => message.Method() is null).Should().Be(1, "the answer comes once, and last");
    }

    private static async Task<Sessions> OpenAsync(McpHttpHandler handler)
    {
        var request = new FakeHttpExchange("POST", "/mcp", """
            {"jsonrpc":"2.0","id":0,"method":"initialize","params":{
                "protocolVersion":"2025-11-25","capabilities":{"elicitation":{}},"clientInfo":{"name":"t","version":"1"} } }
            """);
        await handler.HandleAsync(request);
        return new Sessions(request.ResponseHeaders["Mcp-Session-Id"], "2025-11-25", null);
    }

    private static async Task<JsonElement> AnswerAsync(McpHttpHandler handler, Sessions session, string body)
    {
        var http = session.Post(body).With("Accept", "application/json, text/event-stream");
        await handler.HandleAsync(http);
        http.ResponseHeaders["Content-Type"].Should().StartWith("application/json");
        return JsonElement.Parse(http.Body);
    }

    private McpServer Tasks()
    {
        var server = new McpServer("tasks", "1.0.0");
        server.AddTool("sum", "Adds up", () => 3, new ToolTasks());
        server.AddTool("ask", "Asks", async (RequestContext context) =>
        {
            await goes.Task;
            return (await context.ElicitAsync<Person>("name", "Who?")).Action.ToString();
        }, new ToolTasks());
        server.AddTool("talk", "Tells of itself in every way there is", async (RequestContext context) =>
        {
            await goes.Task;
            await context.ReportProgressAsync(1, 2);
            await context.LogAsync(LoggingLevel.Error, "This is bad.");
            await context.ElicitAsync<Person>("name", "Who?");
            await context.ReportProgressAsync(2, 2);
            return "done";
        }, new ToolTasks());
        server.AddTool("deaf", "Hears of no cancellation", async (RequestContext context) =>
        {
            await context.ReportProgressAsync(1);
            await goes.Task;
            await context.ReportProgressAsync(2);
            stopped.SetResult();
            return "done";
        }, new ToolTasks());
        return server;
    }

    private sealed record Person(string Name);
}
