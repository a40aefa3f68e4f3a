using System.Net;
using System.Net.Sockets;
using OnlyMcp.Client;
using OnlyMcp.Protocol.Revisions;
using OnlyMcp.Protocol.Testing;
using OnlyMcp.Server;
using OnlyMcp.Server.Http;
using OnlyMcp.Server.InMemory;

namespace OnlyMcp.Tests.Support;

/// <summary>A way from a client to a server: a transport and a revision that is spoken over it.</summary>
public sealed record Way(string Transport, Revision Revision)
{
    private const string Memory = "in memory";
    private const string Pipe = "pipe";
    private const string Stdio = "stdio";
    private const string Http = "Streamable HTTP";
    private const string Sse = "HTTP+SSE";

    /// <summary>All of them. Left out: Streamable HTTP at 2024-11-05, which has none, and HTTP+SSE at 2026-07-28, which has no sessions.</summary>
    public static IEnumerable<Way> All =>
    [
        .. KnownRevisions.All.Select(revision => new Way(Memory, revision)),
        .. KnownRevisions.All.Select(revision => new Way(Pipe, revision)),
        .. KnownRevisions.All.Select(revision => new Way(Stdio, revision)),
        .. KnownRevisions.All.Where(revision => revision.HasStreamableHttp).Select(revision => new Way(Http, revision)),
        .. KnownRevisions.All.Where(revision => !revision.HasStreamableHttp).Select(revision => new Way(Sse, revision)),
    ];

    /// <summary>HTTP+SSE at a revision that has Streamable HTTP too.</summary>
    public static Way OverSse(Revision revision) => new(Sse, revision);

    public bool IsHttp => Transport is Http or Sse;

    public override string ToString() => $"{Transport}, {Revision}";

    /// <summary>Serves the server this way and connects a client to it.</summary>
    public async Task<Connected> ConnectAsync(McpServer server, McpClientOptions? options = null, McpHttpOptions? http = null)
    {
        options = (options ?? new McpClientOptions()) with { Revision = Revision };
        return Transport switch
        {
            Memory => new Connected(await McpClient.ConnectAsync(new InMemoryTransport(server), options), () => Task.CompletedTask),
            Pipe => await OverPipeAsync(server, options),
            Stdio => await OverStdioAsync(server, options),
            _ => await OverHttpAsync(server, options, http),
        };
    }

    /// <summary>Connects several clients to one server, over HTTP at one address. Not over stdio, where each has a process.</summary>
    public async Task<ConnectedClients> ConnectAsync(McpServer server, IReadOnlyList<McpClientOptions> clients)
    {
        if (!IsHttp)
        {
            var pipes = await Task.WhenAll(clients.Select(options => ConnectAsync(server, options)));
            return new ConnectedClients([.. pipes.Select(pipe => pipe.Client)], () => Task.WhenAll(pipes.Select(pipe => pipe.DisposeAsync().AsTask())));
        }

        var host = new McpHttpHost(server, "http://127.0.0.1:0/");
        await host.StartAsync();
        var connected = await Task.WhenAll(clients.Select(options => McpClient.ConnectAsync(AddressAt(host), options with { Revision = Revision })));
        return new ConnectedClients(connected, () => host.DisposeAsync().AsTask());
    }

    private static async Task<Connected> OverPipeAsync(McpServer server, McpClientOptions options)
    {
        var (near, far) = InMemoryPipe.Create();
        var serving = server.ServeAsync(far, far);
        var client = await McpClient.ConnectAsync(new OnlyMcp.Client.Stdio.PipeClientTransport(near, near), options);
        return new Connected(client, async () =>
        {
            await near.DisposeAsync();
            await serving.WaitAsync(TimeSpan.FromSeconds(30));
        });
    }

    /// <summary>A process of its own speaks for the server, which stays where its test can see it.</summary>
    private static async Task<Connected> OverStdioAsync(McpServer server, McpClientOptions options)
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        var serving = ServeAsync();
        var relay = Programs.Command("StdioRelay", $"{((IPEndPoint)listener.LocalEndpoint).Port}");
        var client = await McpClient.StartAsync(relay[0], relay[1..], options);
        return new Connected(client, () => serving.WaitAsync(TimeSpan.FromSeconds(30)));

        async Task ServeAsync()
        {
            using var connection = await listener.AcceptTcpClientAsync();
            connection.NoDelay = true;
            await server.ServeAsync(connection.GetStream(), connection.GetStream());
        }
    }

    private async Task<Connected> OverHttpAsync(McpServer server, McpClientOptions options, McpHttpOptions? http)
    {
        var host = new McpHttpHost(server, "http://127.0.0.1:0/", http);
        await host.StartAsync();
        return new Connected(await McpClient.ConnectAsync(AddressAt(host), options), () => host.DisposeAsync().AsTask());
    }

    private Uri AddressAt(McpHttpHost host) => new(host.Address, Transport == Sse ? "/sse" : "/mcp");
}

/// <summary>A client that is connected, and what is to be ended after it.</summary>
public sealed class Connected(McpClient client, Func<Task> end) : IAsyncDisposable
{
    public McpClient Client { get; } = client;

    public async ValueTask DisposeAsync()
    {
        await Client.DisposeAsync();
        await end();
    }
}

/// <summary>Clients of one server, and what is to be ended after them.</summary>
public sealed class ConnectedClients(IReadOnlyList<McpClient> clients, Func<Task> end) : IAsyncDisposable
{
    public IReadOnlyList<McpClient> Clients { get; } = clients;

    public async ValueTask DisposeAsync()
    {
        foreach (var client in Clients)
            await client.DisposeAsync();
        await end();
    }
}
