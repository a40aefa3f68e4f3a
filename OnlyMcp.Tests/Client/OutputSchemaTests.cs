using OnlyMcp.Client;
using OnlyMcp.Protocol.Transport;
using OnlyMcp.Tests.Support;

namespace OnlyMcp.Tests.Client;

public sealed class OutputSchemaTests
{
    private const string Degrees = """{"type":"object","properties":{"degrees":{"type":"number","maximum":60}},"required":["degrees"]}""";

    [Test]
    [Spec("2026-07-28 server/tools §Output Schema")]
    public async Task Structured_content_that_breaks_the_schema_of_a_listed_tool_is_refused_and_says_where()
    {
        await using var pipe = new ScriptedPipe();
        await using var client = await PipeConversationTests.ModernAsync(pipe);
        await ListAsync(pipe, client, Degrees);

        var fault = (await FluentActions.Awaiting(() => CallAsync(pipe, client, """{"content":[],"structuredContent":{"degrees":"warm"}}"""))
            .Should().ThrowAsync<StructuredContentException>()).WithMessage("*/degrees: expected a number*, received \"warm\"*").Which;
        (fault.Errors.Should().ContainSingle().Which.Path, fault.Answer.Tool).Should().Be(("/degrees", "t"));
        (await CallAsync(pipe, client, """{"content":[],"structuredContent":{"degrees":7}}""")).IsError.Should().BeFalse();
    }

    [Test]
    [Spec("2026-07-28 server/tools §Output Schema")]
    public async Task A_tool_with_a_schema_owes_structured_content_unless_it_failed()
    {
        await using var pipe = new ScriptedPipe();
        await using var client = await PipeConversationTests.ModernAsync(pipe);
        await ListAsync(pipe, client, Degrees);

        await FluentActions.Awaiting(() => CallAsync(pipe, client, """{"content":[]}""")).Should().ThrowAsync<StructuredContentException>();
        (await CallAsync(pipe, client, """{"content":[],"isError":true}""")).IsError.Should().BeTrue();
    }

    [Test]
    public async Task What_was_never_listed_what_is_switched_off_and_what_a_revision_does_not_know_is_not_checked()
    {
        const string Wrong = """{"content":[],"structuredContent":7}""";
        await using var pipe = new ScriptedPipe();
        await using var client = await PipeConversationTests.ModernAsync(pipe);
        (await CallAsync(pipe, client, Wrong)).IsError.Should().BeFalse();

        await using var lax = new ScriptedPipe();
        await using var trusting = await PipeConversationTests.ModernAsync(lax, new McpClientOptions { ValidatesStructuredContent = false });
        await ListAsync(lax, trusting, Degrees);
        (await CallAsync(lax, trusting, Wrong)).IsError.Should().BeFalse();

        await using var old = new ScriptedPipe();
        await using var legacy = await PipeConversationTests.LegacyAsync(old, version: "2025-03-26");
        await ListAsync(old, legacy, Degrees);
        (await CallAsync(old, legacy, """{"content":[]}""")).IsError.Should().BeFalse();
    }

    [Test]
    public async Task A_list_that_comes_again_counts_from_then_on()
    {
        await using var pipe = new ScriptedPipe();
        await using var client = await PipeConversationTests.ModernAsync(pipe);
        await ListAsync(pipe, client, Degrees);
        await ListAsync(pipe, client, """{"type":"string"}""");

        (await CallAsync(pipe, client, """{"content":[],"structuredContent":"warm"}""")).IsError.Should().BeFalse();
    }

    [Test]
    [Spec("2026-07-28 basic §$ref Resolution")]
    public async Task A_schema_that_points_into_the_network_is_not_followed_and_reported_once()
    {
        var fetched = 0;
        await using var trap = new ScriptedHttpServer(call =>
        {
            fetched++;
            return call.JsonAsync(Degrees);
        });
        var faults = new List<ProtocolFaultException>();
        await using var pipe = new ScriptedPipe();
        await using var client = await PipeConversationTests.ModernAsync(pipe, new McpClientOptions { OnProtocolFault = faults.Add });
        await ListAsync(pipe, client, $$"""{"$ref":"{{trap.Url}}"}""");

        (await CallAsync(pipe, client, """{"content":[],"structuredContent":7}""")).IsError.Should().BeFalse();
        await CallAsync(pipe, client, """{"content":[],"structuredContent":7}""");

        (faults.Count, fetched).Should().Be((1, 0));
        faults[0].Message.Should().Contain("output schema of the tool 't' cannot be used");
    }

    [Test]
    public async Task Only_so_many_tools_are_remembered()
    {
        await using var pipe = new ScriptedPipe();
        await using var client = await PipeConversationTests.ModernAsync(
            pipe, new McpClientOptions { Limits = new ClientLimits { MaxRememberedTools = 1 } });
        await ListAsync(pipe, client, Degrees);
        await ListAsync(pipe, client, Degrees, name: "other");

        (await CallAsync(pipe, client, """{"content":[]}""")).IsError.Should().BeFalse("it is no longer remembered");
    }

    private static async Task ListAsync(ScriptedPipe pipe, McpClient client, string schema, string name = "t")
    {
        var listing = client.ListToolsAsync().CountAsync().AsTask();
        await pipe.ResultAsync(await pipe.NextAsync("tools/list"), $$"""{"tools":[{"name":"{{name}}","inputSchema":{"type":"object"},"outputSchema":{{schema}}}]}""");
        await listing;
    }

    private static async Task<ToolAnswer> CallAsync(ScriptedPipe pipe, McpClient client, string result)
    {
        var calling = client.CallToolAsync("t");
        await pipe.ResultAsync(await pipe.NextAsync("tools/call"), result);
        return await calling;
    }
}
