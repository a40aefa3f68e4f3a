using System.Globalization;
using OnlyMcp.LoadDriver.Soak;
using OnlyMcp.Protocol.Schema;
using OnlyMcp.Server;
using OnlyMcp.Server.Http;

namespace OnlyMcp.LoadDriver.Servers;

/// <summary>A server with ten thousand tools beside those that keep it busy.</summary>
internal static class ScaleServer
{
    public const int Tools = 10_000;

    public static string NameOf(int tool) => string.Create(CultureInfo.InvariantCulture, $"tool-{tool}");

    public static async Task ServeAsync(SideChannel channel)
    {
        using var counts = new SoakServer.Counts();
        var server = BusyServer.Make(counts.Options with { Limits = new ServerLimits() });
        for (var i = 0; i < Tools; i++)
        {
            var name = NameOf(i);
            server.AddTool(name, "One of many.", () => name);
        }

        await using var host = new McpHttpHost(server, "http://127.0.0.1:0/");
        await host.StartAsync();
        await channel.SendAsync(host.Address.ToString());
        while (await channel.TryReceiveAsync() is { } line)
        {
            if (line == HeldServer.Change)
                server.AddTool($"tool-{server.Tools.All.Count}-and-more", "Is new.", () => "new");
            await channel.SendAsync(line == SoakServer.Standing
                ? counts.Now().ToString()
                : string.Create(CultureInfo.InvariantCulture, $"{Environment.CpuUsage.TotalTime.Ticks} {GC.GetTotalAllocatedBytes(precise: true)}"));
        }
    }
}
