using System.ComponentModel;
using System.Globalization;
using OnlyMcp.Server;
using OnlyMcp.Server.Http;

namespace OnlyMcp.LoadDriver.Servers;

/// <summary>The server that is measured: two tools or a hundred, and every guard as it is by default.</summary>
internal static class OurServer
{
    public static McpServer Make()
    {
        var server = new McpServer("benchmark", "1.0.0");
        server.AddTool("echo", "Says what it is told.", (string text) => text);
        server.AddTool("add", "Adds two numbers.", (int a, int b) => a + b);
        return server;
    }

    public static McpServer MakeMany()
    {
        var server = new McpServer("benchmark", "1.0.0");
        for (var i = 0; i < 100; i++)
            server.AddTool(string.Create(CultureInfo.InvariantCulture, $"tool_{i}"), "Looks through one shelf of the archive and says what it found there.", LookThrough);
        return server;
    }

    public static async Task ServeHttpAsync(SideChannel channel, McpServer server)
    {
        await using var host = new McpHttpHost(server, "http://127.0.0.1:0/");
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

    private static string LookThrough(
        [Description("The words to look for, in any order.")] string query,
        [Description("How many finds to return at most.")] int limit,
        [Description("Whether the words must stand as they are.")] bool exact) => string.Create(CultureInfo.InvariantCulture, $"{query} {limit} {exact}");
}
