using ModelContextProtocol.Server;

namespace OnlyMcp.LoadDriver.Servers;

/// <summary>The official C# SDK, with the tools that ours has, and everything else as it is by default.</summary>
internal static class CSharpServer
{
    public static McpServerOptions Make() => new()
    {
        ServerInfo = new() { Name = "benchmark", Version = "1.0.0" },
        ToolCollection =
        [
            McpServerTool.Create(Tools.Echo, new() { Name = "echo", Description = Tools.EchoDescription }),
            McpServerTool.Create(Tools.Add, new() { Name = "add", Description = Tools.AddDescription }),
        ],
    };

    public static McpServerOptions MakeMany() => new()
    {
        ServerInfo = new() { Name = "benchmark", Version = "1.0.0" },
        ToolCollection =
        [
            .. Tools.ManyNames.Select(name => McpServerTool.Create(
                Tools.LookThrough, new() { Name = name, Description = Tools.LookThroughDescription })),
        ],
    };

    public static async Task ServeStdioAsync(SideChannel channel, McpServerOptions options)
    {
        await channel.SendAsync("ready");
        await await Task.WhenAny(RunStdioAsync(options), channel.AnswerAsync());
    }

    public static async Task RunStdioAsync(McpServerOptions options)
    {
        await using var server = McpServer.Create(new StdioServerTransport("benchmark"), options);
        await server.RunAsync();
    }
}
