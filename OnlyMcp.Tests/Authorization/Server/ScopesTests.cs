using System.Text.Json;
using OnlyMcp.Protocol.Revisions;
using OnlyMcp.Protocol.Schema;
using OnlyMcp.Server;
using OnlyMcp.Server.Authorization;
using OnlyMcp.Server.Http;
using OnlyMcp.Tests.Support;

namespace OnlyMcp.Tests.Authorization.Server;

/// <summary>What a token must allow for each thing that is offered, and what is said where it does not.</summary>
[Spec("2026-07-28 basic/authorization §Runtime Insufficient Scope Errors")]
public sealed class ScopesTests
{
    private static readonly TestCaseData[] Operations =
    [
        Operation("tools/call", """ "name":"write", """, "write", "files:write"),
        Operation("prompts/get", """ "name":"letter", """, "letter", "letters"),
        Operation("resources/read", """ "uri":"file://secret", """, "file://secret", "files:read"),
        Operation("resources/read", """ "uri":"db://rows/1", """, "db://rows/1", "db"),
        Operation("completion/complete", """ "ref":{"type":"ref/prompt","name":"letter"},"argument":{"name":"to","value":""}, """, null, "letters"),
        Operation("completion/complete", """ "ref":{"type":"ref/resource","uri":"db://{table}/{id}"},"argument":{"name":"id","value":""}, """, null, "db"),
    ];

    [TestCaseSource(nameof(Operations))]
    [Spec("2026-07-28 basic/authorization §Error Handling", 2, AtEveryRevision = true)]
    [AuthorizationRequirement("RS16", "RS17", "RS20")]
    public async Task Each_operation_names_what_it_needs_beside_what_all_do(string method, string parameters, string? name, string scope)
    {
        var guarded = Files();
        guarded.Tokens.Add("ann", "mcp:use").Add("bob", $"mcp:use {scope}");

        var refused = await guarded.AskAsync(Ask.Modern(method, parameters, name).Bearing("ann"));
        refused.Status.Should().Be(403, refused.Body);
        refused.ResponseHeaders["Content-Type"].Should().Be("application/json", "a stream could not be refused any more");
        refused.Challenge()["error"].Should().Be("insufficient_scope");
        refused.Challenge()["scope"]!.Split(' ').Should().BeEquivalentTo("mcp:use", scope);

        (await guarded.AskAsync(Ask.Modern(method, parameters, name).Bearing("bob"))).Status.Should().Be(200);
    }

    [TestCaseSource(nameof(Operations))]
    public async Task A_token_that_lacks_what_all_need_is_told_the_rest_in_the_same_breath(string method, string parameters, string? name, string scope)
    {
        var guarded = Files();
        guarded.Tokens.Add("ann", "other");

        var refused = await guarded.AskAsync(Ask.Modern(method, parameters, name).Bearing("ann"));

        refused.Status.Should().Be(403);
        refused.Challenge()["scope"]!.Split(' ').Should().BeEquivalentTo("mcp:use", scope);
    }

    [TestCase("no JSON")]
    [TestCase("{}")]
    [TestCase("[]")]
    [TestCase("""{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":7}}""")]
    [TestCase("""{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"\ud800"}}""")]
    [TestCase("""{"jsonrpc":"2.0","id":1,"method":"tools/call","params":[]}""")]
    [TestCase("""{"jsonrpc":"2.0","id":1,"method":"tools/call"}""")]
    [TestCase("""{"jsonrpc":"2.0","method":"notifications/initialized"}""")]
    public async Task Whatever_such_a_token_sends_it_is_told_no_more_than_that(string body)
    {
        var guarded = Files();
        guarded.Tokens.Add("ann", "other");

        var refused = await guarded.AskAsync(new FakeHttpExchange("POST", "/mcp", body).Bearing("ann"));

        refused.Status.Should().Be(403);
        refused.Challenge()["scope"].Should().Be("mcp:use");
    }

