using OnlyMcp.Protocol.Revisions;
using OnlyMcp.Protocol.Schema;
using OnlyMcp.Server;
using OnlyMcp.Server.Authorization;
using OnlyMcp.Server.Http;
using OnlyMcp.Server.Prompts;
using OnlyMcp.Server.Resources;
using OnlyMcp.Tests.Support;

namespace OnlyMcp.Tests.Authorization.Server;

/// <summary>What must be said for a guard to stand, and that nothing stands open where somebody meant one to.</summary>
public sealed class RequireAuthorizationTests
{
    private static readonly Action<AuthorizationOptions>[] Unfit =
    [
        o => o.AuthorizationServers = [],
        o => o.AuthorizationServers = ["login.example.com"],
        o => o.AuthorizationServers = ["http://login.example.com"],
        o => o.AuthorizationServers = ["https://login.example.com?a=b"],
        o => o.AuthorizationServers = ["https://ann@login.example.com"],
        o => o.Scopes = ["two words"],
        o => o.Scopes = ["a\"b"],
        o => o.Scopes = ["offline_access"],
        o => o.ScopesSupported = ["mcp:use", "offline_access"],
        o => o.ClockSkew = TimeSpan.FromMinutes(6),
        o => o.ClockSkew = TimeSpan.FromSeconds(-1),
        o => o.VerifierTimeout = TimeSpan.Zero,
    ];

    [TestCaseSource(nameof(Unfit))]
    [AuthorizationRequirement("RS1", "RS5")]
    public void What_does_not_fit_is_said_at_the_call(Action<AuthorizationOptions> change)
    {
        var make = () => new GuardedServer(change);

        make.Should().Throw<ArgumentException>().Which.Message.Length.Should().BeGreaterThan(30, "it says what to do");
    }

    [Test]
    public void It_is_said_once_and_before_anybody_can_ask()
    {
        var guarded = new GuardedServer();
        var open = new McpServer("open", "1.0.0");
        _ = new McpHttpHandler(open);

        guarded.Server.Invoking(server => server.RequireAuthorization(_ => { })).Should().Throw<InvalidOperationException>().WithMessage("*once*");
        open.Invoking(server => server.RequireAuthorization(_ => { })).Should().Throw<InvalidOperationException>().WithMessage("*open until now*");
    }

    [Test]
    [AuthorizationRequirement("RS6")]
    public void A_handler_must_be_told_where_it_is_reached()
    {
        var mount = () => new McpHttpHandler(new GuardedServer().Server);

        mount.Should().Throw<InvalidOperationException>().WithMessage("*PublicBaseAddress*");
    }

    [TestCase("http://+:0/", "localhost")]
    public async Task A_host_that_others_can_reach_must_be_told_where(string prefix, string allowed)
    {
        await using var host = new McpHttpHost(new GuardedServer().Server, prefix, new McpHttpOptions { AllowedHosts = [allowed] });

        await host.Awaiting(one => one.StartAsync()).Should().ThrowAsync<InvalidOperationException>().WithMessage("*PublicBaseAddress*");
    }

    [TestCase("http://mcp.example.com", false)]
    [TestCase("http://192.168.1.4:3001", false)]
    [TestCase("http://127.0.0.1:3001", true)]
    [TestCase("http://localhost:3001", true)]
    [TestCase("https://mcp.example.com", true)]
    [TestCase("ftp://mcp.example.com", false)]
    [TestCase("https://mcp.example.com?a=b", false)]
    [TestCase("https://mcp.example.com#a", false)]
    [TestCase("https://ann@mcp.example.com", false)]
    public void Tokens_do_not_travel_for_everybody_to_read(string address, bool fits)
    {
        var mount = () => new McpHttpHandler(new GuardedServer().Server, new McpHttpOptions { PublicBaseAddress = new Uri(address) });

        if (fits)
            mount.Should().NotThrow();
        else
            mount.Should().Throw<ArgumentException>();
    }

    [Test]
    public void Unless_somebody_says_that_they_may()
    {
        var guarded = new GuardedServer(o => o.AllowsPlainHttp = true);

        guarded.Invoking(one => new McpHttpHandler(one.Server, new McpHttpOptions { PublicBaseAddress = new Uri("http://mcp.internal") })).Should().NotThrow();
    }

