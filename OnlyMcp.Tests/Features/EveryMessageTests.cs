using System.Collections.Concurrent;
using System.Text.Json;
using OnlyMcp.Client;
using OnlyMcp.Protocol.JsonRpc;
using OnlyMcp.Protocol.Revisions;
using OnlyMcp.Protocol.Schema;
using OnlyMcp.Server;
using OnlyMcp.Tests.Support;

namespace OnlyMcp.Tests.Features;

/// <summary>What holds for every message, looked for in a conversation that has some of each kind, over each transport in each revision.</summary>
[TestFixtureSource(nameof(Ways))]
public sealed class EveryMessageTests(Way way)
{
    private static IEnumerable<TestFixtureData> Ways => Way.All.Select(way => new TestFixtureData(way).SetArgDisplayNames(way.ToString()));

    private bool IsModern => way.Revision.Era == Era.Modern;

    [Test]
    [Spec("2026-07-28 basic §Messages", 1)]
    [Spec("2026-07-28 basic §Requests", 1, 2)]
    [Spec("2026-07-28 basic §Notifications", 2)]
    [Spec("2026-07-28 basic §Error Responses", 2, 3)]
    [Spec("2026-07-28 basic §Result Responses", 2)]
    [Spec("2025-06-18 basic §Responses", 2, 3, 4)]
    [Spec("2026-07-28 basic §Error Codes", 3, 4, 5)]
    public async Task Each_has_the_members_of_its_kind_and_no_others()
    {
        using var record = await ConverseAsync();

        foreach (var message in record.Sent.Concat(record.Received))
        {
            message.GetProperty("jsonrpc").GetString().Should().Be("2.0");
            (WireRecord.IsRequest(message) || WireRecord.IsNotification(message) || WireRecord.IsResponse(message)).Should().BeTrue();
            message.EnumerateObject().Select(member => member.Name).Should().BeSubsetOf(Members(message));
            if (WireRecord.IsRequest(message))
                message.GetProperty("id").ValueKind.Should().BeOneOf(JsonValueKind.Number, JsonValueKind.String);
            if (WireRecord.IsResponse(message))
                (message.TryGetProperty("result", out _) ^ message.TryGetProperty("error", out _)).Should().BeTrue("a response has one of the two");
            if (message.TryGetProperty("error", out var error))
                (IsDefined(error.GetProperty("code").GetInt32()), error.GetProperty("message").ValueKind).Should().Be((true, JsonValueKind.String), $"{error}");
        }
    }

    [Test]
    [Spec("2026-07-28 basic §Requests", 3)]
    [Spec("2025-11-25 basic §Requests", 3)]
    [Spec("2026-07-28 basic §Result Responses", 1)]
    [Spec("2026-07-28 basic §Error Responses", 1)]
    [Spec("2026-07-28 basic §Notifications", 1)]
    [Spec("2025-06-18 basic §Responses", 1)]
    [Spec("2025-11-25 basic", 1)]
    [Spec("2026-07-28 basic/patterns/cancellation", 2)]
    public async Task Each_request_has_an_id_of_its_own_and_one_answer_with_that_id()
    {
        using var record = await ConverseAsync();

        var ids = record.SentRequests().Select(request => request.GetProperty("id").GetRawText()).ToArray();
        ids.Should().OnlyHaveUniqueItems();
        record.Received.Where(WireRecord.IsResponse).Select(response => response.GetProperty("id").GetRawText())
            .Should().BeEquivalentTo(ids, "each is answered once, and notifications are not");
        record.Received.Select(WireRecord.MethodOf).Should().NotContain("notifications/cancelled", "nothing was asked of the client");
    }

    [Test]
    [Spec("2026-07-28 basic §Result Responses", 3)]
    public async Task Results_say_what_type_they_are_where_the_revision_has_types()
    {
        using var record = await ConverseAsync();

        var results = record.Received.Where(message => message.TryGetProperty("result", out _)).Select(message => message.GetProperty("result")).ToArray();
        results.Should().NotBeEmpty();
        results.Select(result => result.TryGetProperty("resultType", out _)).Should().AllBeEquivalentTo(IsModern);
    }

