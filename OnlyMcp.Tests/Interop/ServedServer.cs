using System.Net;
using System.Net.Sockets;
using OnlyMcp.Server;
using OnlyMcp.Server.Http;
using OnlyMcp.Tests.Support;

namespace OnlyMcp.Tests.Interop;

/// <summary>A server of ours that clients by others can reach over one transport, until it is disposed.</summary>
internal sealed class ServedServer : IAsyncDisposable
{
    private readonly List<Func<ValueTask>> ends = [];

    private ServedServer(McpServer server) => Server = server;

    public McpServer Server { get; }

    /// <summary>What a client needs to reach it: a URL, or a command.</summary>
    public string[] Target { get; private set; } = [];

    /// <summary>Serves over <c>stdio</c>, <c>http</c> or <c>sse</c>.</summary>
    public static async Task<ServedServer> StartAsync(McpServer server, string transport)
    {
        var served = new ServedServer(server);
        if (transport == "stdio")
            served.ServeProcesses();
        else
            await served.ServeHttpAsync(transport == "sse" ? "/sse" : "/mcp");
        return served;
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var end in ends)
            await end();
    }

    private async Task ServeHttpAsync(string path)
    {
        // A client that has left is noticed at the next comment.
        var host = new McpHttpHost(Server, "http://127.0.0.1:0/", new McpHttpOptions { KeepAliveInterval = TimeSpan.FromMilliseconds(100) });
        await host.StartAsync();
        ends.Add(host.DisposeAsync);
        Target = [new Uri(host.Address, path).AbsoluteUri];
    }

    /// <summary>A process speaks for the server, which stays here; a client may start it more than once.</summary>
    private void ServeProcesses()
    {
        var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        var serving = ServeAllAsync(listener);
        Target = Programs.Command("StdioRelay", $"{((IPEndPoint)listener.LocalEndpoint).Port}");
        ends.Add(async () =>
        {
            listener.Dispose();
            await serving.WaitAsync(TimeSpan.FromSeconds(30));
        });
    }

    private async Task ServeAllAsync(TcpListener listener)
    {
        List<Task> served = [];
        try
        {
            while (true)
                served.Add(ServeAsync(await listener.AcceptTcpClientAsync()));
        }
        catch (Exception fault) when (fault is SocketException or ObjectDisposedException)
        {
            // The test is over.
        }

        await Task.WhenAll(served);
    }

    private async Task ServeAsync(TcpClient connection)
    {
        using var relay = connection;
        connection.NoDelay = true;
        await Server.ServeAsync(connection.GetStream(), connection.GetStream());
    }
}
