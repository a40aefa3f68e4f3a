using System.Text.Json;
using OnlyMcp.Client;
using OnlyMcp.Protocol.JsonRpc;
using OnlyMcp.Protocol.Revisions;
using OnlyMcp.Tests.Support;

namespace OnlyMcp.Tests.Client;

/// <summary>What our client sends over Streamable HTTP, request by request, in each revision that has it.</summary>
public sealed class EveryPostTests
{
    private const string Done = """{"resultType":"complete","content":[{"type":"text","text":"done"}]}""";

    private static IEnumerable<Revision> Revisions => KnownRevisions.All.Where(revision => revision.HasStreamableHttp);

    [TestCaseSource(nameof(Revisions))]
    [Spec("2026-07-28 basic/transports/streamable-http §Sending Messages", 1, 2, 3, 5)]
    [Spec("2025-11-25 basic/transports §Sending Messages to the Server", 4)]
    [Spec("2025-03-26 basic/transports §Sending Messages to the Server", 4)]
    [Spec("2025-03-26 basic/lifecycle §Initialization", 5)]
    public async Task Each_message_is_a_post_of_its_own_that_takes_both_kinds_of_answer(Revision revision)
    {
        await using var server = Server(revision, call => call.ResultAsync(Done));
        await using (var client = await ConnectAsync(server, revision))
            await Task.WhenAll(Enumerable.Range(0, 3).Select(_ => client.CallToolAsync("t")));

        var posts = server.Calls.Where(call => call.Body.Length > 0).ToArray();
        posts.Select(call => call.RpcMethod).Where(method => method == "tools/call").Should().HaveCount(3);
        posts.Should().OnlyContain(call => call.Verb == "POST" && call.Target == "/mcp" && call.Json.ValueKind == JsonValueKind.Object
            && call.Header("Accept") == "application/json, text/event-stream" && call.Header("Content-Type") == "application/json");
    }

    [TestCaseSource(nameof(Revisions))]
    [Spec("2026-07-28 basic/transports/streamable-http §Sending Messages", 10)]
    public async Task An_answer_may_be_one_object_or_a_stream(Revision revision)
    {
        await using var server = Server(revision, async call =>
        {
            if (call.Json.GetProperty("params").GetProperty("name").GetString() == "plain")
            {
                await call.ResultAsync(Done);
                return;
            }

            await call.BeginEventsAsync();
            await call.EventAsync($$"""{"jsonrpc":"2.0","id":{{call.Id}},"result":{{Done}}}""");
        });
        await using var client = await ConnectAsync(server, revision);

        (await client.CallToolAsync("plain")).Text.Should().Be("done");
        (await client.CallToolAsync("streamed")).Text.Should().Be("done");
    }

    [TestCaseSource(nameof(Revisions))]
    [Spec("2025-11-25 basic/transports §Listening for Messages from the Server", 1)]
    public async Task The_stream_of_a_session_is_asked_for_as_one(Revision revision)
    {
        await using var server = Server(revision, call => call.ResultAsync(Done));
        await using var client = await ConnectAsync(server, revision);
        await client.CallToolAsync("t");

        if (revision.Era == Era.Modern)
            server.Methods.Should().NotContain("GET", "there are no sessions");
        else
            await SessionTests.Eventually(() => server.Calls.Any(call => call.Verb == "GET" && call.Header("Accept") == "text/event-stream"));
    }

    [Test]
    [Spec("2026-07-28 basic/transports/streamable-http §Sending Messages", 6)]
    [Spec("2026-07-28 basic/patterns", 1)]
    public async Task A_modern_client_answers_nothing()
    {
        var faults = new List<string>();
        var modern = KnownRevisions.Newest(Era.Modern);
        await using var server = Server(modern, async call =>
        {
            await call.BeginEventsAsync();
            await call.EventAsync("""{"jsonrpc":"2.0","id":"s","method":"ping"}""");
            await call.EventAsync($$"""{"jsonrpc":"2.0","id":{{call.Id}},"result":{{Done}}}""");
        });
        await using var client = await ConnectAsync(server, modern, new McpClientOptions { OnProtocolFault = fault => faults.Add(fault.OffendingText) });

        (await client.CallToolAsync("t")).Text.Should().Be("done");
        faults.Should().ContainSingle().Which.Should().Contain("ping");
        server.Methods.Should().Equal("server/discover", "tools/call");
    }

    [TestCase("tool", "tool")]
    [TestCase("two words", "two words")]
    [TestCase("zähle", "=?base64?esOkaGxl?=")]
    [TestCase(" before", "=?base64?IGJlZm9yZQ==?=")]
    [TestCase("behind ", "=?base64?YmVoaW5kIA==?=")]
    [TestCase("a\r\nEvil: b", "=?base64?YQ0KRXZpbDogYg==?=")]
    [TestCase("a\tb", "=?base64?YQli?=")]
    [TestCase("=?base64?dG9vbA==?=", "=?base64?PT9iYXNlNjQ/ZEc5dmJBPT0/PQ==?=")]
    [Spec("2026-07-28 basic/transports/streamable-http §Value Encoding", 2, 3, 6)]
    [Spec("2026-07-28 basic/transports/streamable-http §Standard Request Headers", 2)]
    public async Task A_name_that_no_header_can_hold_goes_in_Base64(string name, string header)
    {
        var modern = KnownRevisions.Newest(Era.Modern);
        await using var server = Server(modern, call => call.ResultAsync(Done));
        await using var client = await ConnectAsync(server, modern);
        await client.CallToolAsync(name);

        server.Calls.Last().Header("Mcp-Name").Should().Be(header);
        server.Calls.Last().Headers.Should().NotContainKey("Evil");
    }

    [TestCase("2025-03-26")]
    [TestCase("2025-06-18")]
    [TestCase("2025-11-25")]
    [Spec("2025-11-25 basic/transports §Session Management", 2)]
    public async Task A_session_id_stays_with_its_server(string version)
    {
        await using var other = new ScriptedHttpServer(call => call.ResultAsync(Done));
        await using var server = Server(KnownRevisions.Find(version)!, call => call.RespondAsync(307, headers: $"Location: {other.Url}\r\n"));
        await using var client = await ConnectAsync(server, KnownRevisions.Find(version)!);

        await client.Awaiting(it => it.CallToolAsync("t")).Should().ThrowAsync<Exception>();
        other.Calls.Should().BeEmpty();
        server.Calls.Should().OnlyContain(call => !call.Target.Contains("s1", StringComparison.Ordinal), "nor does it stand in an address");
    }

    private static Task<McpClient> ConnectAsync(ScriptedHttpServer server, Revision revision, McpClientOptions? options = null) =>
        HttpProbeTests.ConnectAsync(server, (options ?? new McpClientOptions()) with { Revision = revision });

    private static ScriptedHttpServer Server(Revision revision, Func<HttpCall, Task> answer) => new(call => (call.Verb, call.RpcMethod) switch
    {
        ("GET", _) => call.RespondAsync(405),
        ("DELETE", _) => call.RespondAsync(200),
        (_, "server/discover") => call.ResultAsync(HttpProbeTests.Discovered),
        (_, "initialize") => call.ResultAsync(
            $$$"""{"protocolVersion":"{{{revision}}}","capabilities":{"tools":{},"prompts":{},"resources":{},"completions":{ } },"serverInfo":{"name":"old","version":"1"}}""", "Mcp-Session-Id: s1\r\n"),
        (_, "notifications/initialized") or (_, null) => call.RespondAsync(202),
        _ => answer(call),
    });
}
