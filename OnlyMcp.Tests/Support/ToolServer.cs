using System.Collections.Concurrent;
using OnlyMcp.Server;
using OnlyMcp.Server.Http;

namespace OnlyMcp.Tests.Support;

/// <summary>A server whose tools say nothing, say something, or wait until they are told, and what became of their calls.</summary>
internal sealed class ToolServer
{
    private readonly ConcurrentDictionary<string, TaskCompletionSource> signals = new();

    public ToolServer(McpServerOptions? options = null)
    {
        Server = new McpServer("tools", "1.0.0", options);
        Server.AddTool("echo", "Answers at once", (RequestContext context) => $"id {context.Request.Id}");
        Server.AddTool("progress", "Reports, then answers", async (RequestContext context) =>
        {
            await context.ReportProgressAsync(1);
            return "done";
        });
        Server.AddTool("wait", "Waits until it is released or cancelled", WaitAsync);
        Server.AddTool("talk", "Reports until it cannot any more", TalkAsync);
    }

    public McpServer Server { get; }

    public Task Started => Signal("started").Task.WaitAsync(TimeSpan.FromSeconds(30));

    public Task Cancelled => Signal("cancelled").Task.WaitAsync(TimeSpan.FromSeconds(30));

    public Task Finished => Signal("finished").Task.WaitAsync(TimeSpan.FromSeconds(30));

    public bool WasCancelled => Signal("cancelled").Task.IsCompleted;

    public void Release() => Signal("released").TrySetResult();

    public McpHttpHandler Handler(McpHttpOptions? options = null) => new(Server, options);

    public async Task<McpHttpHost> StartAsync(McpHttpOptions? options = null)
    {
        var host = new McpHttpHost(Server, "http://127.0.0.1:0/", options);
        await host.StartAsync();
        return host;
    }

    private async Task<string> WaitAsync(CancellationToken cancellationToken)
    {
        Signal("started").TrySetResult();
        try
        {
            await Signal("released").Task.WaitAsync(cancellationToken);
        }
        catch (OperationCanceledException)
        {
            Signal("cancelled").TrySetResult();
            throw;
        }

        Signal("finished").TrySetResult();
        return "released";
    }

    private async Task<string> TalkAsync(RequestContext context, CancellationToken cancellationToken)
    {
        Signal("started").TrySetResult();
        try
        {
            for (var i = 1; ; i++)
                await context.ReportProgressAsync(i, message: new string('x', 10_000), cancellationToken: cancellationToken);
        }
        finally
        {
            Signal("finished").TrySetResult();
        }
    }

    private TaskCompletionSource Signal(string name) =>
        signals.GetOrAdd(name, _ => new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously));
}
