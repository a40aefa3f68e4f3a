using OnlyMcp.Client;

namespace OnlyMcp.Tests.Interop;

/// <summary>What a peer's tool answers for code to read, read as a type of ours.</summary>
[Parallelizable(ParallelScope.All)]
public sealed class StructuredAnswerTests
{
    private static readonly IEnumerable<PeerServer> Everything = PeerServer.All.Where(peer => peer is { Peer: "everything", Transport: "stdio" });

    private static readonly IEnumerable<PeerServer> WithStructuredContent =
        PeerServer.All.Where(peer => peer is { Peer: "ts-server-v1" or "ts-server-v2", Transport: "http", Spoken: "2025-06-18" or "2025-11-25" or "2026-07-28" });

    /// <summary>The everything server says it twice, so that revisions without structured content find it in the text.</summary>
    [TestCaseSource(nameof(Everything))]
    public async Task It_is_the_same_in_every_revision(PeerServer peer)
    {
        await using var connected = await peer.ConnectAsync(new McpClientOptions());

        var weather = await connected.Client.CallToolAsync<Weather>("get-structured-content", new { location = "New York" });

        weather.Should().Be(new Weather(33, "Cloudy", 82));
    }

    [TestCaseSource(nameof(WithStructuredContent))]
    public async Task It_is_the_structured_content_and_not_the_text(PeerServer peer)
    {
        await using var connected = await peer.ConnectAsync(new McpClientOptions());

        (await connected.Client.CallToolAsync<Total>("add", new { a = 6, b = 7 })).Should().Be(new Total(13));
    }

    private sealed record Weather(double Temperature, string Conditions, double Humidity);

    private sealed record Total(double Sum);
}
