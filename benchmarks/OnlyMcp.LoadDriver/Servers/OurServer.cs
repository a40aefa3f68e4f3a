using System.Globalization;
using System.Text.Json;
using OnlyMcp.Protocol.Schema;
using OnlyMcp.Server;
using OnlyMcp.Server.Http;
using OnlyMcp.Server.Tools;

namespace OnlyMcp.LoadDriver.Servers;

/// <summary>The server that is measured: two tools or a hundred, and every guard as it is by default.</summary>
internal static class OurServer
{
    public static McpServer Make(ServerLimits? limits = null)
    {
        var server = new McpServer("benchmark", "1.0.0", new McpServerOptions { Limits = limits ?? new ServerLimits() });
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

    /// <summary>Echo, and so many others that there are this many.</summary>
    public static McpServer MakeMany(int count)
    {
        var server = new McpServer("benchmark", "1.0.0", new McpServerOptions { PageSize = 100 });
        server.AddTool("echo", Tools.EchoDescription, Tools.Echo);
        var schema = JsonElement.Parse(
            """{"type":"object","properties":{"query":{"type":"string","description":"The words to look for, in any order."}},"required":["query"]}""");
        for (var i = 1; i < count; i++)
        {
            var tool = new Tool { Name = string.Create(CultureInfo.InvariantCulture, $"tool_{i}"), Description = Tools.LookThroughDescription, InputSchema = schema };
            server.AddTool(tool, (_, _, _) => new(ToolResults.Text("found")));
        }

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
