using OnlyMcp.Client;
using OnlyMcp.Protocol.JsonRpc;
using OnlyMcp.Protocol.Schema;
using OnlyMcp.Server;
using OnlyMcp.Server.Resources;
using OnlyMcp.Tests.Support;

namespace OnlyMcp.Tests.Features;

/// <summary>Lists in pages, over each transport in each revision.</summary>
[TestFixtureSource(nameof(Ways))]
public sealed class PaginationTests(Way way)
{
    private static IEnumerable<TestFixtureData> Ways => Way.All.Select(way => new TestFixtureData(way).SetArgDisplayNames(way.ToString()));

    [Test]
    [Spec("2026-07-28 server/utilities/pagination §Operations Supporting Pagination")]
    [Spec("2026-07-28 server/utilities/pagination §Pagination Model", 1)]
    public async Task All_four_lists_come_page_by_page_whole_and_in_order()
    {
        var names = Enumerable.Range(0, 7).Select(i => $"n{i}").ToArray();
        var server = Server(3, names);
        foreach (var name in names)
        {
            server.AddPrompt(name, name, () => name);
            server.AddResource($"r://{name}", name, name);
            server.AddResourceTemplate($"t://{name}/{{x}}", name, (string x) => x);
        }

        await using var connected = await way.ConnectAsync(server);
        var client = connected.Client;

        (await Pages(async cursor => await client.ListToolsPageAsync(cursor), page => page.Tools.Select(tool => tool.Name))).Should().Equal(["n0 n1 n2", "n3 n4 n5", "n6"]);
        (await Pages(async cursor => await client.ListPromptsPageAsync(cursor), page => page.Prompts.Select(prompt => prompt.Name))).Should().Equal(["n0 n1 n2", "n3 n4 n5", "n6"]);
        (await Pages(async cursor => await client.ListResourcesPageAsync(cursor), page => page.Resources.Select(resource => resource.Name))).Should().Equal(["n0 n1 n2", "n3 n4 n5", "n6"]);
        (await Pages(async cursor => await client.ListTemplatesPageAsync(cursor), page => page.ResourceTemplates.Select(template => template.Name))).Should().Equal(["n0 n1 n2", "n3 n4 n5", "n6"]);
        (await client.ListToolsAsync().ToListAsync()).Should().HaveCount(7);
    }

    [Test]
    [Spec("2026-07-28 server/utilities/pagination §Response Format")]
    public async Task A_list_that_ends_with_its_page_has_no_next_one()
    {
        await using var connected = await way.ConnectAsync(Server(2, "a", "b"));
        (await connected.Client.ListToolsPageAsync()).NextCursor.Should().BeNull();
    }

    [Test]
    [Spec("2026-07-28 server/utilities/pagination §Implementation Guidelines")]
    public async Task What_changes_between_two_pages_makes_nobody_skip_or_repeat_anything_else()
    {
        var server = Server(2, "a", "b", "c", "d", "e");
        await using var connected = await way.ConnectAsync(server);

        var first = await connected.Client.ListToolsPageAsync();
        server.Tools.Remove("a");
        server.Tools.Remove("b");
        server.Tools.Remove("d");
        server.AddTool("f", "f", () => "f");
        var second = await connected.Client.ListToolsPageAsync(first.NextCursor);
        var third = await connected.Client.ListToolsPageAsync(second.NextCursor);

        second.Tools.Select(tool => tool.Name).Should().Equal("c", "e");
        third.Tools.Select(tool => tool.Name).Should().Equal("f");
    }

    [Test]
    [Spec("2026-07-28 server/tools §Listing Tools")]
    public async Task A_list_that_was_asked_for_before_shows_what_was_removed_since()
    {
        var server = Server(10, "a", "b");
        await using var connected = await way.ConnectAsync(server);

        server.Tools.All.Should().HaveCount(2);
        server.Tools.Remove("a").Should().BeTrue();

        server.Tools.All.Should().ContainSingle();
        (await connected.Client.ListToolsPageAsync()).Tools.Should().ContainSingle();
        server.Tools.Remove("a").Should().BeFalse();
    }

    [Test]
    [Spec("2026-07-28 server/utilities/pagination §Implementation Guidelines")]
    public async Task A_cursor_leads_on_at_another_server_that_stands_for_this_one()
    {
        await using var one = await way.ConnectAsync(Server(2, "a", "b", "c"));
        var replica = Server(2, "x");
        replica.Tools.Remove("x");
        foreach (var name in new[] { "a", "b", "c" })
            replica.AddTool(name, name, () => name);
        await using var other = await way.ConnectAsync(replica);

        var cursor = (await one.Client.ListToolsPageAsync()).NextCursor;

        (await other.Client.ListToolsPageAsync(cursor)).Tools.Select(tool => tool.Name).Should().Equal("c");
    }

