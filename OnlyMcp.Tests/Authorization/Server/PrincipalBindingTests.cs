using System.Text.Json;
using OnlyMcp.Protocol.Revisions;
using OnlyMcp.Server;
using OnlyMcp.Server.Authorization;
using OnlyMcp.Server.Http;
using OnlyMcp.Server.Tools;
using OnlyMcp.Tests.Support;

namespace OnlyMcp.Tests.Authorization.Server;

/// <summary>What is one user's is nobody else's, whoever knows its name: sessions, streams, tasks, states.</summary>
[AuthorizationRequirement("RS13")]
public sealed class PrincipalBindingTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private static IEnumerable<Revision> Sessional => KnownRevisions.All.Where(revision => revision is { Era: Era.Legacy, HasStreamableHttp: true });

    // Attack: another's session id, with a good token of one's own.
    [TestCaseSource(nameof(Sessional))]
    [Spec("2025-11-25 basic/transports §Session Management")]
    public async Task A_session_is_its_openers_alone(Revision revision)
    {
        var guarded = Guarded();
        var id = await OpenAsync(guarded, "ann", revision.Version);
        var listening = Request("GET", null, "ann");
        var served = guarded.Handler.HandleAsync(listening).AsTask();
        await listening.NextWriteAsync();

        foreach (var (verb, body) in new[] { ("POST", Wire.LegacyCall("whoami")), ("GET", null), ("DELETE", null) })
        {
            var foreign = await guarded.AskAsync(Request(verb, body, "bob"));
            foreign.Status.Should().Be(404);
            foreign.Body.Should().Be((await guarded.AskAsync(Request(verb, body, "bob").With("Mcp-Session-Id", "unknown"))).Body);
        }

        // The first stream is untouched, and another token of the same user does as well.
        served.IsCompleted.Should().BeFalse();
        (await guarded.AskAsync(Request("POST", Wire.LegacyCall("whoami"), "ann-again"))).Body.Should().Contain("\"text\":\"ann\"");
        (await guarded.AskAsync(Request("POST", Wire.LegacyCall("whoami"), "ann-elsewhere"))).Status.Should().Be(404, "another issuer's ann is another ann");
        (await guarded.AskAsync(Request("DELETE", null, "ann"))).Status.Should().Be(204);
        await served.WaitAsync(Patience);

        FakeHttpExchange Request(string verb, string? body, string token) => new FakeHttpExchange(verb, "/mcp", body)
            .With("Accept", body is null ? "text/event-stream" : null)
            .With("Mcp-Session-Id", id).With("MCP-Protocol-Version", revision.Version).Bearing(token);
    }

    [Test]
    [Spec("2024-11-05 basic/transports §HTTP with SSE")]
    public async Task An_event_stream_takes_messages_of_its_openers_alone()
    {
        var guarded = Guarded();
        var sse = new FakeHttpExchange("GET", "/sse").With("Accept", "text/event-stream").Bearing("ann");
        var served = guarded.Handler.HandleAsync(sse).AsTask();
        var address = (await sse.NextWriteAsync()).Split('\n')[1]["data: ".Length..].Replace("https://mcp.example.com", "", StringComparison.Ordinal);

        (await PostAsync(Wire.Initialize("2024-11-05"), "bob")).Status.Should().Be(404);
        (await PostAsync(Wire.Initialize("2024-11-05"), "ann")).Status.Should().Be(202);
        (await PostAsync(Wire.LegacyCall("whoami"), "ann-again")).Status.Should().Be(202);
        (await PostAsync(Wire.LegacyCall("whoami"), "bob")).Status.Should().Be(404);
        (await PostAsync(Wire.LegacyCall("whoami"), null)).Status.Should().Be(401);

        (await sse.NextMessageAsync()).GetProperty("id").GetInt32().Should().Be(0);
        (await sse.NextMessageAsync()).GetRawText().Should().Contain("\"text\":\"ann\"");
        await guarded.Handler.StopAsync();
        await served.WaitAsync(Patience);

        Task<FakeHttpExchange> PostAsync(string body, string? token) => guarded.AskAsync(new FakeHttpExchange("POST", address, body).Bearing(token));
    }

    [Test]
    [Spec("ext-tasks tasks §Security Considerations", 2)]
    public async Task A_task_is_its_beginners_alone_and_needs_what_its_tool_needs()
    {
        var guarded = Guarded(server => server.AddTool("long", "Takes long", [McpTask][McpScopes("long")] (CancellationToken cancellation) =>
            Task.Delay(Timeout.Infinite, cancellation)));
        var begun = await guarded.AskAsync(Tasks("tools/call", """ "name":"long","arguments":{}, """, "long").Bearing("ann-again"));
        var task = Result(begun).GetProperty("taskId").GetString()!;

        foreach (var method in new[] { "tasks/get", "tasks/cancel" })
        {
            var foreign = await guarded.AskAsync(About(method, task).Bearing("bob"));
            foreign.Body.Should().Contain("-32602");
            var unknown = new string('0', 32);
            foreign.Body.Replace(task, unknown, StringComparison.Ordinal)
                .Should().Be((await guarded.AskAsync(About(method, unknown).Bearing("bob"))).Body);

            var weaker = await guarded.AskAsync(About(method, task).Bearing("ann"));
            weaker.Status.Should().Be(403, weaker.Body);
            weaker.Challenge()["scope"].Should().Be("long");
        }

        Result(await guarded.AskAsync(About("tasks/get", task).Bearing("ann-again"))).GetProperty("status").GetString().Should().Be("working");
        (await guarded.AskAsync(About("tasks/cancel", task).Bearing("ann-again"))).Status.Should().Be(200);
    }

    [Test]
    [Spec("2025-11-25 basic/utilities/tasks §Task Isolation and Access Control", 4)]
    public async Task A_weaker_token_of_the_same_user_lists_no_task_that_it_could_not_begin()
    {
        var guarded = Guarded(server => server.AddTool("long", "Takes long", [McpTask][McpScopes("long")] (CancellationToken cancellation) =>
            Task.Delay(Timeout.Infinite, cancellation)));
        var id = await OpenAsync(guarded, "ann", "2025-11-25");
        await SendAsync("tools/call", """{"name":"long","arguments":{},"task":{}}""", "ann-again");

        (await SendAsync("tasks/list", "{}", "ann")).GetProperty("tasks").GetArrayLength().Should().Be(0);
        (await SendAsync("tasks/list", "{}", "ann-again")).GetProperty("tasks").GetArrayLength().Should().Be(1);

        async Task<JsonElement> SendAsync(string method, string parameters, string token) => Result(await guarded.AskAsync(new FakeHttpExchange(
            "POST", "/mcp", $$"""{"jsonrpc":"2.0","id":1,"method":"{{method}}","params":{{parameters}}}""")
            .With("Mcp-Session-Id", id).With("MCP-Protocol-Version", "2025-11-25").Bearing(token)));
    }

    [Test]
    [Spec("2026-07-28 basic/patterns/mrtr §Server Requirements (Basic Workflow)")]
    public async Task A_request_state_is_worth_nothing_with_anothers_token()
    {
        var guarded = Guarded(server => server.AddTool("ask", "Asks", async (RequestContext context) =>
            (await context.ListRootsAsync("roots")).Count.ToString(System.Globalization.CultureInfo.InvariantCulture)));
        var asked = await guarded.AskAsync(Asking().Bearing("ann"));
        var state = Result(asked).GetProperty("requestState").GetRawText();
        var answer = $$""" "requestState":{{state}},"inputResponses":{"roots":{"roots":[]} }, """;

        (await guarded.AskAsync(Asking(answer).Bearing("bob"))).Body.Should().Contain("-32602");
        (await guarded.AskAsync(Asking(answer).Bearing("ann-elsewhere"))).Body.Should().Contain("-32602");
        (await guarded.AskAsync(Asking(answer).Bearing("ann-again"))).Body.Should().Contain("\"text\":\"0\"");

        static FakeHttpExchange Asking(string more = "") => Ask.Modern(
            "tools/call", $$""" "name":"ask","arguments":{},{{more}} """, "ask", """{"roots":{}}""");
    }

    [Test]
    public async Task What_a_handler_keeps_for_a_principal_is_kept_for_the_token_holders_subject()
    {
        var guarded = Guarded(server => server.AddTool("count", "Counts", (RequestContext context) =>
            (int)context.PrincipalItems.AddOrUpdate("n", 1, (_, n) => (int)n! + 1)!));

        (await guarded.CallAsync("count", "ann")).Body.Should().Contain("\"text\":\"1\"");
        (await guarded.CallAsync("count", "ann-again")).Body.Should().Contain("\"text\":\"2\"");
        (await guarded.CallAsync("count", "bob")).Body.Should().Contain("\"text\":\"1\"");
        (await guarded.CallAsync("count", "ann-elsewhere")).Body.Should().Contain("\"text\":\"1\"");
    }

    [Test]
    public async Task The_token_outweighs_whomever_the_host_knows()
    {
        var guarded = Guarded();
        var http = Wire.ModernPost("whoami").Bearing("ann");
        http.User = KnownTokens.Somebody("proxy");

        (await guarded.AskAsync(http)).Body.Should().Contain("\"text\":\"ann\"");
    }

    [Test]
    [AuthorizationRequirement("RS10")]
    public async Task A_tool_sees_what_its_callers_token_allows_and_never_the_token()
    {
        var guarded = Guarded(server => server.AddTool("token", "Looks", (RequestContext context) =>
            $"{context.AccessToken!.ClientId} {string.Join(',', context.AccessToken.Scopes)} {context.AccessToken}"));
        guarded.Tokens.Add("ann", "a b", "s3cret", token => token with { ClientId = "client-1" });

        (await guarded.CallAsync("token", "s3cret")).Body.Should().Contain("client-1 a,b").And.NotContain("s3cret");
    }

    private static GuardedServer Guarded(Action<McpServer>? offer = null)
    {
        var guarded = new GuardedServer(offer: offer);
        guarded.Tokens.Add("ann").Add("bob", "long").Add("ann", "long", "ann-again");
        guarded.Tokens.Add("ann", "long", "ann-elsewhere", token => token with
        {
            Issuer = "https://other.example.com",
            Principal = KnownTokens.Somebody("ann", "https://other.example.com"),
        });
        return guarded;
    }

    private static async Task<string> OpenAsync(GuardedServer guarded, string token, string version)
    {
        var open = await guarded.AskAsync(new FakeHttpExchange("POST", "/mcp", Wire.Initialize(version)).Bearing(token));
        open.Status.Should().Be(200, open.Body);
        return open.ResponseHeaders["Mcp-Session-Id"];
    }

    private static FakeHttpExchange Tasks(string method, string parameters, string? name = null) =>
        Ask.Modern(method, parameters, name, """{"extensions":{"io.modelcontextprotocol/tasks":{}}}""");

    private static FakeHttpExchange About(string method, string task) => Tasks(method, $"\"taskId\":\"{task}\",", task);

    private static JsonElement Result(FakeHttpExchange http) => JsonElement.Parse(http.Body).TryGetProperty("result", out var result)
        ? result
        : throw new InvalidOperationException($"{http.Status} {http.Body}");
}
