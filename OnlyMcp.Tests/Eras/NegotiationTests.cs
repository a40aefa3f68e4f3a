using System.Text.Json;
using OnlyMcp.Protocol.Revisions;
using OnlyMcp.Protocol.Testing;
using OnlyMcp.Server;
using OnlyMcp.Tests.Support;

namespace OnlyMcp.Tests.Eras;

public sealed class NegotiationTests
{
    private static IEnumerable<Revision> Legacy => KnownRevisions.All.Where(revision => revision.Era == Era.Legacy);

    [TestCaseSource(nameof(Legacy))]
    [Spec("2025-11-25 basic/lifecycle §Version Negotiation", 3)]
    public async Task A_version_that_is_not_served_is_answered_with_one_that_is(Revision served)
    {
        foreach (var asked in KnownRevisions.All.Select(revision => revision.Version).Append("1999-01-01"))
            (await AgreedAsync(asked, [served])).Should().Be(served.Version, $"{asked} was asked for");
    }

    [TestCaseSource(nameof(Legacy))]
    [Spec("2025-11-25 basic/lifecycle §Version Negotiation", 2)]
    public async Task A_version_that_is_served_is_agreed_on(Revision asked) =>
        (await AgreedAsync(asked.Version, KnownRevisions.All)).Should().Be(asked.Version);

    private static async Task<string?> AgreedAsync(string asked, IReadOnlyList<Revision> served)
    {
        var (client, server) = InMemoryPipe.Create();
        _ = new McpServer("negotiator", "1.0.0", new McpServerOptions { Revisions = served }).ServeAsync(server, server);
        await using var peer = new StdioPeer(client);
        await peer.SendAsync(Wire.Initialize(asked));
        return JsonElement.Parse(await peer.ReadAsync()).GetProperty("result").GetProperty("protocolVersion").GetString();
    }
}
