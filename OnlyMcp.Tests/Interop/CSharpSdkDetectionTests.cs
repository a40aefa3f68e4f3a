using ModelContextProtocol.Client;
using SdkClient = ModelContextProtocol.Client.McpClient;

namespace OnlyMcp.Tests.Interop;

/// <summary>The C# SDK's client, told an address of ours and not which transport stands there.</summary>
[Parallelizable(ParallelScope.All)]
public sealed class CSharpSdkDetectionTests
{
    [TestCase("http", "2026-07-28")]
    [TestCase("sse", "2025-11-25")]
    public async Task It_finds_the_transport(string transport, string spoken)
    {
        HttpClientTransport detecting = new(new() { Endpoint = await SampleOverHttp.AddressAsync(transport), TransportMode = HttpTransportMode.AutoDetect });
        await using SdkClient client = await SdkClient.CreateAsync(detecting);

        client.NegotiatedProtocolVersion.Should().Be(spoken);
        (await client.ListToolsAsync()).Should().HaveCount(2);
    }
}
