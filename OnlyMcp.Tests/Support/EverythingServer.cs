using System.Globalization;

namespace OnlyMcp.Tests.Support;

/// <summary>The specification's own demonstration server: <c>@modelcontextprotocol/server-everything</c>.</summary>
public static class EverythingServer
{
    private const string Script = "node_modules/@modelcontextprotocol/server-everything/dist/index.js";

    /// <summary>The command line of the server over stdio.</summary>
    public static string[] Command() => Peers.Command(Script, "stdio");

    /// <summary>Starts the server with Streamable HTTP.</summary>
    public static Task<ServerPeer> StartHttpAsync() => StartAsync("streamableHttp", "/mcp");

    /// <summary>Starts the server with the HTTP+SSE transport of 2024-11-05.</summary>
    public static Task<ServerPeer> StartSseAsync() => StartAsync("sse", "/sse");

    private static async Task<ServerPeer> StartAsync(string transport, string path)
    {
        string port = FreePort.Next().ToString(CultureInfo.InvariantCulture);
        ChildProcess child = ChildProcess.Start(Peers.Command(Script, transport), new Dictionary<string, string> { ["PORT"] = port });
        await child.ReadErrorLineAsync("on port");
        return new ServerPeer(child, new Uri($"http://127.0.0.1:{port}{path}"));
    }
}
