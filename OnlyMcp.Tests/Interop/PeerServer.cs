using OnlyMcp.Client;
using OnlyMcp.Client.Eras;
using OnlyMcp.Protocol.Revisions;
using OnlyMcp.Tests.Support;

namespace OnlyMcp.Tests.Interop;

/// <summary>A server by others over one transport, the revision that our client is pinned to (none: it finds out), and the one that is then spoken.</summary>
public sealed record PeerServer(string Peer, string Transport, string? Pinned, string Spoken)
{
    private static readonly string[] Legacy = ["2024-11-05", "2025-03-26", "2025-06-18", "2025-11-25"];
    private static readonly string[] Sessions = [.. Legacy.Skip(1)];
    private static readonly string[] Both = [.. Legacy, "2026-07-28"];
    private static readonly string[] BothOverHttp = [.. Sessions, "2026-07-28"];

    /// <summary>Every peer over every transport in every revision that it speaks there.</summary>
    public static IEnumerable<PeerServer> All { get; } =
    [
        .. Of("everything", "stdio", "2025-11-25", Legacy),
        .. Of("everything", "http", "2025-11-25", Sessions),
        .. Of("everything", "sse", "2025-11-25", Legacy),
        .. Of("ts-server-v1", "stdio", "2025-11-25", Legacy),
        .. Of("ts-server-v1", "http", "2025-11-25", Sessions),
        .. Of("ts-server-v1", "sse", "2025-11-25", Legacy),
        .. Of("ts-server-v2", "stdio", "2026-07-28", Both),
        .. Of("ts-server-v2", "http", "2026-07-28", BothOverHttp),
        .. Of("csharp-sdk", "stdio", "2026-07-28", Both),
    ];

    /// <summary>Those with every feature, each revision once.</summary>
    public static IEnumerable<PeerServer> Featured => All.Where(peer => peer.Peer != "everything" && peer.Pinned is not null);

    /// <summary>Those with the tasks of <c>OurTaskTests</c>, in whatever form they know.</summary>
    public static IEnumerable<PeerServer> WithTasks => All.Where(
        peer => peer is { Peer: "ts-server-v1", Pinned: "2025-11-25" } or { Peer: "csharp-sdk", Pinned: "2026-07-28" });

    public PeerTools Tools => Peer == "everything" ? PeerTools.OfEverything : PeerTools.OfOthers;

    /// <summary>Starts the server and connects our client to it.</summary>
    public async Task<ConnectedPeer> ConnectAsync(McpClientOptions options)
    {
        Peers.Require();
        options = options with
        {
            Revision = KnownRevisions.Find(Pinned),
            ProbeTimeout = TimeSpan.FromSeconds(30),
            EraVerdicts = new EraVerdicts(),
        };
        if (Transport == "stdio")
            return new ConnectedPeer(await McpClient.StartAsync(Command[0], Command[1..], options), null);

        ServerPeer server = await StartAsync();
        try
        {
            return new ConnectedPeer(await McpClient.ConnectAsync(server.Url, options), server);
        }
        catch
        {
            await server.DisposeAsync();
            throw;
        }
    }

    public override string ToString() => $"{Peer}, {Transport}, {(Pinned is null ? "finding out" : $"pinned to {Pinned}")}";

    private string[] Command => Peer switch
    {
        "everything" => EverythingServer.Command(),
        "csharp-sdk" => Programs.Command("CSharpSdkServer"),
        _ => Peers.Command($"{Peer}.mjs", "stdio"),
    };

    private Task<ServerPeer> StartAsync() => (Peer, Transport) switch
    {
        ("everything", "http") => EverythingServer.StartHttpAsync(),
        ("everything", _) => EverythingServer.StartSseAsync(),
        _ => Peers.StartServerAsync($"{Peer}.mjs", Transport),
    };

    private static IEnumerable<PeerServer> Of(string peer, string transport, string found, string[] pins) =>
        [new(peer, transport, null, found), .. pins.Select(pin => new PeerServer(peer, transport, pin, pin))];
}

/// <summary>Our client in conversation with a peer, whose process ends with it.</summary>
public sealed record ConnectedPeer(McpClient Client, ServerPeer? Server) : IAsyncDisposable
{
    public async ValueTask DisposeAsync()
    {
        await Client.DisposeAsync();
        if (Server is not null)
            await Server.DisposeAsync();
    }
}
