using OnlyMcp.Client;
using OnlyMcp.Client.Eras;
using OnlyMcp.Protocol.Revisions;
using OnlyMcp.Tests.Support;

namespace OnlyMcp.Tests.Interop;

/// <summary>Our client against servers by others, over every transport that they have.</summary>
public sealed class ClientAgainstPeersTests
{
    private static readonly McpClientOptions Options = new() { EraVerdicts = new EraVerdicts() };

    [TestCase("ts-server-v1.mjs", "http", null, "2025-11-25")]
    [TestCase("ts-server-v1.mjs", "sse", null, "2025-11-25")]
    [TestCase("ts-server-v2.mjs", "http", null, "2026-07-28")]
    [TestCase("ts-server-v1.mjs", "http", "2025-03-26", "2025-03-26")]
    [TestCase("ts-server-v1.mjs", "sse", "2024-11-05", "2024-11-05")]
    [TestCase("ts-server-v2.mjs", "http", "2025-06-18", "2025-06-18")]
    public async Task A_server_of_the_TypeScript_SDKs_is_called_over_http(string script, string transport, string? pin, string version)
    {
        await using var peer = await Peers.StartServerAsync(script, transport);
        await using var client = await McpClient.ConnectAsync(peer.Url, Options with { Revision = KnownRevisions.Find(pin) });

        client.ProtocolVersion.Should().Be(version);
        await ConverseAsync(client);
    }

    [TestCase("ts-server-v1.mjs", "2025-11-25")]
    [TestCase("ts-server-v2.mjs", "2026-07-28")]
    public async Task A_server_of_the_TypeScript_SDKs_is_called_over_stdio(string script, string version)
    {
        var command = Peers.Command(script, "stdio");
        await using var client = await McpClient.StartAsync(command[0], command[1..], Options);

        client.ProtocolVersion.Should().Be(version);
        await ConverseAsync(client);
    }

    [Test]
    public async Task The_everything_server_is_called([Values("stdio", "http", "sse")] string transport)
    {
        Peers.Require();
        await using var peer = transport switch
        {
            "http" => await EverythingServer.StartHttpAsync(),
            "sse" => await EverythingServer.StartSseAsync(),
            _ => null,
        };
        var command = EverythingServer.Command();
        await using var client = peer is null
            ? await McpClient.StartAsync(command[0], command[1..], Options)
            : await McpClient.ConnectAsync(peer.Url, Options);

        client.ProtocolVersion.Should().Be("2025-11-25");
        (await client.ListToolsAsync().Select(tool => tool.Name).ToArrayAsync()).Should().Contain("get-sum");
        (await client.CallToolAsync("echo", new { message = "hi" })).Text.Should().Be("Echo: hi");
        (await client.CallToolAsync("get-tiny-image")).Content.Should().Contain(content => content.Type == "image");
        var reports = new List<double>();
        await client.CallToolAsync(
            "trigger-long-running-operation", new { duration = 1, steps = 5 }, new RequestOptions { OnProgress = news => reports.Add(news.Progress) });
        reports.Should().BeInAscendingOrder().And.NotBeEmpty();
        await client.PingAsync();
    }

    [Test]
    public async Task A_server_of_the_CSharp_SDK_is_called_over_stdio()
    {
        var command = Programs.Command("CSharpSdkServer");
        await using var client = await McpClient.StartAsync(command[0], command[1..], Options with { ProbeTimeout = TimeSpan.FromSeconds(30) });

        (await client.ListToolsAsync().CountAsync()).Should().BePositive();
        client.ProtocolVersion.Should().Be("2026-07-28");
    }

    private static async Task ConverseAsync(McpClient client)
    {
        (await client.ListToolsAsync().Select(tool => tool.Name).ToArrayAsync()).Should().Contain(["add", "echo", "count", "fail"]);
        (await client.CallToolAsync("add", new { a = 6, b = 7 })).Text.Should().Be("13");
        (await client.CallToolAsync("echo", new { message = "zähl ☃" })).Text.Should().Contain("zähl ☃");
        (await client.CallToolAsync("fail")).IsError.Should().BeTrue();
        var reports = new List<double>();
        await client.CallToolAsync("count", new { to = 5 }, new RequestOptions { OnProgress = news => reports.Add(news.Progress) });
        reports.Should().Equal(1, 2, 3, 4, 5);
        await client.PingAsync();
    }
}
