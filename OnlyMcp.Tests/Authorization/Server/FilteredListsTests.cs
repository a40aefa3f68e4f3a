using System.Text.Json;
using OnlyMcp.Protocol.JsonRpc;
using OnlyMcp.Protocol.Schema;
using OnlyMcp.Server;
using OnlyMcp.Server.Authorization;
using OnlyMcp.Server.Resources;
using OnlyMcp.Server.Tools;
using OnlyMcp.Tests.Support;

namespace OnlyMcp.Tests.Authorization.Server;

/// <summary>Lists show what their caller may use, page by page, and nobody else keeps them.</summary>
public sealed class FilteredListsTests
{
    [TestCase("ann", "a0", "b0", "a1", "b1", "a2", "b2")]
    [TestCase("bob", "a0", "a1", "a2")]
    [TestCase("eve")]
    [Spec("2026-07-28 server/tools §Listing Tools")]
    [AuthorizationRequirement("RS21")]
    public async Task Each_caller_sees_what_the_token_allows_whatever_the_size_of_pages(string token, params string[] names)
    {
        foreach (int? size in new int?[] { null, 1, 2, 4, 100 })
        {
            var guarded = Letters(new McpServerOptions { PageSize = size });

            (await NamesAsync(guarded, "tools/list", "tools", token)).Should().Equal(names);
            (await NamesAsync(guarded, "prompts/list", "prompts", token)).Should().Equal(names);
            (await NamesAsync(guarded, "resources/list", "resources", token)).Should().Equal(names);
            (await NamesAsync(guarded, "resources/templates/list", "resourceTemplates", token)).Should().Equal(names);
        }
    }

    [Test]
    public async Task Callers_who_ask_in_turn_are_shown_nothing_of_each_others_lists()
    {
        var guarded = Letters(new McpServerOptions { PageSize = 2 });

        for (var i = 0; i < 3; i++)
        {
            (await NamesAsync(guarded, "tools/list", "tools", "bob")).Should().Equal("a0", "a1", "a2");
            (await NamesAsync(guarded, "tools/list", "tools", "ann")).Should().Equal("a0", "b0", "a1", "b1", "a2", "b2");
            (await NamesAsync(guarded, "tools/list", "tools", "eve")).Should().BeEmpty();
        }
    }

    [Test]
    public async Task However_many_scopes_there_are_nobody_is_shown_what_another_may_use()
    {
        var guarded = new GuardedServer(offer: server =>
        {
            server.Tools.Remove("whoami");
            var tool = new Tool { Name = "", InputSchema = JsonElement.Parse("""{"type":"object"}""") };
            for (var i = 0; i < 66; i++)
                server.Tools.Add(new SchemaTool(tool with { Name = $"t{i}" }, (_, _, _) => new(ToolResults.Text("x")), null) { Scopes = [$"s{i}"] });
        });
        for (var i = 0; i < 66; i++)
            guarded.Tokens.Add($"user{i}", $"s{i}");

        for (var round = 0; round < 2; round++)
        {
            for (var i = 0; i < 66; i++)
                (await NamesAsync(guarded, "tools/list", "tools", $"user{i}")).Should().Equal($"t{i}");
        }
    }

    [Test]
    public async Task A_cursor_of_one_who_sees_more_leads_on_for_one_who_sees_less()
    {
        var guarded = Letters(new McpServerOptions { PageSize = 2 });
        var first = await ListAsync(guarded, "tools/list", "ann", null);

        var second = await ListAsync(guarded, "tools/list", "bob", first.GetProperty("nextCursor").GetString());

        second.GetProperty("tools").EnumerateArray().Select(tool => tool.GetProperty("name").GetString()).Should().Equal("a1", "a2");
    }

    [Test]
    public async Task A_server_may_show_everything_so_that_clients_ask_for_more()
    {
        var guarded = Letters(configure: o => o.ListsEverything = true);

        (await NamesAsync(guarded, "tools/list", "tools", "eve")).Should().HaveCount(6);
        (await guarded.CallAsync("a0", "eve")).Status.Should().Be(403);
    }

