using OnlyMcp.Protocol.Schema;
using OnlyMcp.Server;
using OnlyMcp.Server.Http;
using OnlyMcp.Server.Tools;
using OnlyMcp.Tests.Support;

namespace OnlyMcp.Tests.Tasks;

/// <summary>A client that closes the connection on which it waits, before and after its call has become a task.</summary>
[Spec("2026-07-28 basic/transports/streamable-http §Cancellation")]
[Spec("ext-tasks tasks §Task Cancellation")]
[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
public sealed class TaskConnectionTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private static readonly McpHttpOptions Quick = new()
    {
        SilentResponseDelay = TimeSpan.FromMilliseconds(50),
        KeepAliveInterval = TimeSpan.FromMilliseconds(50),
    };

    private readonly TaskCompletionSource started = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource go = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource stopped = new(TaskCreationOptions.RunContinuationsAsynchronously);

    [Test]
    public async Task A_call_that_is_no_task_yet_ends_with_its_connection([Values] bool reset)
    {
        var server = Server(TimeSpan.FromHours(1));
        await using var host = await HostAsync(server);
        var raw = await CallAsync(host);
        await started.Task.WaitAsync(Patience);
        if (reset)
            raw.Reset();
        else
            raw.Dispose();

        await stopped.Task.WaitAsync(Patience);
    }

    [Test]
    public async Task A_call_that_has_become_a_task_outlives_its_connection([Values] bool reset)
    {
        var server = Server(TimeSpan.FromMilliseconds(100));
        await using var host = await HostAsync(server);
        var raw = await CallAsync(host);
        await started.Task.WaitAsync(Patience);
        var body = (await raw.ReadAsync()).Body;
        if (reset)
            raw.Reset();
        else
            raw.Dispose();

        // Served after the end of the connection has been heard of.
        using (var next = await RawHttp.ConnectAsync(host.Address))
        {
            await next.SendAsync("POST /mcp", Wire.ModernCall("echo"), Wire.ModernHeaders("echo"));
            (await next.ReadAsync()).Body.Should().Contain("echoed");
        }

        go.SetResult();
        await using var caller = TaskCaller.OverHttp(server);
        (await caller.UntilAsync(TaskIn(body), McpTaskStatus.Completed)).Text().Should().Be("done");
        stopped.Task.IsCompleted.Should().BeFalse();
    }

    private static string TaskIn(string body) => body.Split("\"taskId\":\"")[1][..32];

    private static async Task<McpHttpHost> HostAsync(McpServer server)
    {
        var host = new McpHttpHost(server, "http://127.0.0.1:0/", Quick);
        await host.StartAsync();
        return host;
    }

    private static async Task<RawHttp> CallAsync(McpHttpHost host)
    {
        var raw = await RawHttp.ConnectAsync(host.Address);
        var body = $$"""
            {"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"wait","arguments":{},"_meta":{
            "io.modelcontextprotocol/protocolVersion":"2026-07-28","io.modelcontextprotocol/clientCapabilities":{{TaskCaller.Everything}} } } }
            """;
        await raw.SendAsync("POST /mcp", body, [.. Wire.ModernHeaders("wait"), "Accept: application/json, text/event-stream"]);
        return raw;
    }

    private McpServer Server(TimeSpan after)
    {
        var server = new McpServer("tasks", "1.0.0");
        server.AddTool("echo", "Echoes", () => "echoed");
        server.AddTool("wait", "Waits", WaitAsync, new ToolTasks { After = after });
        return server;
    }

    private async Task<string> WaitAsync(CancellationToken cancellationToken)
    {
        started.SetResult();
        try
        {
            await go.Task.WaitAsync(cancellationToken);
            return "done";
        }
        catch (OperationCanceledException)
        {
            stopped.SetResult();
            throw;
        }
    }
}