    private static readonly Action<McpServer>[] Scoped =
    [
        server => server.AddTool("t", "T", [McpScopes("a")] () => "x"),
        server => server.Tools.Add(new OnlyMcp.Server.Tools.SchemaTool(
            new Tool { Name = "t", InputSchema = System.Text.Json.JsonElement.Parse("""{"type":"object"}""") }, (_, _, _) => default) { Scopes = ["a"] }),
        server => server.AddPrompt("p", "P", [McpScopes("a")] () => "x"),
        server => server.Prompts.Add(new DefinedPrompt(new Prompt { Name = "p" }, (_, _, _) => default) { Scopes = ["a"] }),
        server => server.AddResource("r://r", "r", [McpScopes("a")] () => "x"),
        server => server.Resources.Add(new DefinedResource(new Resource { Uri = "r://r", Name = "r" }, (_, _) => default) { Scopes = ["a"] }),
        server => server.AddResourceTemplate("r://{id}", "r", [McpScopes("a")] (string id) => id),
    ];

    // Attack: unauthenticated exposure.
    [TestCaseSource(nameof(Scoped))]
    public async Task What_demands_scopes_is_not_served_over_HTTP_without_a_guard(Action<McpServer> offer)
    {
        var before = new McpServer("open", "1.0.0");
        offer(before);
        before.Invoking(server => new McpHttpHandler(server)).Should().Throw<InvalidOperationException>().WithMessage("*RequireAuthorization*");

        var between = new McpServer("open", "1.0.0");
        await using var host = new McpHttpHost(between, "http://127.0.0.1:0/");
        offer(between);
        await host.Awaiting(one => one.StartAsync()).Should().ThrowAsync<InvalidOperationException>().WithMessage("*RequireAuthorization*");
    }

    [Test]
    public async Task What_is_added_later_stays_shut_and_the_log_says_why()
    {
        var log = new RecordedLog();
        var server = new McpServer("open", "1.0.0", new McpServerOptions { LoggerFactory = log });
        server.AddTool("free", "For all", () => "free");
        await using var handler = new McpHttpHandler(server);
        server.AddTool("t", "T", [McpScopes("a")] () => "secret");
        var call = Wire.ModernPost("t");
        var list = Ask.Modern("tools/list");

        await handler.HandleAsync(call);
        await handler.HandleAsync(list);

        call.Body.Should().Contain("-32603").And.NotContain("secret");
        list.Body.Should().Contain("\"free\"").And.NotContain("\"t\"");
        log.Exceptions.Should().ContainSingle(fault => fault.Message.Contains("RequireAuthorization"));
    }

    [TestCase("pipe")]
    [TestCase("stdio")]
    [Spec("2026-07-28 basic/authorization §Protocol Requirements")]
    [AuthorizationRequirement("G1")]
    public async Task On_a_pipe_whoever_started_the_process_has_its_rights(string transport)
    {
        foreach (var revision in KnownRevisions.All)
        {
            var guarded = new GuardedServer(o => o.Scopes = ["mcp:use"], offer: server =>
            {
                server.AddTool("free", "Says who", (RequestContext context) => $"{context.Principal is null} {context.AccessToken is null}");
                server.AddTool("write", "Writes", [McpScopes("files:write")] (RequestContext context) =>
                {
                    context.RequireScopes("more");
                    return "written";
                });
            });
            await using var connected = await new Way(transport, revision).ConnectAsync(guarded.Server);

            (await connected.Client.CallToolAsync("free")).Text.Should().Be("True True");
            (await connected.Client.CallToolAsync("write")).Text.Should().Be("written");
            (await connected.Client.ListToolsAsync().ToListAsync()).Should().Contain(tool => tool.Name == "write");
        }
    }

    [Test]
    public void Scopes_that_are_none_are_refused_where_they_are_written()
    {
        var server = new McpServer("s", "1.0.0");

        server.Invoking(one => one.AddTool("t", "T", [McpScopes("two words")] () => "x")).Should().Throw<ArgumentException>().WithMessage("*files:read*");
        server.Invoking(_ => new InsufficientScopeException("a\"b")).Should().Throw<ArgumentException>();
    }
}
