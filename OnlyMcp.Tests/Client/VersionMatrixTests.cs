using OnlyMcp.Client;
using OnlyMcp.Client.Stdio;
using OnlyMcp.Protocol.Revisions;
using OnlyMcp.Protocol.Testing;
using OnlyMcp.Server;
using OnlyMcp.Server.Http;
using OnlyMcp.Tests.Support;

namespace OnlyMcp.Tests.Client;

/// <summary>Clients and servers that may speak some revisions only: every set of them on one side meets every set on the other.</summary>
[Spec("2026-07-28 basic/versioning §Compatibility Matrix")]
public sealed class VersionMatrixTests
{
    private static readonly IReadOnlyList<Revision>[] Sets =
        [.. Enumerable.Range(1, (1 << KnownRevisions.All.Count) - 1).Select(bits => KnownRevisions.All.Where((_, i) => (bits >> i & 1) == 1).ToArray())];

    [Test]
    public async Task On_a_pipe_they_speak_the_revision_that_the_rules_give_or_say_what_each_may_speak()
    {
        foreach (var server in Sets)
        {
            var meetings = Sets.Select(async client => (Client: client, Spoken: await MeetOnPipeAsync(client, server)));
            foreach (var (client, spoken) in await Task.WhenAll(meetings))
                ShouldBeRight(client, server, spoken);
        }
    }

    [Test]
    public async Task Over_http_too()
    {
        foreach (var server in Sets.Where(set => set.Any(revision => revision.HasStreamableHttp)))
        {
            await using var host = new McpHttpHost(ServerOf(server), "http://127.0.0.1:0/");
            await host.StartAsync();
            foreach (var client in Sets.Where(set => set.All(revision => revision.HasStreamableHttp)))
                ShouldBeRight(client, server, await MeetOverHttpAsync(client, new Uri(host.Address, "/mcp")));
        }
    }

    [Test]
    [Spec("2026-07-28 basic/versioning §Backward Compatibility with Initialization-Based Versions")]
    public async Task A_modern_server_names_its_versions_to_a_client_that_opens_a_session()
    {
        var server = ServerOf([KnownRevisions.V20260728]);
        var posted = new FakeHttpExchange("POST", "/mcp", Wire.Initialize());
        await new McpHttpHandler(server).HandleAsync(posted);
        var piped = await MeetOnPipeAsync([KnownRevisions.V20251125], [KnownRevisions.V20260728]);

        posted.Status.Should().Be(400);
        posted.Body.Should().Contain("-32022").And.Contain("""
            "data":{"supported":["2026-07-28"],"requested":"2025-11-25"}
            """);
        piped.Should().Contain("-32022").And.Contain("This server speaks 2026-07-28");
    }

    [Test]
    public async Task A_client_that_may_speak_nothing_is_its_makers_mistake()
    {
        var connecting = () => McpClient.ConnectAsync("http://127.0.0.1:1/mcp", new McpClientOptions { Revisions = [] });

        await connecting.Should().ThrowAsync<ArgumentException>().WithMessage("*at least one revision*");
    }

    /// <summary>MUST: the modern one if both may; else what initialize agrees on: the client's newest if the server may, else the server's newest if the client may.</summary>
    private static Revision? Expected(IReadOnlyList<Revision> client, IReadOnlyList<Revision> server)
    {
        if (client.Intersect(server).FirstOrDefault(revision => revision.Era == Era.Modern) is { } modern)
            return modern;

        var (offers, served) = (client.FirstOrDefault(IsLegacy), server.FirstOrDefault(IsLegacy));
        if (offers is null || served is null)
            return null;
        var answered = server.Contains(offers) ? offers : served;
        return client.Contains(answered) ? answered : null;
    }

    private static bool IsLegacy(Revision revision) => revision.Era == Era.Legacy;

    private static void ShouldBeRight(IReadOnlyList<Revision> client, IReadOnlyList<Revision> server, string spoken)
    {
        var because = $"a client of {string.Join(", ", client)} met a server of {string.Join(", ", server)}";
        if (Expected(client, server) is { } expected)
            spoken.Should().Be(expected.Version, because);
        else
            spoken.Should().StartWith("No conversation", because).And.ContainAny(client.Concat(server).Select(revision => revision.Version), because);
    }

    private static McpServer ServerOf(IReadOnlyList<Revision> revisions) => new("matrix", "1.0.0", new McpServerOptions { Revisions = revisions });

    private static async Task<string> MeetOnPipeAsync(IReadOnlyList<Revision> client, IReadOnlyList<Revision> server)
    {
        var (near, far) = InMemoryPipe.Create();
        var serving = ServerOf(server).ServeAsync(far, far);
        var spoken = await SpokenAsync(McpClient.ConnectAsync(
            new PipeClientTransport(near, near), new McpClientOptions { Revisions = client }));
        await near.DisposeAsync();
        await serving.WaitAsync(TimeSpan.FromSeconds(30));
        return spoken;
    }

    private static Task<string> MeetOverHttpAsync(IReadOnlyList<Revision> client, Uri url) => SpokenAsync(McpClient.ConnectAsync(
        url, new McpClientOptions { Revisions = client, EraVerdicts = new OnlyMcp.Client.Eras.EraVerdicts() }));

    private static async Task<string> SpokenAsync(Task<McpClient> connecting)
    {
        try
        {
            await using var client = await connecting.WaitAsync(TimeSpan.FromSeconds(30));
            return client.ProtocolVersion;
        }
        catch (ConnectException refusal)
        {
            return refusal.Message;
        }
    }
}
