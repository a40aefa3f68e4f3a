using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using OnlyMcp.Tests.Support;

namespace OnlyMcp.Tests.Transcripts;

/// <summary>Every message of every transcript, of both sides, is held against the schema of its revision.</summary>
public sealed class TranscriptSchemaTests
{
    // These schemas want an id on every error, which an answer to unreadable bytes cannot have.
    private static readonly string[] ErrorsHaveIds = ["2024-11-05", "2025-03-26", "2025-06-18"];

    private static IEnumerable<TestCaseData> All =>
        Transcript.All.Select(transcript => new TestCaseData(transcript).SetArgDisplayNames(transcript.ToString()));

    [TestCaseSource(nameof(All))]
    public async Task Every_message_of_a_transcript_keeps_to_the_schema_of_its_revision(object given)
    {
        var transcript = (Transcript)given;
        WireSchemas schemas = WireSchemas.Of(transcript.Revision);

        IReadOnlyList<SentMessage> messages = await JudgedAsync(transcript);

        messages.Should().NotBeEmpty();
        foreach (SentMessage sent in messages)
        {
            schemas.Faults(sent.Message, sent.From, sent.Answered).Should().BeEmpty($"{sent.From} sent {sent.Message.ToJsonString()}");
        }
    }

    [Test]
    public async Task Another_validator_finds_no_fault_either()
    {
        var input = new StringBuilder();
        foreach (Transcript transcript in Transcript.All)
        {
            WireSchemas schemas = WireSchemas.Of(transcript.Revision);
            foreach (SentMessage sent in await JudgedAsync(transcript)) input.AppendLine(Line(schemas, sent).ToJsonString());
        }

        await using ChildProcess validator = ChildProcess.Start(Peers.Command("validate.mjs"));
        await validator.WriteAndCloseAsync(input.ToString());
        ChildResult result = await validator.EndAsync();

        result.ExitCode.Should().Be(0, $"of what it says:{Environment.NewLine}{result.Output}{result.Errors}");
        result.Output.Should().MatchRegex(@"^[1-9]\d* values, 0 faults\s*$");
    }

    [TestCase("2025-11-25", "Client", """{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{}}""", null)]
    [TestCase("2025-11-25", "Client", """{"jsonrpc":"2.0","id":1,"method":"server/discover"}""", null)]
    [TestCase("2025-11-25", "Client", """{"jsonrpc":"2.0","id":1,"method":"elicitation/create"}""", null)]
    [TestCase("2025-11-25", "Client", """{"jsonrpc":"2.0","method":"notifications/message","params":{"level":"info","data":1}}""", null)]
    [TestCase("2025-11-25", "Server", """{"jsonrpc":"2.0","id":1,"result":{"tools":[{}]}}""", "tools/list")]
    [TestCase("2025-11-25", "Server", """{"jsonrpc":"2.0","id":1,"result":{"roots":[]}}""", "roots/list")]
    [TestCase("2025-11-25", "Server", """{"jsonrpc":"2.0","id":1,"error":{"code":1.5,"message":"a"}}""", "tools/list")]
    [TestCase("2026-07-28", "Client", """{"jsonrpc":"2.0","id":1,"method":"tools/list","params":{}}""", null)]
    [TestCase("2026-07-28", "Server", """{"jsonrpc":"2.0","id":1,"result":{"content":[]}}""", "tools/call")]
    [TestCase(
        "2026-07-28", "Server",
        """{"jsonrpc":"2.0","id":1,"result":{"resultType":"input_required","inputRequests":{"a":{"method":"ping"}}}}""", "tools/call")]
    [TestCase("2026-07-28", "Client", """{"jsonrpc":"2.0","method":"notifications/initialized"}""", null)]
    [TestCase("2025-11-25", "Server", """{"jsonrpc":"2.0","id":1,"result":{"task":{"taskId":"a","status":"working"}}}""", "tools/call")]
    [TestCase("2025-11-25", "Server", """{"jsonrpc":"2.0","method":"notifications/tasks","params":{"taskId":"a"}}""", null)]
    [TestCase("2025-11-25", "Client", """{"jsonrpc":"2.0","id":1,"method":"tasks/update","params":{"taskId":"a","inputResponses":{}}}""", null)]
    [TestCase("2026-07-28", "Client", """{"jsonrpc":"2.0","id":1,"method":"tasks/get","params":{}}""", null)]
    [TestCase("2026-07-28", "Client", """{"jsonrpc":"2.0","id":1,"method":"tasks/list","params":{}}""", null)]
    [TestCase("2026-07-28", "Client", """{"jsonrpc":"2.0","id":1,"method":"tasks/update","params":{"taskId":"a","inputResponses":[]}}""", null)]
    [TestCase("2026-07-28", "Server", """{"jsonrpc":"2.0","id":1,"result":{"resultType":"task","taskId":"a","status":"working"}}""", "tools/call")]
    [TestCase("2026-07-28", "Server", """{"jsonrpc":"2.0","id":1,"result":{"resultType":"complete","taskId":"a","status":"done"}}""", "tasks/get")]
    [TestCase("2026-07-28", "Server", """{"jsonrpc":"2.0","id":1,"result":{}}""", "tasks/cancel")]
    [TestCase("2026-07-28", "Server", """{"jsonrpc":"2.0","method":"notifications/tasks","params":{"taskId":"a","status":"completed"}}""", null)]
    [TestCase("2024-11-05", "Server", """{"jsonrpc":"2.0","id":1,"result":{"content":[{"type":"audio","data":"","mimeType":""}]}}""", "tools/call")]
    public async Task A_message_that_does_not_keep_to_its_schema_is_found_by_both(
        string revision, string from, string json, string? answered)
    {
        WireSchemas schemas = WireSchemas.Of(revision);
        var message = JsonNode.Parse(json)!.AsObject();

        schemas.Faults(message, from, answered).Should().NotBeEmpty();

        if (!IsKnown(schemas, new SentMessage(message, from, answered))) return;
        await using ChildProcess validator = ChildProcess.Start(Peers.Command("validate.mjs"));
        await validator.WriteAndCloseAsync(Line(schemas, new SentMessage(message, from, answered)).ToJsonString());
        (await validator.EndAsync()).ExitCode.Should().Be(1);
    }

    private static async Task<IReadOnlyList<SentMessage>> JudgedAsync(Transcript transcript)
    {
        IReadOnlyList<SentMessage> messages = await TranscriptMessages.ReplayAsync(transcript);
        return ErrorsHaveIds.Contains(transcript.Revision)
            ? [.. messages.Where(sent => !sent.Message.ContainsKey("error") || sent.Message["id"] is not null)]
            : messages;
    }

    private static bool IsKnown(WireSchemas schemas, SentMessage sent)
    {
        try
        {
            return schemas.References(sent.Message, sent.From, sent.Answered).Any();
        }
        catch (KeyNotFoundException)
        {
            return false;
        }
    }

    private static JsonObject Line(WireSchemas schemas, SentMessage sent) => new()
    {
        ["message"] = sent.Message.DeepClone(),
        ["definitions"] = new JsonArray([.. schemas.References(sent.Message, sent.From, sent.Answered)
            .Select(reference => new JsonArray(reference.Schemas.File, reference.Definition, reference.Member))]),
    };
}
