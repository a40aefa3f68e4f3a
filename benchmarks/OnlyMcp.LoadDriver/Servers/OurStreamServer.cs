using OnlyMcp.Server;
using OnlyMcp.Server.Changes;
using OnlyMcp.Server.Http;

namespace OnlyMcp.LoadDriver.Servers;

/// <summary>Our server with its defaults, for clients that only listen.</summary>
internal static class OurStreamServer
{
    public static async Task ServeAsync(SideChannel channel)
    {
        var bus = new InMemoryChangeBus();
        var server = new McpServer("benchmark", "1.0.0", new McpServerOptions { Changes = bus });
        await using var host = new McpHttpHost(server, "http://127.0.0.1:0/");
        await host.StartAsync();
        await channel.SendAsync(host.Address.ToString());
        await HeldServer.AnswerAsync(channel, new HeldServer.Commands
        {
            Change = () => server.AddTool($"tool-{server.Tools.All.Count}", "Is new.", () => "new"),

            // Each session, and each subscription, hears of changes until it ends.
            Held = () => bus.Subscribers,
        });
    }
}
