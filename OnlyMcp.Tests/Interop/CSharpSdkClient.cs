using ModelContextProtocol.Client;
using OnlyMcp.Tests.Support;
using SdkClient = ModelContextProtocol.Client.McpClient;
using SdkClientOptions = ModelContextProtocol.Client.McpClientOptions;

namespace OnlyMcp.Tests.Interop;

/// <summary>The C# SDK's client over one transport, the revision that it is pinned to (none: its default), and the one that is then spoken.</summary>
public sealed record CSharpSdkClient(string Transport, string? Pinned, string Spoken)
{
    private static readonly string[] Legacy = ["2024-11-05", "2025-03-26", "2025-06-18", "2025-11-25"];
    private static readonly string[] Both = [.. Legacy, "2026-07-28"];

    /// <summary>Every transport in every revision.</summary>
    public static IEnumerable<CSharpSdkClient> All { get; } =
    [
        .. Of("stdio", "2026-07-28", Both),
        .. Of("http", "2026-07-28", Both),
        .. Of("sse", "2025-11-25", Legacy),
    ];

    /// <summary>Each revision once: those that are pinned.</summary>
    public static IEnumerable<CSharpSdkClient> Dated => All.Where(client => client.Pinned is not null);

    /// <summary>Its transport to this address, or to what this command starts.</summary>
    public IClientTransport To(string[] target) => Transport == "stdio"
        ? new StdioClientTransport(new() { Command = target[0], Arguments = target[1..] })
        : new HttpClientTransport(new()
        {
            Endpoint = new Uri(target[0]),
            TransportMode = Transport == "sse" ? HttpTransportMode.Sse : HttpTransportMode.StreamableHttp,
        });

    /// <summary>Connects it to the calculator and weather server.</summary>
    public async Task<SdkClient> ConnectAsync()
    {
        SdkClientOptions options = new() { ProtocolVersion = Pinned };
        return await SdkClient.CreateAsync(Transport == "stdio" ? Start() : await ReachAsync(), options);
    }

    public override string ToString() => $"{Transport}, {Pinned ?? "default"}";

    private static StdioClientTransport Start()
    {
        string[] command = SamplePrograms.Command(SamplePrograms.Server, "--stdio");
        return new StdioClientTransport(new() { Command = command[0], Arguments = command[1..] });
    }

    private async Task<HttpClientTransport> ReachAsync() => new(new()
    {
        Endpoint = await SampleOverHttp.AddressAsync(Transport),
        TransportMode = Transport == "sse" ? HttpTransportMode.Sse : HttpTransportMode.StreamableHttp,
    });

    private static IEnumerable<CSharpSdkClient> Of(string transport, string found, string[] pins) =>
        [new(transport, null, found), .. pins.Select(pin => new CSharpSdkClient(transport, pin, pin))];
}
