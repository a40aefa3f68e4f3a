using System.Security.Claims;
using System.Text.Json;
using OnlyMcp.Protocol.Revisions;
using OnlyMcp.Protocol.Schema;
using OnlyMcp.Server;
using OnlyMcp.Server.Http;
using OnlyMcp.Server.Tasks;
using OnlyMcp.Tests.Support;

namespace OnlyMcp.Tests.Tasks;

/// <summary>A client that can take tasks, played by the test: what it sends and gets is what is on the wire.</summary>
internal sealed class TaskCaller : IAsyncDisposable
{
    public const string Everything = """
        {"elicitation":{"form":{},"url":{}},"sampling":{"tools":{},"context":{}},"roots":{},"extensions":{"io.modelcontextprotocol/tasks":{}}}
        """;

    /// <summary>Without tasks.</summary>
    public const string Undeclared = """{"elicitation":{"form":{}},"roots":{}}""";

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private readonly McpServer server;
    private readonly Func<string, string, Task<JsonElement>> send;
    private readonly Func<ValueTask> end;
    private Func<string, FakeHttpExchange>? listen;

    private TaskCaller(McpServer server, Func<string, string, Task<JsonElement>> send, Func<ValueTask> end)
    {
        this.server = server;
        this.send = send;
        this.end = end;
    }

    /// <summary>What the HTTP response to the last request was; null over a pipe.</summary>
    public FakeHttpExchange? Last { get; private set; }

    /// <summary>What is declared on the next requests; over a pipe, what was declared at first.</summary>
    public string Capabilities { get; set; } = Everything;

    /// <summary>Speaks over Streamable HTTP, perhaps as somebody.</summary>
    public static TaskCaller OverHttp(McpServer server, string? user = null, string capabilities = Everything)
    {
        var handler = new McpHttpHandler(server);
        TaskCaller? caller = null;
        return caller = new TaskCaller(server, SendAsync, handler.DisposeAsync) { Capabilities = capabilities, listen = Listen };

        async Task<JsonElement> SendAsync(string method, string parameters)
        {
            var post = caller!.Last = Post(method, parameters, user, caller.Capabilities);
            await handler.HandleAsync(post).AsTask().WaitAsync(Patience);
            return MessageOf(post);
        }

        FakeHttpExchange Listen(string notifications)
        {
            var post = Post("subscriptions/listen", $"\"notifications\":{notifications}", user, caller!.Capabilities);
            _ = handler.HandleAsync(post).AsTask();
            return post;
        }
    }

    /// <summary>Speaks over a pipe.</summary>
    public static async Task<TaskCaller> OverPipeAsync(McpServer server, string capabilities = Everything)
    {
        var client = await AskedClient.ConnectAsync(server, KnownRevisions.Newest(Era.Modern), capabilities);
        return new TaskCaller(server, SendAsync, client.DisposeAsync);

        async Task<JsonElement> SendAsync(string method, string parameters)
        {
            await client.RequestAsync(method, parameters);
            return await client.NextAsync();
        }
    }

    /// <summary>Either of them.</summary>
    public static async Task<TaskCaller> OverAsync(string transport, McpServer server) =>
        transport == "pipe" ? await OverPipeAsync(server) : OverHttp(server);

    /// <summary>A POST of a request, with the headers that belong to it.</summary>
    public static FakeHttpExchange Post(string method, string parameters, string? user = null, string capabilities = Everything)
    {
        var all = JsonElement.Parse($"{{{parameters}}}");
        var name = all.TryGetProperty("name", out var tool) ? tool.GetString()
            : all.TryGetProperty("taskId", out var task) ? task.ToString() : null;
        var body = $$$"""
            {"jsonrpc":"2.0","id":1,"method":"{{{method}}}","params":{{{{parameters}}}{{{(parameters.Length > 0 ? "," : "")}}}
            "_meta":{"progressToken":"p","io.modelcontextprotocol/logLevel":"debug","io.modelcontextprotocol/protocolVersion":"2026-07-28",
            "io.modelcontextprotocol/clientCapabilities":{{{capabilities}}} } } }
            """;
        var principal = user is null ? null : new ClaimsPrincipal(new ClaimsIdentity([new Claim("sub", user)], "test"));
        return new FakeHttpExchange("POST", "/mcp", body) { User = principal }
            .With("MCP-Protocol-Version", Wire.Modern).With("Mcp-Method", method).With("Mcp-Name", name)
            .With("Accept", "application/json, text/event-stream");
    }

