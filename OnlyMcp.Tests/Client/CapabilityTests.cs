using System.Text.Json;
using OnlyMcp.Client;
using OnlyMcp.Client.Inputs;
using OnlyMcp.Protocol.Revisions;
using OnlyMcp.Protocol.Schema;
using OnlyMcp.Tests.Support;

namespace OnlyMcp.Tests.Client;

public sealed class CapabilityTests
{
    private static readonly McpClientOptions Forms = new() { OnElicit = (_, _, _) => ValueTask.FromResult(ElicitAnswer.Cancel) };
    private static readonly McpClientOptions Pages = new() { OnElicitUrl = (_, _, _) => ValueTask.FromResult(ElicitAnswer.Cancel) };
    private static readonly McpClientOptions Model = new() { OnSample = (_, _, _) => ValueTask.FromResult<CreateMessageResult?>(null) };

    private static IEnumerable<TestCaseData> Cases()
    {
        yield return Case(new(), "2026-07-28", "{}");
        yield return Case(Forms, "2026-07-28", """{"elicitation":{"form":{}}}""");
        yield return Case(Pages, "2026-07-28", """{"elicitation":{"url":{}}}""");
        yield return Case(Forms with { OnElicitUrl = Pages.OnElicitUrl }, "2025-11-25", """{"elicitation":{"form":{},"url":{}}}""");
        yield return Case(Forms with { OnElicitUrl = Pages.OnElicitUrl }, "2025-06-18", """{"elicitation":{}}""");
        yield return Case(Pages, "2025-06-18", "{}");
        yield return Case(Forms, "2025-03-26", "{}");
        yield return Case(Model, "2024-11-05", """{"sampling":{}}""");
        yield return Case(Model with { SamplesWithTools = true, SamplesWithContext = true }, "2025-06-18", """{"sampling":{}}""");
        yield return Case(Model, "2025-03-26", """{"sampling":{}}""");
        yield return Case(new() { Roots = [] }, "2025-03-26", """{"roots":{"listChanged":true}}""");
        yield return Case(new() { Roots = [] }, "2025-06-18", """{"roots":{"listChanged":true}}""");
        yield return Case(Model with { SamplesWithTools = true }, "2025-11-25", """{"sampling":{"tools":{}}}""");
        yield return Case(Model with { SamplesWithContext = true }, "2026-07-28", """{"sampling":{"context":{}}}""");
        yield return Case(new() { SamplesWithTools = true }, "2026-07-28", "{}");
        yield return Case(new() { Roots = [] }, "2024-11-05", """{"roots":{"listChanged":true}}""");
        yield return Case(new() { Roots = [] }, "2025-11-25", """{"roots":{"listChanged":true}}""");
        yield return Case(new() { Roots = [] }, "2026-07-28", """{"roots":{}}""");
        yield return Case(
            Forms with { Capabilities = new ClientCapabilities { Elicitation = new() { Url = new() }, Sampling = new() } },
            "2026-07-28",
            """{"sampling":{},"elicitation":{"form":{},"url":{}}}""");
    }

    [TestCaseSource(nameof(Cases))]
    [Spec("2026-07-28 client/elicitation §Capabilities", 1, 2)]
    [Spec("2026-07-28 client/sampling §Capabilities", 1)]
    [Spec("2026-07-28 client/roots §Capabilities", 1)]
    [Spec("2026-07-28 client/sampling §Tools in Sampling", 1)]
    [Spec("2025-11-25 client/elicitation §Capabilities", 1, 2)]
    [Spec("2025-11-25 client/sampling §Capabilities", 1)]
    [Spec("2025-11-25 client/roots §Capabilities", 1)]
    public void What_has_a_handler_is_declared_in_the_words_of_the_revision(McpClientOptions options, string version, string declared) =>
        JsonSerializer.Serialize(DeclaredCapabilities.Of(options, KnownRevisions.Find(version)!), McpJson.Wire.ClientCapabilities)
            .Should().Be(declared);

    [Test]
    [Spec("2026-07-28 client/elicitation §Capabilities", 1)]
    [Spec("2025-11-25 client/elicitation §Capabilities", 1, 2)]
    public async Task They_are_declared_with_initialize_and_with_every_modern_request()
    {
        await using var pipe = new ScriptedPipe();
        var connecting = McpClient.ConnectAsync(pipe.Transport, Forms);
        var probe = await pipe.NextAsync("server/discover");
        await pipe.ErrorAsync(probe, -32601);
        var greeting = await pipe.NextAsync("initialize");
        await pipe.ResultAsync(greeting, """{"protocolVersion":"2025-11-25","capabilities":{},"serverInfo":{"name":"old","version":"1"}}""");
        await using var client = await connecting;

        probe.GetProperty("params").GetProperty("_meta").GetProperty("io.modelcontextprotocol/clientCapabilities").GetRawText()
            .Should().Be("""{"elicitation":{"form":{}}}""");
        greeting.GetProperty("params").GetProperty("capabilities").GetRawText().Should().Be("""{"elicitation":{"form":{}}}""");
    }

    private static TestCaseData Case(McpClientOptions options, string version, string declared) =>
        new TestCaseData(options, version, declared).SetArgDisplayNames(version, declared);
}