    [Test]
    [Spec("2026-07-28 server/utilities/pagination §Error Handling")]
    public async Task A_cursor_that_is_none_is_refused_in_words()
    {
        var server = Server(1, "a", "b");
        server.AddPrompt("p", "p", () => "p");
        server.AddPrompt("q", "q", () => "q");
        await using var connected = await way.ConnectAsync(server);
        var cursor = (await connected.Client.ListToolsPageAsync()).NextCursor!;
        var ofPrompts = (await connected.Client.ListPromptsPageAsync()).NextCursor!;
        var tampered = (cursor[0] == 'A' ? 'B' : 'A') + cursor[1..];

        foreach (var wrong in new[] { "", "x", "eyJwYWdlIjogM30=", tampered, cursor + "A", cursor[..^1], ofPrompts, new string('A', cursor.Length), new string('A', 100_000), "\u0000", "ø" })
        {
            var fault = (await FluentActions.Awaiting(() => connected.Client.ListToolsPageAsync(wrong)).Should().ThrowAsync<JsonRpcException>()).Which;
            fault.Code.Should().Be(ErrorCode.InvalidParams);
            fault.Message.Should().Contain("list from the start");
        }

        cursor.Should().HaveLength(27, "however long a name is");
        (await connected.Client.ListToolsPageAsync(cursor)).Tools.Should().ContainSingle().Which.Name.Should().Be("b");
    }

    [Test]
    [Spec("2026-07-28 server/utilities/caching §Cacheable Results", 2, 3, 4, 5, 6)]
    [Spec("2026-07-28 server/utilities/caching §Interaction with Pagination", 1, 2)]
    public async Task Hints_for_caches_stand_on_lists_and_contents_and_never_reach_an_older_revision()
    {
        var server = new McpServer("cached", "1.0.0", new McpServerOptions
        {
            PageSize = 1,
            Caching = new CachingOptions
            {
                Tools = new CachePolicy(TimeSpan.FromMinutes(5), CacheScope.Public),
                ResourceContents = new CachePolicy(TimeSpan.FromSeconds(1)),
                Discovery = new CachePolicy(TimeSpan.FromSeconds(2), CacheScope.Public),
            },
        });
        server.AddTool("a", "a", () => "a");
        server.AddTool("b", "b", () => "b");
        foreach (var name in new[] { "p", "q" })
            server.AddPrompt(name, name, () => name);
        server.AddResourceTemplate("t://{x}", "t", (string x) => x);
        server.AddResource("r://general", "general", "x");
        server.Resources.Add(new DefinedResource(new Resource { Uri = "r://own", Name = "own" }, (_, _) => new(ResourceResults.Text("r://own", "x")))
        {
            Caching = new CachePolicy(TimeSpan.FromHours(1), CacheScope.Public),
        });
        server.AddResource("r://said", "said", () => ResourceResults.Text("r://said", "x") with { TtlMs = 7 });

        await using var connected = await way.ConnectAsync(server);
        var first = await connected.Client.ListToolsPageAsync();

        Hints(first).Should().Be(Expected(300_000, CacheScope.Public));
        Hints(await connected.Client.ListToolsPageAsync(first.NextCursor)).Should().Be(Expected(300_000, CacheScope.Public));
        var prompts = await connected.Client.ListPromptsPageAsync();
        Hints(prompts).Should().Be(Expected(0, CacheScope.Private));
        Hints(await connected.Client.ListPromptsPageAsync(prompts.NextCursor)).Should().Be(Expected(0, CacheScope.Private));
        Hints(await connected.Client.ListTemplatesPageAsync()).Should().Be(Expected(0, CacheScope.Private));
        Hints(await connected.Client.ListResourcesPageAsync()).Should().Be(Expected(0, CacheScope.Private));
        Hints(await connected.Client.ReadAsync("r://general")).Should().Be(Expected(1000, CacheScope.Private));
        Hints(await connected.Client.ReadAsync("r://own")).Should().Be(Expected(3_600_000, CacheScope.Public));
        Hints(await connected.Client.ReadAsync("r://said")).Should().Be(Expected(7, CacheScope.Private));

        if (way.Revision.HasCacheHints)
            Hints((await connected.Client.SendRequestAsync(Methods.ServerDiscover)).Read(McpJson.Wire.DiscoverResult)).Should().Be(Expected(2000, CacheScope.Public));

        static (long?, CacheScope?) Hints(CacheableResult result) => (result.TtlMs, result.CacheScope);
        (long?, CacheScope?) Expected(long ttl, CacheScope scope) => way.Revision.HasCacheHints ? (ttl, scope) : (null, null);
    }

    [Test]
    [Spec("2026-07-28 server/utilities/caching §Time-to-Live (TTL) Field", 1)]
    public void A_time_to_live_and_a_page_size_that_make_no_sense_are_refused()
    {
        FluentActions.Invoking(() => new CachePolicy(TimeSpan.FromSeconds(-1))).Should().Throw<ArgumentOutOfRangeException>();
        FluentActions.Invoking(() => new McpServerOptions { PageSize = 0 }).Should().Throw<ArgumentOutOfRangeException>();
    }

    private static McpServer Server(int pageSize, params string[] tools)
    {
        var server = new McpServer("pages", "1.0.0", new McpServerOptions { PageSize = pageSize });
        foreach (var name in tools)
            server.AddTool(name, name, () => name);
        return server;
    }

    private static async Task<List<string>> Pages<T>(Func<string?, Task<T>> list, Func<T, IEnumerable<string>> names)
        where T : PaginatedResult
    {
        var pages = new List<string>();
        string? cursor = null;
        do
        {
            var page = await list(cursor);
            pages.Add(string.Join(' ', names(page)));
            cursor = page.NextCursor;
        }
        while (cursor is not null);
        return pages;
    }
}