    /// <summary>Sends a request; the members of its parameters are given without their braces.</summary>
    public Task<JsonElement> SendAsync(string method, string parameters) => send(method, parameters);

    /// <summary>Calls a tool; the whole response.</summary>
    public Task<JsonElement> CallAsync(string tool, string arguments = "{}", string more = "") =>
        send("tools/call", $"\"name\":\"{tool}\",\"arguments\":{arguments}{more}");

    /// <summary>Calls a tool whose call becomes a task; its name.</summary>
    public async Task<string> StartAsync(string tool, string arguments = "{}")
    {
        var response = await CallAsync(tool, arguments);
        response.GetProperty("result").GetProperty("resultType").GetString().Should().Be("task", response.GetRawText());
        return response.GetProperty("result").GetProperty("taskId").GetString()!;
    }

    /// <summary>Asks how far a task is; the whole response.</summary>
    public Task<JsonElement> AskAsync(string taskId) => send("tasks/get", $"\"taskId\":\"{taskId}\"");

    /// <summary>How far a task is.</summary>
    public async Task<JsonElement> GetAsync(string taskId)
    {
        var response = await AskAsync(taskId);
        return response.TryGetProperty("result", out var result) ? result : throw new InvalidOperationException(response.GetRawText());
    }

    /// <summary>Answers questions; the whole response.</summary>
    public Task<JsonElement> AnswerAsync(string taskId, string answers) =>
        send("tasks/update", $"\"taskId\":\"{taskId}\",\"inputResponses\":{answers}");

    /// <summary>Wants a task no more; the whole response.</summary>
    public Task<JsonElement> CancelAsync(string taskId) => send("tasks/cancel", $"\"taskId\":\"{taskId}\"");

    /// <summary>The way by which the server tells, over HTTP, of what was subscribed to.</summary>
    public FakeHttpExchange Listen(string notifications) => listen!(notifications);

    /// <summary>Waits until a task is so far, and asks for it then.</summary>
    public Task<JsonElement> UntilAsync(string taskId, McpTaskStatus status) => UntilAsync(taskId, task => task.Status == status);

    /// <summary>The same for whatever else there is to wait for.</summary>
    public async Task<JsonElement> UntilAsync(string taskId, Func<StoredTask, bool> isSo)
    {
        await server.TakeUpTasksAsync();
        var found = await server.Tasks.UntilAsync(taskId, isSo, CancellationToken.None).WaitAsync(Patience);
        (found is not null && isSo(found)).Should().BeTrue("the task is {0} ({1})", found?.Status, found?.StatusMessage);
        return await GetAsync(taskId);
    }

    /// <summary>The message that an HTTP response holds: its body, or the last of its events.</summary>
    public static JsonElement MessageOf(FakeHttpExchange http) => JsonElement.Parse(
        http.Body.StartsWith('{') ? http.Body : http.Body.Split('\n').Last(line => line.StartsWith("data: {", StringComparison.Ordinal))[6..]);

    public async ValueTask DisposeAsync() => await end().AsTask().WaitAsync(Patience);
}

/// <summary>What stands in responses about tasks.</summary>
internal static class TaskResponses
{
    public static string? Status(this JsonElement task) => task.GetProperty("status").GetString();

    public static string? Message(this JsonElement task) => task.TryGetProperty("statusMessage", out var message) ? message.GetString() : null;

    public static DateTimeOffset Updated(this JsonElement task) => task.GetProperty("lastUpdatedAt").GetDateTimeOffset();

    /// <summary>The text of the result.</summary>
    public static string? Text(this JsonElement task) => task.GetProperty("result").GetProperty("content")[0].GetProperty("text").GetString();

    public static int Code(this JsonElement response) => response.TryGetProperty("error", out var error)
        ? error.GetProperty("code").GetInt32()
        : throw new InvalidOperationException($"No error: {response}");

    public static string? Words(this JsonElement response) => response.GetProperty("error").GetProperty("message").GetString();

    /// <summary>The keys of the open questions.</summary>
    public static IEnumerable<string> Questions(this JsonElement task) =>
        task.TryGetProperty("inputRequests", out var questions) ? questions.EnumerateObject().Select(question => question.Name) : [];
}
