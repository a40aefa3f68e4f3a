using System.Collections.Concurrent;
using System.Text.Json;
using OnlyMcp.Protocol.JsonRpc;
using OnlyMcp.Protocol.Schema;
using OnlyMcp.Server;
using OnlyMcp.Server.Tools;

namespace OnlyMcp.Tests.Tasks;

/// <summary>A server whose tools run as tasks: they wait, ask, report and fail when the test says so.</summary>
internal sealed class LegacyTaskServer
{
    public static readonly ElicitSchema Form = new() { Properties = new Dictionary<string, PrimitiveSchema> { ["name"] = new StringSchema() } };

    private readonly ConcurrentDictionary<string, TaskCompletionSource> signals = new();

    public LegacyTaskServer(McpServerOptions? options = null)
    {
        Server = new McpServer("tasks", "1.0.0", options);
        Add("echo", (context, _) => Task.FromResult($"echo {context.Request.Method}"));
        Add("wait", WaitAsync);
        Add("stubborn", async (_, _) =>
        {
            Started.TrySetResult();
            await Signal("released").Task;
            Signal("done").TrySetResult();
            return "stubborn";
        });
        Add("ask", async (context, cancellation) =>
        {
            var answer = await context.ElicitAsync("name", "Who?", Form, cancellation);
            return $"{answer.Action} {(answer.Content is { } content ? content["name"].GetString() : "nobody")}";
        });
        Add("ask first", async (context, cancellation) =>
        {
            // What goes wrong is told to the tool, and by the tool.
            try
            {
                return (await context.ElicitAsync("name", "Who?", Form, cancellation)).Action.ToString();
            }
            catch (Exception fault) when (fault is not OperationCanceledException)
            {
                return $"{fault.GetType().Name}: {fault.Message}";
            }
        });
        Add("fail", (_, _) => throw new ToolErrorException("The pot is empty."));
        Add("error", (_, _) => throw new JsonRpcException(new JsonRpcError(-32042, "Go there first.", JsonBody.Of(JsonElement.Parse("""{"there":1}"""), McpJson.Wire.JsonElement))));
        Add("report", async (context, cancellation) =>
        {
            await context.ReportProgressAsync(1, 3, "one", cancellation);
            await context.LogAsync(LoggingLevel.Error, "said", cancellationToken: cancellation);
            Started.TrySetResult();
            await Signal("released").Task.WaitAsync(cancellation);
            await context.ReportProgressAsync(2, 3, "two", cancellation);
            await context.LogAsync(LoggingLevel.Error, "said again", cancellationToken: cancellation);
            return "reported";
        });
        Add("page", async (context, cancellation) =>
        {
            var action = await context.ElicitUrlAsync("login", "Log in", new Uri("https://example.com/login"), cancellation);
            await context.CompleteElicitationAsync("login", cancellation);
            return action.ToString();
        });
        Add("required", (_, _) => Task.FromResult("ran"), new ToolTasks { Support = TaskSupport.Required });
        Add("forbidden", (_, _) => Task.FromResult("ran"), new ToolTasks { Support = TaskSupport.Forbidden });
        Add("plain", (_, _) => Task.FromResult("ran"), null);
    }

    public McpServer Server { get; }

    /// <summary>Completes when a tool that waits has begun.</summary>
    public TaskCompletionSource Started => Signal("started");

    /// <summary>Completes when a stubborn tool has ended.</summary>
    public Task Done => Signal("done").Task.WaitAsync(TimeSpan.FromSeconds(20));

    /// <summary>Completes when a tool that waits was told to stop.</summary>
    public Task Stopped => Signal("stopped").Task.WaitAsync(TimeSpan.FromSeconds(20));

    public void Release() => Signal("released").TrySetResult();

    public void Add(string name, Func<RequestContext, CancellationToken, Task<string>> run) => Add(name, run, new ToolTasks());

    public void Add(string name, Func<RequestContext, CancellationToken, Task<string>> run, ToolTasks? tasks) =>
        Server.AddTool(name, "Does it", (RequestContext context, CancellationToken cancellation) => run(context, cancellation), tasks);

    private async Task<string> WaitAsync(RequestContext context, CancellationToken cancellationToken)
    {
        Started.TrySetResult();
        try
        {
            await Signal("released").Task.WaitAsync(cancellationToken);
            return "released";
        }
        catch (OperationCanceledException)
        {
            Signal("stopped").TrySetResult();
            throw;
        }
    }

    private TaskCompletionSource Signal(string name) =>
        signals.GetOrAdd(name, _ => new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously));
}
