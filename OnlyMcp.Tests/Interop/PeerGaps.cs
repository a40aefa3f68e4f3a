using OnlyMcp.Protocol.Revisions;

namespace OnlyMcp.Tests.Interop;

/// <summary>What a server by others does not do at a revision, and why: no test of ours may expect it there.</summary>
internal static class PeerGaps
{
    private static readonly (string Peer, string Feature, Func<PeerServer, bool> At, string Reason)[] All =
    [
        ("csharp-sdk", "update", IsModern, "the C# SDK acknowledges subscriptions to resources of 2026-07-28 and serves none (F4)"),
    ];

    private static bool IsModern(PeerServer peer) => KnownRevisions.Find(peer.Spoken)!.Era == Era.Modern;

    /// <summary>The reason why this peer does not do this; null where it does.</summary>
    public static string? Find(PeerServer peer, string feature) =>
        All.FirstOrDefault(gap => gap.Peer == peer.Peer && gap.Feature == feature && gap.At(peer)).Reason;

    /// <summary>Has the test's output say so.</summary>
    public static void Told(string reason) => TestContext.Out.WriteLine($"Left out: {reason}");
}
