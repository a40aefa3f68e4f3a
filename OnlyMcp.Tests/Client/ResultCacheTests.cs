using OnlyMcp.Client;
using OnlyMcp.Client.Caching;
using OnlyMcp.Protocol.JsonRpc;
using OnlyMcp.Protocol.Schema;
using OnlyMcp.Server;
using OnlyMcp.Server.Http;
using OnlyMcp.Tests.Support;

namespace OnlyMcp.Tests.Client;

[Spec("2026-07-28 server/utilities/caching §Cache Key")]
[Spec("2026-07-28 server/utilities/caching §Cacheable Results")]
[Spec("2026-07-28 server/utilities/caching §Cacheable Model")]
[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
public sealed class ResultCacheTests
{
    private const string Discovered =
        """{"resultType":"complete","supportedVersions":["2026-07-28"],"capabilities":{"tools":{"listChanged":true}},"ttlMs":60000,"cacheScope":"public"}""";

    private readonly ManualTime time = new();

    [Test]
    [Spec("2026-07-28 server/utilities/caching §Freshness Calculation")]
    [Spec("2026-07-28 server/utilities/caching §Time-to-Live (TTL) Field")]
    public async Task A_list_is_asked_for_again_when_its_time_is_over_and_not_before()
    {
        await using var server = Listing("60000");
        await using var client = await ConnectAsync(server);

        await ListAsync(client);
        time.Advance(TimeSpan.FromMilliseconds(59_999));
        await ListAsync(client);
        Asked(server).Should().Be(1);
        time.Advance(TimeSpan.FromMilliseconds(1));
        await ListAsync(client);
        Asked(server).Should().Be(2);
    }

    [TestCase("0")]
    [TestCase("-60000")]
    [TestCase("null")]
    [Spec("2026-07-28 server/utilities/caching §Time-to-Live (TTL) Field")]
    public async Task A_time_that_is_none_keeps_nothing(string ttl)
    {
        await using var server = Listing(ttl);
        await using var client = await ConnectAsync(server);

        await ListAsync(client);
        await ListAsync(client);
        Asked(server).Should().Be(2);
    }

    [Test]
    public async Task Nothing_is_kept_for_longer_than_a_day()
    {
        await using var server = Listing("9000000000000000000");
        await using var client = await ConnectAsync(server);

        await ListAsync(client);
        time.Advance(TimeSpan.FromHours(24));
        await ListAsync(client);
        Asked(server).Should().Be(2);
    }

    [Test]
    [Spec("2026-07-28 server/utilities/caching §Cache Key", 1)]
    [Spec("2026-07-28 server/utilities/caching §Interaction with Pagination")]
    public async Task Each_method_with_its_parameters_has_a_result_of_its_own_whatever_their_order_and_metadata()
    {
        await using var server = Listing("60000");
        await using var client = await ConnectAsync(server);
        foreach (var parameters in new[] { "{}", """{"cursor":"2","x":{"a":1,"b":[1,2]}}""", """{"x":{"b":[1,2],"a":1},"cursor":"2","_meta":{"k":1}}""", """{"x":{"b":[2,1],"a":1},"cursor":"2"}""" })
            await client.SendRequestAsync("tools/list", new JsonBody(System.Text.Encoding.UTF8.GetBytes(parameters)));
        await client.SendRequestAsync("prompts/list");

        Asked(server).Should().Be(3, "two of them ask the same");
        Asked(server, "prompts/list").Should().Be(1);
    }

    [TestCase("""{"uri":"test://a","requestState":"s"}""")]
    [TestCase("""{"uri":"test://a","inputResponses":{}}""")]
    [Spec("2026-07-28 server/utilities/caching §Cache Key", 2)]
    public async Task What_depends_on_input_is_neither_kept_nor_found(string parameters)
    {
        await using var server = Listing("60000");
        await using var client = await ConnectAsync(server);
        foreach (var body in new[] { parameters, parameters, """{"uri":"test://a"}""", parameters })
            await client.SendRequestAsync("resources/read", new JsonBody(System.Text.Encoding.UTF8.GetBytes(body)));

        Asked(server, "resources/read").Should().Be(4);
    }

    [Test]
    public async Task Calls_of_tools_are_never_kept()
    {
        await using var server = Listing("60000");
        await using var client = await ConnectAsync(server);
        await client.SendRequestAsync("tools/call", new JsonBody("""{"name":"a"}"""u8.ToArray()));
        await client.SendRequestAsync("tools/call", new JsonBody("""{"name":"a"}"""u8.ToArray()));

        Asked(server, "tools/call").Should().Be(2);
    }

    [Test]
    public async Task Whoever_wants_it_fresh_or_wants_to_hear_of_progress_asks_the_server()
    {
        await using var server = Listing("60000");
        await using var client = await ConnectAsync(server);
        await ListAsync(client);
        await ListAsync(client, new RequestOptions { Fresh = true });
        await ListAsync(client, new RequestOptions { OnProgress = _ => { } });
        await client.PingAsync();
        await client.PingAsync();

        Asked(server).Should().Be(3);
        Asked(server, "server/discover").Should().Be(3);
    }

    [Test]
    public async Task A_client_without_a_cache_keeps_nothing()
    {
        await using var server = Listing("60000");
        await using var client = await McpClient.ConnectAsync(server.Url, new McpClientOptions { Cache = null });
        await ListAsync(client);
        await ListAsync(client);

        Asked(server).Should().Be(2);
    }

    [TestCase("private", 2)]
    [TestCase("public", 1)]
    [TestCase("everybody", 2)]
    [Spec("2026-07-28 server/utilities/caching §Cache Scope Field", 1)]
    public async Task Only_what_is_public_is_served_to_others(string scope, int asked)
    {
        await using var server = Listing("60000", scope);
        var cache = new InMemoryResultCache();
        await using var ann = await ConnectAsync(server, cache, "ann");
        await using var bob = await ConnectAsync(server, cache, "bob");
        await using var annAgain = await ConnectAsync(server, cache, "ann");
        foreach (var client in new[] { ann, bob, annAgain })
            await ListAsync(client);

        Asked(server).Should().Be(asked);
    }

    [Test]
    [Spec("2026-07-28 server/utilities/caching §Interaction with Notifications")]
    public async Task What_the_server_says_has_changed_is_asked_for_again_all_pages_together()
    {
        var record = new WireRecord();
        var server = new McpServer("s", "1", new McpServerOptions
        {
            PageSize = 1,
            Caching = new CachingOptions { Tools = new CachePolicy(TimeSpan.FromHours(1)), ResourceContents = new CachePolicy(TimeSpan.FromHours(1)) },
        });
        server.AddTool("one", "One", () => 1);
        server.AddTool("two", "Two", () => 2);
        server.AddResource("test://a", "a", "A");
        server.AddResource("test://b", "b", "B");
        await using var host = new McpHttpHost(server, "http://127.0.0.1:0/");
        await host.StartAsync();
        await using var client = await McpClient.ConnectAsync(new Uri(host.Address, "/mcp"), new McpClientOptions { WireTap = record.Tap });
        await using var listener = await Listener.StartAsync(
            client, new SubscriptionFilter { ToolsListChanged = true, ResourceSubscriptions = ["test://a", "test://b"] });
        for (var i = 0; i < 3; i++)
        {
            (await client.ListToolsAsync().ToListAsync()).Should().HaveCount(2);
            await client.ReadResourceAsync("test://a");
            await client.ReadResourceAsync("test://b");
        }

        server.AddTool("three", "Three", () => 3);
        await listener.NextAsync();
        await server.NotifyResourceUpdatedAsync("test://a");
        await listener.NextAsync();
        (await client.ListToolsAsync().ToListAsync()).Should().HaveCount(3);
        await client.ReadResourceAsync("test://a");
        await client.ReadResourceAsync("test://b");

        record.SentRequests("tools/list").Should().HaveCount(2 + 3);
        record.SentRequests("resources/read").Should().HaveCount(2 + 1);
    }

    [Test]
    public async Task An_answer_that_news_has_overtaken_is_not_kept()
    {
        var arrived = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var goOn = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var server = new ScriptedHttpServer(async call =>
        {
            if (call.RpcMethod == "subscriptions/listen")
            {
                await call.BeginEventsAsync();
                await call.EventAsync($$$$"""{"jsonrpc":"2.0","method":"notifications/subscriptions/acknowledged","params":{"notifications":{"toolsListChanged":true},"_meta":{"io.modelcontextprotocol/subscriptionId":{{{{call.Id}}}}}}}""");
                await arrived.Task;
                await call.EventAsync($$$$"""{"jsonrpc":"2.0","method":"notifications/tools/list_changed","params":{"_meta":{"io.modelcontextprotocol/subscriptionId":{{{{call.Id}}}}}}}""");
                await call.SilenceAsync();
            }
            else if (call.RpcMethod == "tools/list" && arrived.TrySetResult())
            {
                await goOn.Task;
                await call.ResultAsync("""{"resultType":"complete","tools":[],"ttlMs":60000,"cacheScope":"public"}""");
            }
            else
            {
                await call.ResultAsync(call.RpcMethod == "tools/list" ? """{"resultType":"complete","tools":[],"ttlMs":60000,"cacheScope":"public"}""" : Discovered);
            }
        });
        await using var client = await McpClient.ConnectAsync(server.Url);
        await using var listener = await Listener.StartAsync(client, new SubscriptionFilter { ToolsListChanged = true });
        var asking = ListAsync(client);
        await listener.NextAsync();
        goOn.SetResult();
        await asking;
        await ListAsync(client);
        await ListAsync(client);

        Asked(server).Should().Be(2);
    }

    [Test]
    public async Task What_could_not_be_forgotten_is_not_served_any_more()
    {
        var server = new McpServer("s", "1", new McpServerOptions { Caching = new CachingOptions { Tools = new CachePolicy(TimeSpan.FromHours(1)) } });
        server.AddTool("one", "One", () => 1);
        await using var host = new McpHttpHost(server, "http://127.0.0.1:0/");
        await host.StartAsync();
        await using var client = await McpClient.ConnectAsync(new Uri(host.Address, "/mcp"), new McpClientOptions { Cache = new ForgetfulCache() });
        await using var listener = await Listener.StartAsync(client, new SubscriptionFilter { ToolsListChanged = true });
        (await client.ListToolsAsync().ToListAsync()).Should().ContainSingle();

        server.AddTool("two", "Two", () => 2);
        await listener.NextAsync();
        (await client.ListToolsAsync().ToListAsync()).Should().HaveCount(2);
    }

    [Test]
    public async Task A_cache_that_fails_costs_no_more_than_the_question()
    {
        await using var server = Listing("60000");
        await using var client = await McpClient.ConnectAsync(server.Url, new McpClientOptions { Cache = new BrokenCache() });
        await ListAsync(client);
        await ListAsync(client);

        Asked(server).Should().Be(2);
    }

    [Test]
    public async Task The_cache_in_memory_keeps_to_its_bounds_and_lets_go_what_was_used_longest_ago()
    {
        var cache = new InMemoryResultCache(maxEntries: 3, maxBytes: 10_000);
        foreach (var name in new[] { "a", "b", "c" })
            await cache.KeepAsync(Key(name), Kept(10));
        await cache.FindAsync(Key("a"));
        await cache.KeepAsync(Key("d"), Kept(10));
        await cache.KeepAsync(Key("e"), Kept(20_000));

        (await cache.FindAsync(Key("a"))).Should().NotBeNull();
        (await cache.FindAsync(Key("b"))).Should().BeNull();
        (await cache.FindAsync(Key("e"))).Should().BeNull();
        for (var i = 0; i < 3; i++)
            await cache.KeepAsync(Key($"large {i}"), Kept(4_000));
        cache.Count.Should().Be(2);
    }

    private static ResultKey Key(string parameters) => new("server", "owner", "tools/list", parameters);

    private static KeptResult Kept(int bytes) => new(new byte[bytes], DateTimeOffset.MaxValue);

    private static ScriptedHttpServer Listing(string ttl, string scope = "private") => new(call => call.ResultAsync(call.RpcMethod switch
    {
        "server/discover" => Discovered,
        "tools/call" => """{"resultType":"complete","content":[]}""",
        "resources/read" => $$"""{"resultType":"complete","contents":[],"ttlMs":{{ttl}},"cacheScope":"{{scope}}"}""",
        "prompts/list" => $$"""{"resultType":"complete","prompts":[],"ttlMs":{{ttl}},"cacheScope":"{{scope}}"}""",
        _ => $$"""{"resultType":"complete","tools":[],"ttlMs":{{ttl}},"cacheScope":"{{scope}}"}""",
    }));

    private Task<McpClient> ConnectAsync(ScriptedHttpServer server, IResultCache? cache = null, string user = "ann") =>
        McpClient.ConnectAsync(server.Url, new McpClientOptions
        {
            TimeProvider = time,
            Cache = cache ?? new InMemoryResultCache(),
            Headers = new Dictionary<string, string> { ["Authorization"] = $"Bearer {user}" },
        });

    // Past the records, which refuse what is none of the protocol's before anybody could keep it.
    private static Task<JsonBody> ListAsync(McpClient client, RequestOptions? options = null) => client.SendRequestAsync("tools/list", default, options);

    private static int Asked(ScriptedHttpServer server, string method = "tools/list") => server.Methods.Count(asked => asked == method);

    /// <summary>Keeps, and cannot forget.</summary>
    private sealed class ForgetfulCache : IResultCache
    {
        private readonly InMemoryResultCache kept = new();

        public ValueTask<KeptResult?> FindAsync(ResultKey key, CancellationToken cancellationToken = default) => kept.FindAsync(key, cancellationToken);

        public ValueTask KeepAsync(ResultKey key, KeptResult result, CancellationToken cancellationToken = default) => kept.KeepAsync(key, result, cancellationToken);

        public ValueTask ForgetAsync(string server, string method, string? uri, CancellationToken cancellationToken = default) => throw new IOException("down");
    }

    private sealed class BrokenCache : IResultCache
    {
        public ValueTask<KeptResult?> FindAsync(ResultKey key, CancellationToken cancellationToken = default) => throw new IOException("down");

        public ValueTask KeepAsync(ResultKey key, KeptResult result, CancellationToken cancellationToken = default) => throw new IOException("down");

        public ValueTask ForgetAsync(string server, string method, string? uri, CancellationToken cancellationToken = default) => throw new IOException("down");
    }
}