    [Test]
    public async Task An_array_names_what_all_of_its_messages_need()
    {
        var guarded = Files();
        guarded.Tokens.Add("ann", "other");
        var body = $"[{Wire.LegacyCall("write")},{Wire.LegacyCall("whoami", "2")},{Wire.LegacyCall("read", "3")}]";

        var refused = await guarded.AskAsync(new FakeHttpExchange("POST", "/mcp", body).Bearing("ann"));

        refused.Status.Should().Be(403);
        refused.Challenge()["scope"]!.Split(' ').Should().BeEquivalentTo("mcp:use", "files:write", "files:read");
    }

    [TestCase("GET", "/mcp")]
    [TestCase("DELETE", "/mcp")]
    [TestCase("GET", "/sse")]
    [TestCase("POST", "/messages?sessionId=0")]
    [AuthorizationRequirement("RS16", "RS20")]
    public async Task Other_routes_are_refused_before_they_begin(string verb, string target)
    {
        var guarded = Files();
        guarded.Tokens.Add("ann", "other");
        var http = new FakeHttpExchange(verb, target, verb == "POST" ? "{}" : null).Bearing("ann").With("Accept", "text/event-stream");

        await guarded.AskAsync(http);

        http.Status.Should().Be(403);
        http.Challenge()["scope"].Should().Be("mcp:use");
    }

    [Test]
    [Spec("2026-07-28 basic/authorization §Step-Up Authorization Flow", 1, AtEveryRevision = true)]
    [AuthorizationRequirement("RS18")]
    public async Task A_broad_scope_stands_for_narrow_ones()
    {
        var guarded = Files(o => o.Implies = (granted, needed) => granted == "admin" || needed.StartsWith($"{granted}:", StringComparison.Ordinal));
        guarded.Tokens.Add("ann", "admin").Add("bob", "mcp:use files").Add("eve", "mcp files:writ");

        (await guarded.CallAsync("write", "ann")).Status.Should().Be(200);
        (await guarded.CallAsync("write", "bob")).Status.Should().Be(200);
        (await guarded.CallAsync("whoami", "eve")).Status.Should().Be(200);
        (await guarded.CallAsync("write", "eve")).Status.Should().Be(403);
    }

    [Test]
    [AuthorizationRequirement("RS16", "RS17")]
    public async Task A_tool_may_find_out_from_its_arguments_what_it_needs()
    {
        var guarded = Files();
        guarded.Tokens.Add("ann", "mcp:use").Add("bob", "mcp:use folder:b");

        var refused = await guarded.AskAsync(Folder("b").Bearing("ann"));
        refused.Status.Should().Be(403);
        refused.Challenge()["scope"].Should().Be("mcp:use folder:b");

        (await guarded.AskAsync(Folder("b").Bearing("bob"))).Body.Should().Contain("opened b");

        static FakeHttpExchange Folder(string name) =>
            Ask.Modern("tools/call", $$""" "name":"open","arguments":{"folder":"{{name}}"}, """, "open");
    }

    [Test]
    [AuthorizationRequirement("RS20")]
    public async Task Where_the_answer_has_begun_it_is_told_in_the_stream()
    {
        var guarded = Files();
        guarded.Tokens.Add("ann", "mcp:use");

        var http = await guarded.AskAsync(Wire.ModernPost("late").With("Accept", "application/json, text/event-stream").Bearing("ann"));

        http.Status.Should().Be(200);
        http.ResponseHeaders["Content-Type"].Should().Be("text/event-stream");
        http.ResponseHeaders.Should().NotContainKey("WWW-Authenticate");
        http.Body.Should().Contain("notifications/progress").And.Contain("\"code\":403").And.Contain("\"scopes\":[\"files:write\"]");
    }

    [Test]
    [Spec("2025-03-26 basic/authorization §Error Handling", 2)]
    public async Task In_an_array_each_message_has_its_own_answer()
    {
        var guarded = Files();
        guarded.Tokens.Add("ann", "mcp:use");
        var open = await guarded.AskAsync(new FakeHttpExchange("POST", "/mcp", Wire.Initialize("2025-03-26")).Bearing("ann"));

        var http = await guarded.AskAsync(new FakeHttpExchange("POST", "/mcp", $"[{Wire.LegacyCall("write")},{Wire.LegacyCall("whoami", "2")}]")
            .With("Mcp-Session-Id", open.ResponseHeaders["Mcp-Session-Id"]).Bearing("ann"));

        http.Status.Should().Be(200, "one of them was answered");
        http.Body.Should().Contain("\"code\":403").And.Contain("\"text\":\"ann\"");
    }

