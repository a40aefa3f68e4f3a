using System.Text.Json;
using OnlyMcp.Tests.Support;

namespace OnlyMcp.Tests.Interop;

/// <summary>The peers against each other: when one of these fails, look at the peer before looking at OnlyMcp.</summary>
[Parallelizable(ParallelScope.All)]
public sealed class PeersTests
{
    private static readonly string[] AddSixAndSeven = ["--call", "add", """{"a":6,"b":7}"""];

    [TestCase("ts-client-v1.mjs", "2024-11-05", "2024-11-05")]
    [TestCase("ts-client-v1.mjs", "2025-11-25", "2025-11-25")]
    [TestCase("ts-client-v2.mjs", "2025-06-18", "2025-06-18")]
    [TestCase("ts-client-v2.mjs", "2026-07-28", "2026-07-28")]
    [TestCase("ts-client-v2.mjs", "auto", "2026-07-28")]
    public async Task A_typescript_client_reports_its_conversation_over_stdio(string client, string revision, string negotiated)
    {
        JsonElement report = await Peers.RunClientAsync(
            client, ["--revision", revision, .. AddSixAndSeven, "stdio", .. Peers.Command("ts-server-v2.mjs", "stdio")]);

        report.GetProperty("protocolVersion").GetString().Should().Be(negotiated);
        TextOfFirstCall(report).Should().Be("13");
    }

    [TestCase("ts-client-v1.mjs", "ts-server-v1.mjs", "sse")]
    [TestCase("ts-client-v2.mjs", "ts-server-v2.mjs", "http")]
    public async Task A_typescript_client_reports_its_conversation_over_http(string client, string server, string transport)
    {
        await using ServerPeer peer = await Peers.StartServerAsync(server, transport);

        JsonElement report = await Peers.RunClientAsync(client, [.. AddSixAndSeven, transport, peer.Url.AbsoluteUri]);

        TextOfFirstCall(report).Should().Be("13");
    }

    [Test]
    public async Task A_peer_that_fails_says_why()
    {
        Peers.Require();
        Func<Task> unreachable = () => Peers.RunClientAsync("ts-client-v2.mjs", "http", $"http://127.0.0.1:{FreePort.Next()}/mcp");

        (await unreachable.Should().ThrowAsync<PeerFailedException>()).WithMessage("*ECONNREFUSED*");
    }

    [Test]
    public async Task The_inspector_asks_the_everything_server_over_stdio()
    {
        InspectorAnswer answer = await Inspector.AskAsync(
            EverythingServer.Command(), "--method", "tools/call", "--tool-name", "echo", "--tool-arg", "message=hi");

        answer.Result.GetProperty("content")[0].GetProperty("text").GetString().Should().Be("Echo: hi");
    }

    [Test]
    public async Task The_inspector_asks_the_everything_server_over_http()
    {
        await using ServerPeer server = await EverythingServer.StartHttpAsync();

        InspectorAnswer answer = await Inspector.AskAsync(server.Url, "http", "--method", "tools/call", "--tool-name", "no-such-tool");

        answer.ExitCode.Should().Be(5);
        answer.Error.GetProperty("code").GetString().Should().Be("tool_not_found");
    }

    [Test]
    public async Task The_inspector_asks_the_everything_server_over_sse()
    {
        await using ServerPeer server = await EverythingServer.StartSseAsync();

        InspectorAnswer answer = await Inspector.AskAsync(server.Url, "sse", "--method", "tools/list");

        answer.Result.GetProperty("tools").GetArrayLength().Should().BePositive();
    }

    private static string? TextOfFirstCall(JsonElement report) =>
        report.GetProperty("calls")[0].GetProperty("result").GetProperty("content")[0].GetProperty("text").GetString();
}
