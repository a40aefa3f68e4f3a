// The official C# SDK as a server over stdio, for the tests of OnlyMcp's client.
using ModelContextProtocol;
using ModelContextProtocol.Protocol;
using ModelContextProtocol.Server;

TaskCompletionSource cancelled = new(TaskCreationOptions.RunContinuationsAsynchronously);
McpServerOptions options = new()
{
    ServerInfo = new Implementation { Name = "csharp-sdk-server", Version = "1.0.0" },
    ToolCollection =
    [
        McpServerTool.Create((string message) => message, new() { Name = "echo", Description = "Says it again" }),
        McpServerTool.Create((double a, double b) => a + b, new() { Name = "add", Description = "Adds two numbers" }),
        McpServerTool.Create(Count, new() { Name = "count", Description = "Reports progress on every step" }),
        McpServerTool.Create(Fail, new() { Name = "fail", Description = "Throws" }),
        McpServerTool.Create(WaitAsync, new() { Name = "wait", Description = "Waits until it is cancelled" }),
        McpServerTool.Create(CancelledAsync, new() { Name = "cancelled", Description = "Answers once a wait was cancelled" }),
        McpServerTool.Create(AskAsync, new() { Name = "ask", Description = "Asks the user for a name" }),
    ],
};

await using McpServer server = McpServer.Create(new StdioServerTransport("csharp-sdk-server"), options);
await server.RunAsync();

static string Count(int to, IProgress<ProgressNotificationValue> progress)
{
    for (int step = 1; step <= to; step++)
        progress.Report(new ProgressNotificationValue { Progress = step, Total = to, Message = $"step {step}" });
    return $"counted to {to}";
}

static string Fail() => throw new McpException("this tool always fails");

async Task<string> WaitAsync(IProgress<ProgressNotificationValue> progress, CancellationToken cancellation)
{
    TaskCompletionSource end = new(TaskCreationOptions.RunContinuationsAsynchronously);
    using CancellationTokenRegistration registration = cancellation.Register(() => end.TrySetResult());
    progress.Report(new ProgressNotificationValue { Progress = 1 });
    await end.Task;
    cancelled.TrySetResult();
    return "too late";
}

async Task<string> CancelledAsync()
{
    await cancelled.Task;
    return "cancelled";
}

static async Task<string> AskAsync(McpServer server, CancellationToken cancellation)
{
    ElicitResult answer = await server.ElicitAsync(
        new ElicitRequestParams
        {
            Message = "Who are you?",
            RequestedSchema = new() { Properties = { ["name"] = new ElicitRequestParams.StringSchema() }, Required = ["name"] },
        },
        cancellation);
    return answer.IsAccepted ? $"Hello, {answer.Content!["name"].GetString()}" : answer.Action;
}
