using OnlyMcp.Client;
using OnlyMcp.Protocol.Transport;

namespace OnlyMcp.Tests.Interop;

/// <summary>A peer that ends while our client waits for it.</summary>
[Parallelizable(ParallelScope.All)]
public sealed class PeerGoneTests
{
    private static readonly IEnumerable<PeerServer> OverHttp = PeerServer.All.Where(peer => peer is { Peer: not "everything", Transport: not "stdio", Pinned: null });

    [TestCaseSource(nameof(OverHttp))]
    public async Task The_call_under_way_fails(PeerServer peer)
    {
        using CancellationTokenSource patience = new(TimeSpan.FromSeconds(30));
        TaskCompletionSource started = new(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var connected = await peer.ConnectAsync(new McpClientOptions());

        var waiting = connected.Client.CallToolAsync(
            peer.Tools.Wait.Name, peer.Tools.Wait.Arguments, new RequestOptions { OnProgress = _ => started.TrySetResult() }, patience.Token);
        await started.Task.WaitAsync(patience.Token);
        await connected.Server!.DisposeAsync();

        await waiting.Awaiting(call => call).Should().ThrowAsync<TransportClosedException>();
    }
}
