using System.Text.Json;
using OnlyMcp.Client;
using OnlyMcp.Client.Tasks;
using OnlyMcp.Protocol.Schema;
using OnlyMcp.Tests.Support;

namespace OnlyMcp.Tests.Client.Tasks;

/// <summary>What the tests of a client's tasks have in common: conversations that have begun, and the answers about a task.</summary>
internal static class TaskScript
{
    public const string Everything = """{"list":{},"cancel":{},"requests":{"tools":{"call":{}}}}""";
    public const string Form = """{"method":"elicitation/create","params":{"message":"Who?","requestedSchema":{"type":"object","properties":{"name":{"type":"string"}},"required":["name"]}}}""";
    public const string Done = """{"content":[{"type":"text","text":"done"}]}""";

    /// <summary>Asks without a pause, so that real time does.</summary>
    public static McpClientOptions Quick { get; } = new()
    {
        Tasks = new ClientTaskOptions { MinPollInterval = TimeSpan.FromMilliseconds(1), PollInterval = TimeSpan.FromMilliseconds(1) },
    };

    public static string Discovered(string extensions = """{"io.modelcontextprotocol/tasks":{}}""") =>
        $$$"""{"resultType":"complete","supportedVersions":["2026-07-28"],"capabilities":{"tools":{},"extensions":{{{extensions}}}},"_meta":{"io.modelcontextprotocol/serverInfo":{"name":"s","version":"1"} } }""";

    public static async Task<McpClient> ModernAsync(ScriptedPipe pipe, McpClientOptions? options = null, string extensions = """{"io.modelcontextprotocol/tasks":{}}""")
    {
        var connecting = McpClient.ConnectAsync(pipe.Transport, options ?? Quick);
        await pipe.ResultAsync(await pipe.NextAsync("server/discover"), Discovered(extensions));
        return await connecting;
    }

    public static string Initialized(string tasks = Everything, string version = "2025-11-25") =>
        $$$"""{"protocolVersion":"{{{version}}}","capabilities":{"tools":{},"tasks":{{{tasks}}} },"serverInfo":{"name":"old","version":"1"}}""";

    public static async Task<McpClient> LegacyAsync(ScriptedPipe pipe, McpClientOptions? options = null, string tasks = Everything, string version = "2025-11-25")
    {
        var connecting = McpClient.ConnectAsync(pipe.Transport, options ?? Quick);
        await pipe.ErrorAsync(await pipe.NextAsync("server/discover"), -32601);
        await pipe.ResultAsync(await pipe.NextAsync("initialize"), Initialized(tasks, version));
        await pipe.NextAsync("notifications/initialized");
        return await connecting;
    }

    /// <summary>Lists one tool to the client, so that it knows how the tool may be called.</summary>
    public static async Task ListAsync(ScriptedPipe pipe, McpClient client, string? support)
    {
        var listing = client.ListToolsPageAsync();
        await pipe.ResultAsync(await pipe.NextAsync("tools/list"), Listed(support));
        await listing;
    }

    public static string Listed(string? support) =>
        $$$"""{"tools":[{"name":"t","inputSchema":{"type":"object"},"execution":{{{(support is null ? "{}" : $$"""{"taskSupport":"{{support}}"}""")}}} }]}""";

    /// <summary>The answer to a call that became a task, in the modern form.</summary>
    public static string Created(string status = "working", string more = "", string id = "k1") => $$"""{"resultType":"task",{{State(status, more, id)}}}""";

    /// <summary>The answer to `tasks/get`, in the modern form.</summary>
    public static string Got(string status, string more = "", string id = "k1") => $$"""{"resultType":"complete",{{State(status, more, id)}}}""";

    public static string State(string status, string more = "", string id = "k1") =>
        $$""" "taskId":"{{id}}","status":"{{status}}","createdAt":"2026-07-28T10:00:00Z","lastUpdatedAt":"2026-07-28T10:00:01Z","ttlMs":60000{{more}} """;

    /// <summary>The answer to a call that became a task, in the form of 2025-11-25.</summary>
    public static string OldCreated(string status = "working", string more = "", string id = "k1") => $$"""{"task":{{OldGot(status, more, id)}}}""";

    /// <summary>The answer to `tasks/get`, in the form of 2025-11-25.</summary>
    public static string OldGot(string status, string more = "", string id = "k1") =>
        $$"""{"taskId":"{{id}}","status":"{{status}}","createdAt":"2025-11-25T10:00:00Z","lastUpdatedAt":"2025-11-25T10:00:01Z","ttl":60000{{more}}}""";

    public static string OldResult(string text = "done", string id = "k1") =>
        $$$"""{"content":[{"type":"text","text":"{{{text}}}"}],"_meta":{"io.modelcontextprotocol/related-task":{"taskId":"{{{id}}}"} } }""";

    /// <summary>Whether a request declares the extension.</summary>
    public static bool Declares(this JsonElement request) =>
        request.GetProperty("params").GetProperty("_meta").GetProperty("io.modelcontextprotocol/clientCapabilities")
            .TryGetProperty("extensions", out var extensions) && extensions.TryGetProperty(TasksExtension.Id, out _);

    /// <summary>The task that a request is about.</summary>
    public static string? TaskId(this JsonElement request) => request.GetProperty("params").GetProperty("taskId").GetString();
}
