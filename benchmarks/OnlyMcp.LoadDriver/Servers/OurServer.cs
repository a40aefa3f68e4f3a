using OnlyMcp.Server;
using OnlyMcp.Server.Http;

namespace OnlyMcp.LoadDriver.Servers;

/// <summary>The server that is measured: two tools or a hundred, and every guard as it is by default.</summary>
internal static class OurServer
{
    public static McpServer Make()
    {
        var server = new McpServer("benchmark", "1.0.0");
        server.AddTool("echo", Tools.EchoDescription, Tools.Echo);
        server.AddTool("add", Tools.AddDescription, Tools.Add);
        return server;
    }

    public static McpServer MakeMany()
    {
        var server = new McpServer("benchmark", "1.0.0");
        foreach (var name in Tools.ManyNames)
            server.AddTool(name, Tools.LookThroughDescription, Tools.LookThrough);
        return server;
    }

    public static async Task ServeHttpAsync(SideChannel channel, McpServer server)
    {
        await using var host = new McpHttpHost(server, "http://127.0.0.1:0/");
        await host.StartAsync();
        await channel.SendAsync(host.Address.ToString());
        await channel.AnswerAsync();
    }

    public static async Task ServeStdioAsync(SideChannel channel, McpServer server)
    {
        await channel.SendAsync("ready");
        await await Task.WhenAny(server.RunStdioAsync(), channel.AnswerAsync());
    }
}