    [Test]
    [Spec("2026-07-28 basic §_meta", 5)]
    [Spec("2026-07-28 basic/patterns/mrtr", 2)]
    [Spec("2026-07-28 server/prompts", 1)]
    [Spec("2026-07-28 server/resources", 1)]
    [Spec("2026-07-28 server/tools", 1)]
    [Spec("2026-07-28 server/utilities/completion", 1)]
    [Spec("2026-07-28 server/utilities/pagination", 1)]
    public async Task Each_request_carries_the_metadata_where_nothing_was_agreed_before()
    {
        using var record = await ConverseAsync();

        foreach (var request in record.SentRequests())
        {
            var meta = request.TryGetProperty("params", out var parameters) && parameters.TryGetProperty("_meta", out var found) ? found : default;
            var version = meta.ValueKind == JsonValueKind.Object && meta.TryGetProperty(MetaKeys.ProtocolVersion, out var named) ? named.GetString() : null;
            version.Should().Be(IsModern ? way.Revision.Version : null, $"of {WireRecord.MethodOf(request)}");
            if (IsModern)
                (meta.GetProperty(MetaKeys.ClientCapabilities).ValueKind, meta.GetProperty(MetaKeys.ClientInfo).ValueKind).Should().Be((JsonValueKind.Object, JsonValueKind.Object));
        }
    }

    [Test]
    [Spec("2025-11-25 basic/lifecycle §Initialization", 1, 2, 3, 4, 5, 6)]
    [Spec("2025-11-25 basic/lifecycle §Version Negotiation", 1, 2)]
    public async Task A_session_is_opened_before_anything_else()
    {
        using var record = await ConverseAsync();
        if (IsModern)
        {
            record.Sent.Select(WireRecord.MethodOf).Should().NotContain("initialize");
            return;
        }

        record.Sent.Take(2).Select(WireRecord.MethodOf).Should().Equal("initialize", "notifications/initialized");
        var parameters = record.Sent[0].GetProperty("params");
        parameters.GetProperty("protocolVersion").GetString().Should().Be(way.Revision.Version);
        parameters.GetProperty("capabilities").ValueKind.Should().Be(JsonValueKind.Object);
        parameters.GetProperty("clientInfo").GetProperty("name").GetString().Should().Be("everything");
        var answer = record.Received[0].GetProperty("result");
        answer.GetProperty("protocolVersion").GetString().Should().Be(way.Revision.Version);
        answer.GetProperty("capabilities").ValueKind.Should().Be(JsonValueKind.Object);
        answer.GetProperty("serverInfo").GetProperty("name").GetString().Should().Be("talkative");
    }

    [Test]
    [Spec("2025-11-25 basic/lifecycle §Operation", 1)]
    public async Task Both_sides_keep_to_the_version_that_is_spoken()
    {
        await using var connected = await way.ConnectAsync(Server([]));

        connected.Client.ProtocolVersion.Should().Be(way.Revision.Version);
        (await connected.Client.CallToolAsync("version")).Text.Should().Be(way.Revision.Version);
    }

