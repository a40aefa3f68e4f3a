using ModelContextProtocol.Server;

namespace OnlyMcp.LoadDriver.Servers;

/// <summary>The official C# SDK, with the tools that ours has, and everything else as it is by default.</summary>
internal static class CSharpServer
{
    public static async Task ServeStdioAsync(SideChannel channel)
    {
        await channel.SendAsync("ready");
        await await Task.WhenAny(RunStdioAsync(), channel.AnswerAsync());
    }

    public static McpServerOptions Options() => new()
    {
        ServerInfo = new() { Name = "benchmark", Version = "1.0.0" },
        ToolCollection =
        [
            McpServerTool.Create((string text) => text, new() { Name = "echo", Description = "Says what it is told." }),
            McpServerTool.Create((int a, int b) => a + b, new() { Name = "add", Description = "Adds two numbers." }),
        ],
    };

    public static async Task RunStdioAsync()
    {
        await using var server = ModelContextProtocol.Server.McpServer.Create(new StdioServerTransport("benchmark"), Options());
        await server.RunAsync();
    }
}
