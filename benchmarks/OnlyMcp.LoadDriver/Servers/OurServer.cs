using OnlyMcp.Server;
using OnlyMcp.Server.Http;

namespace OnlyMcp.LoadDriver.Servers;

/// <summary>The server that is measured: two tools, and every guard as it is by default.</summary>
internal static class OurServer
{
    public static async Task ServeHttpAsync(SideChannel channel)
    {
        await using var host = new McpHttpHost(Make(), "http://127.0.0.1:0/");
        await host.StartAsync();
        await channel.SendAsync(host.Address.ToString());
        await channel.AnswerAsync();
    }

    public static async Task ServeStdioAsync(SideChannel channel)
    {
        await channel.SendAsync("ready");
        var serving = Make().RunStdioAsync();
        await await Task.WhenAny(serving, channel.AnswerAsync());
    }

    public static McpServer Make()
    {
        var server = new McpServer("benchmark", "1.0.0");
        server.AddTool("echo", "Says what it is told.", (string text) => text);
        server.AddTool("add", "Adds two numbers.", (int a, int b) => a + b);
        return server;
    }
}
