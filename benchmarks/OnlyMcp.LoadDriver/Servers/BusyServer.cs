using OnlyMcp.Server;

namespace OnlyMcp.LoadDriver.Servers;

/// <summary>A server whose tools do what tools do: answer at once, take long, hold a thread, tell how far they are, change what is offered.</summary>
internal static class BusyServer
{
    public static McpServer Make(McpServerOptions? options = null)
    {
        var server = new McpServer("benchmark", "1.0.0", options);
        server.AddTool("echo", "Says what it is told.", (string text) => text);
        server.AddTool("add", "Adds two numbers.", (int a, int b) => a + b);
        server.AddTool("block", "Holds a thread.", (int milliseconds) => Block(milliseconds));
        server.AddTool("wait", "Takes its time.", (int milliseconds, CancellationToken cancellationToken) => WaitAsync(milliseconds, cancellationToken));
        server.AddTool("progress", "Tells how far it is.", (int count, int length, RequestContext context) => ProgressAsync(count, length, context));
        server.AddTool("change", "Changes the list of tools.", () => Change(server));
        return server;
    }

    private static string Block(int milliseconds)
    {
        Thread.Sleep(milliseconds);
        return "held";
    }

    private static async Task<string> WaitAsync(int milliseconds, CancellationToken cancellationToken)
    {
        await Task.Delay(milliseconds, cancellationToken);
        return "waited";
    }

    private static async Task<string> ProgressAsync(int count, int length, RequestContext context)
    {
        var message = new string('.', length);
        for (var i = 1; i <= count; i++)
            await context.ReportProgressAsync(i, count, message);
        return "done";
    }

    private static string Change(McpServer server)
    {
        var name = $"tool-{Guid.NewGuid():N}";
        server.AddTool(name, "Comes and goes.", () => "gone");
        server.Tools.Remove(name);
        return "changed";
    }
}