    [TestCase("tools/list")]
    [TestCase("prompts/list")]
    [TestCase("resources/list")]
    [TestCase("resources/templates/list")]
    [TestCase("server/discover")]
    [TestCase("resources/read")]
    [Spec("2026-07-28 server/utilities/caching §Cacheable Model")]
    [AuthorizationRequirement("RS21")]
    public async Task What_a_token_was_needed_for_is_kept_for_its_holder_alone(string method)
    {
        var everybody = new CachePolicy(TimeSpan.FromMinutes(1), CacheScope.Public);
        var guarded = Letters(new McpServerOptions
        {
            Caching = new CachingOptions
            {
                Tools = everybody,
                Prompts = everybody,
                Resources = everybody,
                ResourceTemplates = everybody,
                ResourceContents = everybody,
                Discovery = everybody,
            },
        });

        var http = method == "resources/read"
            ? Ask.Modern(method, """ "uri":"r://a0", """, "r://a0")
            : Ask.Modern(method);
        await guarded.AskAsync(http.Bearing("ann"));

        http.Status.Should().Be(200, http.Body);
        http.Body.Should().Contain("\"cacheScope\":\"private\"").And.Contain("\"ttlMs\":60000");
    }

    [Test]
    [Spec("2026-07-28 server/utilities/caching §Cacheable Model")]
    [AuthorizationRequirement("RS21")]
    public async Task What_was_told_to_nobody_in_particular_is_not_what_the_holder_of_a_token_is_told()
    {
        var everybody = new CachePolicy(TimeSpan.FromMinutes(1), CacheScope.Public);
        var guarded = new GuardedServer(options: new McpServerOptions { Caching = new CachingOptions { Tools = everybody } });
        guarded.Tokens.Add("ann", "a");
        var request = """{"jsonrpc":"2.0","id":1,"method":"tools/list","params":{"_meta":{"io.modelcontextprotocol/protocolVersion":"2026-07-28","io.modelcontextprotocol/clientCapabilities":{}}}}"""u8.ToArray();
        var pipe = new RecordedStream();

        for (var i = 0; i < 3; i++)
        {
            await guarded.Server.HandleAsync(JsonRpcReader.Parse(request), new Exchange(pipe), default);
            pipe.Messages[^1].ToString().Should().Contain("\"cacheScope\":\"public\"");
            (await guarded.AskAsync(Ask.Modern("tools/list").Bearing("ann"))).Body.Should().Contain("\"cacheScope\":\"private\"");
        }
    }

    private static GuardedServer Letters(McpServerOptions? options = null, Action<AuthorizationOptions>? configure = null)
    {
        var guarded = new GuardedServer(configure, options, server =>
        {
            server.Tools.Remove("whoami");
            for (var i = 0; i < 3; i++)
            {
                server.AddTool($"a{i}", "A", [McpScopes("a")] () => "a");
                server.AddTool($"b{i}", "B", [McpScopes("b")] () => "b");
                server.AddPrompt($"a{i}", "A", [McpScopes("a")] () => "a");
                server.AddPrompt($"b{i}", "B", [McpScopes("b")] () => "b");
                server.AddResource($"r://a{i}", $"a{i}", [McpScopes("a")] () => "a");
                server.AddResource($"r://b{i}", $"b{i}", [McpScopes("b")] () => "b");
                server.AddResourceTemplate($"t://a{i}/{{id}}", $"a{i}", [McpScopes("a")] (string id) => id);
                server.AddResourceTemplate($"t://b{i}/{{id}}", $"b{i}", [McpScopes("b")] (string id) => id);
            }
        });
        guarded.Tokens.Add("ann", "a b").Add("bob", "a").Add("eve", "c");
        return guarded;
    }

    private static async Task<List<string>> NamesAsync(GuardedServer guarded, string method, string member, string token)
    {
        var names = new List<string>();
        string? cursor = null;
        do
        {
            var page = await ListAsync(guarded, method, token, cursor);
            names.AddRange(page.GetProperty(member).EnumerateArray().Select(item => item.GetProperty("name").GetString()!));
            cursor = page.TryGetProperty("nextCursor", out var next) ? next.GetString() : null;
        }
        while (cursor is not null);
        return names;
    }

    private static async Task<JsonElement> ListAsync(GuardedServer guarded, string method, string token, string? cursor)
    {
        var http = await guarded.AskAsync(Ask.Modern(method, cursor is null ? "" : $"\"cursor\":\"{cursor}\",").Bearing(token));
        http.Status.Should().Be(200, http.Body);
        return JsonElement.Parse(http.Body).GetProperty("result");
    }
}