    [Test]
    [Spec("2026-07-28 basic/patterns/progress §Progress Flow", 1, 2, 3)]
    [Spec("2025-11-25 basic/utilities/progress §Progress Flow", 2)]
    [Spec("2026-07-28 basic/patterns/progress §Behavior Requirements", 1, 2)]
    [Spec("2026-07-28 basic/patterns/progress §Implementation Notes", 1)]
    public async Task Progress_grows_and_names_a_request_that_is_open()
    {
        using var record = await ConverseAsync();

        var asked = record.SentRequests("tools/call").Where(call => call.ToString().Contains("progressToken", StringComparison.Ordinal)).ToArray();
        var tokens = asked.ToDictionary(call => call.GetProperty("params").GetProperty("_meta").GetProperty("progressToken").GetRawText(), call => call.GetProperty("id").GetRawText());
        tokens.Should().HaveCount(10, "each has a token of its own");
        foreach (var (token, id) in tokens)
        {
            var heard = record.Received.Where(message => Concerns(message, token, id)).ToArray();
            heard.Select(message => WireRecord.IsResponse(message) ? double.MaxValue : message.GetProperty("params").GetProperty("progress").GetDouble())
                .Should().Equal([1, 2, 3, double.MaxValue], "reports that do not grow are left out, and none comes after the answer");
        }

        record.Received.Where(message => WireRecord.MethodOf(message) == "notifications/progress")
            .Should().OnlyContain(message => tokens.ContainsKey(message.GetProperty("params").GetProperty("progressToken").GetRawText()));
    }

    private bool IsDefined(int code) => code is >= -32603 and <= -32600 or -32700 or >= -32022 and <= -32020 || (!IsModern && code is -32002 or -32042);

    private static bool Concerns(JsonElement message, string token, string id) => WireRecord.IsResponse(message)
        ? message.GetProperty("id").GetRawText() == id
        : WireRecord.MethodOf(message) == "notifications/progress" && message.GetProperty("params").GetProperty("progressToken").GetRawText() == token;

    private static string[] Members(JsonElement message) => WireRecord.IsResponse(message)
        ? ["jsonrpc", "id", "result", "error"]
        : WireRecord.IsRequest(message) ? ["jsonrpc", "id", "method", "params"] : ["jsonrpc", "method", "params"];

    /// <summary>Good and bad requests to every feature, several at a time, with progress and log.</summary>
    private async Task<WireRecord> ConverseAsync()
    {
        var record = new WireRecord();
        var options = new McpClientOptions
        {
            ClientInfo = new Implementation { Name = "everything", Version = "1" },
            WireTap = record.Tap,
            LogLevel = LoggingLevel.Debug,
            OnLog = _ => { },
        };
        var talked = new ConcurrentBag<RequestContext>();
        await using var connected = await way.ConnectAsync(Server(talked), options);
        var client = connected.Client;
        await client.PingAsync();
        await client.ListToolsAsync().CountAsync();
        await Task.WhenAll(Enumerable.Range(0, 10).Select(_ => client.CallToolAsync("talk", options: new RequestOptions { OnProgress = _ => { } })));
        await client.CallToolAsync("talk");
        foreach (var over in talked)
            await over.ReportProgressAsync(4);
        foreach (var (method, parameters) in Unanswerable)
            await client.Awaiting(it => it.SendRequestAsync(method, new JsonBody(JsonSerializer.SerializeToUtf8Bytes(parameters)))).Should().ThrowAsync<JsonRpcException>();
        return record;
    }

    private static readonly (string Method, object Parameters)[] Unanswerable =
    [
        ("tools/call", new { name = "none" }), ("tools/list", new { cursor = "none" }), ("prompts/get", new { name = "none" }),
        ("resources/read", new { uri = "none://none" }), ("completion/complete", new { none = 1 }), ("no/such", new { }),
    ];

    private static McpServer Server(ConcurrentBag<RequestContext> talked)
    {
        var server = new McpServer("talkative", "1.0.0");
        server.AddPrompt("prompt", "Is one", () => "prompt");
        server.AddResource("note://a", "a", "a");
        server.AddTool("version", "Says what is spoken", (RequestContext context) => context.ProtocolVersion);
        server.AddTool("talk", "Reports and logs", async (RequestContext context) =>
        {
            talked.Add(context);
            foreach (var progress in new[] { 1, 2, 1, 2, 3 })
            {
                await context.ReportProgressAsync(progress);
                await context.LogAsync(LoggingLevel.Info, $"{progress}");
            }

            return "said";
        });
        return server;
    }
}
