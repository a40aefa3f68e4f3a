using System.Security.Claims;
using System.Text.Json;
using OnlyMcp.Protocol.Schema;
using OnlyMcp.Server;
using OnlyMcp.Server.Http;
using OnlyMcp.Server.Tasks;
using OnlyMcp.Tests.Support;

namespace OnlyMcp.Tests.Tasks;

/// <summary>A client of the extension for tasks that speaks HTTP to a server, request by request, without a socket.</summary>
internal sealed class TaskPeer(McpServer server, string? user = null) : IAsyncDisposable
{
    public const string Declared = """{"elicitation":{"form":{}},"roots":{},"extensions":{"io.modelcontextprotocol/tasks":{}}}""";
    public const string Undeclared = """{"elicitation":{"form":{}},"roots":{}}""";

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    private readonly McpHttpHandler handler = new(server);

    /// <summary>What is declared on the next requests.</summary>
    public string Capabilities { get; set; } = Declared;

    /// <summary>The HTTP status of the last answer.</summary>
    public int Status { get; private set; }

    /// <summary>Calls a tool; the response.</summary>
    public Task<JsonElement> CallAsync(string tool, string arguments = "{}") =>
        AskAsync("tools/call", $"\"name\":\"{tool}\",\"arguments\":{arguments}", tool);

    /// <summary>Calls a tool, whose call becomes a task; its name.</summary>
    public async Task<string> StartAsync(string tool, string arguments = "{}") =>
        (await CallAsync(tool, arguments)).GetProperty("result").GetProperty("taskId").GetString()!;

    /// <summary>Asks for a task; the response.</summary>
    public Task<JsonElement> GetAsync(string taskId) => AskAsync("tasks/get", $"\"taskId\":\"{taskId}\"", taskId);

    /// <summary>Answers what a task asks; the response.</summary>
    public Task<JsonElement> UpdateAsync(string taskId, string answers) =>
        AskAsync("tasks/update", $"\"taskId\":\"{taskId}\",\"inputResponses\":{answers}", taskId);

    /// <summary>Cancels a task; the response.</summary>
    public Task<JsonElement> CancelAsync(string taskId) => AskAsync("tasks/cancel", $"\"taskId\":\"{taskId}\"", taskId);

    /// <summary>Waits until a task has this status, and asks for it; the result.</summary>
    public Task<JsonElement> UntilAsync(string taskId, McpTaskStatus status) => UntilAsync(taskId, task => task.Status == status);

    /// <summary>The same for any state that the server keeps of it.</summary>
    public async Task<JsonElement> UntilAsync(string taskId, Func<StoredTask, bool> isSo)
    {
        var task = await server.Tasks.UntilAsync(taskId, isSo, default).WaitAsync(Patience);
        task.Should().Match<StoredTask>(reached => isSo(reached), "the task has come to what was waited for");
        return (await GetAsync(taskId)).GetProperty("result");
    }

    /// <summary>The way by which the server tells of what was subscribed to.</summary>
    public FakeHttpExchange Listen(string notifications)
    {
        var http = Post("subscriptions/listen", $"\"notifications\":{notifications}", null);
        _ = handler.HandleAsync(http).AsTask();
        return http;
    }

    public ValueTask DisposeAsync() => handler.DisposeAsync();

    private async Task<JsonElement> AskAsync(string method, string parameters, string name)
    {
        var http = Post(method, parameters, name);
        await handler.HandleAsync(http).AsTask().WaitAsync(Patience);
        Status = http.Status;
        return JsonElement.Parse(http.Body);
    }

    private FakeHttpExchange Post(string method, string parameters, string? name)
    {
        var body = $$"""
            {"jsonrpc":"2.0","id":1,"method":"{{method}}","params":{ {{parameters}},"_meta":{
                "progressToken":"p",
                "io.modelcontextprotocol/protocolVersion":"2026-07-28",
                "io.modelcontextprotocol/clientCapabilities":{{Capabilities}},
                "io.modelcontextprotocol/logLevel":"debug"} } }
            """;
        var principal = user is null ? null : new ClaimsPrincipal(new ClaimsIdentity([new Claim("sub", user)], "test"));
        return new FakeHttpExchange("POST", "/mcp", body) { User = principal }
            .With("MCP-Protocol-Version", Wire.Modern).With("Mcp-Method", method).With("Mcp-Name", name)
            .With("Accept", "application/json, text/event-stream");
    }
}
