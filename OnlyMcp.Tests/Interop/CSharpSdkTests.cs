using ModelContextProtocol.Client;
using ModelContextProtocol.Protocol;
using OnlyMcp.Tests.Support;
using SdkClient = ModelContextProtocol.Client.McpClient;

namespace OnlyMcp.Tests.Interop;

/// <summary>The official C# SDK's client against its own server: proof that the peers of other tests work.</summary>
public sealed class CSharpSdkTests
{
    [TestCase(null, "2026-07-28")]
    [TestCase("2025-11-25", "2025-11-25")]
    [TestCase("2024-11-05", "2024-11-05")]
    public async Task The_csharp_sdk_calls_a_tool_of_its_own_server(string? offered, string negotiated)
    {
        string[] command = Programs.Command("CSharpSdkServer");
        StdioClientTransport transport = new(new() { Command = command[0], Arguments = [.. command.Skip(1)] });
        await using SdkClient client = await SdkClient.CreateAsync(transport, new() { ProtocolVersion = offered });

        CallToolResult result = await client.CallToolAsync("add", new Dictionary<string, object?> { ["a"] = 6, ["b"] = 7 });

        client.NegotiatedProtocolVersion.Should().Be(negotiated);
        result.Content.OfType<TextContentBlock>().Single().Text.Should().Be("13");
    }

    [TestCase("ts-server-v1.mjs", "sse", HttpTransportMode.Sse, "2025-11-25")]
    [TestCase("ts-server-v1.mjs", "http", HttpTransportMode.StreamableHttp, "2025-11-25")]
    [TestCase("ts-server-v2.mjs", "http", HttpTransportMode.StreamableHttp, "2026-07-28")]
    public async Task The_csharp_sdk_calls_a_tool_of_a_typescript_server(
        string script, string transport, HttpTransportMode mode, string negotiated)
    {
        await using ServerPeer server = await Peers.StartServerAsync(script, transport);
        HttpClientTransport http = new(new() { Endpoint = server.Url, TransportMode = mode });
        await using SdkClient client = await SdkClient.CreateAsync(http);

        CallToolResult result = await client.CallToolAsync("add", new Dictionary<string, object?> { ["a"] = 6, ["b"] = 7 });

        client.NegotiatedProtocolVersion.Should().Be(negotiated);
        result.Content.OfType<TextContentBlock>().Single().Text.Should().Be("13");
    }
}