    private static IEnumerable<Revision> Sessional => KnownRevisions.All.Where(revision => revision is { Era: Era.Legacy, HasStreamableHttp: true });

    [TestCaseSource(nameof(Sessional))]
    [Spec("2025-11-25 basic/authorization §Runtime Insufficient Scope Errors")]
    [AuthorizationRequirement("RS14", "RS16")]
    public async Task In_a_session_every_request_is_held_against_its_own_token(Revision revision)
    {
        var guarded = Files();
        guarded.Tokens.Add("ann", "mcp:use", "few").Add("ann", "mcp:use files:write files:read db", "many");
        var open = await guarded.AskAsync(new FakeHttpExchange("POST", "/mcp", Wire.Initialize(revision.Version)).Bearing("many"));
        open.Status.Should().Be(200);

        (await CallAsync("many")).Body.Should().Contain("written");
        var refused = await CallAsync("few");
        refused.Status.Should().Be(403);
        refused.Challenge()["scope"].Should().Be("mcp:use files:write");
        (await CallAsync(null)).Status.Should().Be(401);
        (await SubscribeAsync("few")).Status.Should().Be(403);
        (await SubscribeAsync("many")).Status.Should().Be(200);

        Task<FakeHttpExchange> CallAsync(string? token) => SendAsync(Wire.LegacyCall("write"), token);

        Task<FakeHttpExchange> SubscribeAsync(string? token) =>
            SendAsync("""{"jsonrpc":"2.0","id":3,"method":"resources/subscribe","params":{"uri":"file://secret"}}""", token);

        Task<FakeHttpExchange> SendAsync(string body, string? token) => guarded.AskAsync(new FakeHttpExchange("POST", "/mcp", body)
            .With("Mcp-Session-Id", open.ResponseHeaders["Mcp-Session-Id"]).With("MCP-Protocol-Version", revision.Version).Bearing(token));
    }

    [Test]
    public async Task A_subscription_leaves_out_what_its_token_may_not_read()
    {
        var guarded = Files();
        guarded.Tokens.Add("ann", "mcp:use files:read");
        var listen = Listen.Post("""{"resourceSubscriptions":["file://secret","db://rows/1","file://nowhere"]}""").Bearing("ann");
        var served = guarded.Handler.HandleAsync(listen).AsTask();

        (await listen.NextMessageAsync()).Granted().Should().Be("""{"resourceSubscriptions":["file://secret"]}""");

        await guarded.Handler.StopAsync();
        await served;
    }

    private static GuardedServer Files(Action<AuthorizationOptions>? configure = null)
    {
        var options = new McpServerOptions { Capabilities = new() { Completions = new(), Resources = new() { Subscribe = true } } };
        return new GuardedServer(
            o =>
            {
                o.Scopes = ["mcp:use"];
                configure?.Invoke(o);
            },
            options,
            server =>
            {
                server.AddTool("write", "Writes", [McpScopes("files:write")] () => "written");
                server.AddTool("read", "Reads", [McpScopes("files:read")] () => "read");
                server.AddTool("open", "Opens", (string folder, RequestContext context) =>
                {
                    context.RequireScopes($"folder:{folder}");
                    return $"opened {folder}";
                });
                server.AddTool("late", "Finds out late", async (RequestContext context) =>
                {
                    await context.ReportProgressAsync(1);
                    throw new InsufficientScopeException("files:write");
                });
                server.AddPrompt("letter", "A letter", [McpScopes("letters")] (string? to) => $"Dear {to}");
                server.AddResource("file://secret", "secret", [McpScopes("files:read")] () => "s3cret");
                server.AddResourceTemplate("db://{table}/{id}", "rows", [McpScopes("db")] (string table, string id) => $"{table} {id}");
            });
    }

    private static TestCaseData Operation(string method, string parameters, string? name, string scope) =>
        new TestCaseData(method, parameters, name, scope).SetArgDisplayNames(method, scope);
}
