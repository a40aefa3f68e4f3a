using System.Text.Json;
using System.Text.Json.Serialization;
using OnlyMcp.Client;
using OnlyMcp.Protocol.JsonRpc;
using OnlyMcp.Protocol.Revisions;
using OnlyMcp.Protocol.Transport;
using OnlyMcp.Tests.Support;

namespace OnlyMcp.Tests.Client;

public sealed partial class ToolTests
{
    private static readonly string[] Versions = [.. KnownRevisions.All.Select(revision => revision.Version)];

    [Test]
    [Spec("2026-07-28 server/tools §Structured Content")]
    public async Task Structured_content_is_read_as_a_type_by_reflection_and_without()
    {
        const string Result = """{"content":[],"structuredContent":{"city":"Oslo","degrees":7.5}}""";

        (await CallAsync(Result, client => client.CallToolAsync<Forecast>("forecast", new { city = "Oslo" }))).Should().Be(new Forecast("Oslo", 7.5));
        (await CallAsync(Result, client => client.CallToolAsync("forecast", JsonElement.Parse("{}"), Context.Default.Forecast))).Should().Be(new Forecast("Oslo", 7.5));
    }

    [Test]
    public async Task A_structured_null_is_a_value_and_a_missing_one_is_not()
    {
        (await CallAsync("""{"content":[],"structuredContent":null}""", client => client.CallToolAsync<Forecast?>("t"))).Should().BeNull();
        var missing = () => CallAsync("""{"content":[{"type":"text","text":"{\"city\":\"Oslo\"}"}]}""", client => client.CallToolAsync<Forecast>("t"));
        (await missing.Should().ThrowAsync<StructuredContentException>()).WithMessage("*no structured content*").Which.Answer.Text.Should().Contain("Oslo");
        var other = () => CallAsync("""{"content":[],"structuredContent":"warm"}""", client => client.CallToolAsync<Forecast>("t"));
        await other.Should().ThrowAsync<StructuredContentException>().WithMessage("*cannot be read as Forecast*");
    }

    [Test]
    public async Task Where_a_revision_has_no_structured_content_the_text_is_read()
    {
        await using var pipe = new ScriptedPipe();
        await using var client = await PipeConversationTests.LegacyAsync(pipe, version: "2025-03-26");

        var calling = client.CallToolAsync<Forecast>("t");
        await pipe.ResultAsync(await pipe.NextAsync("tools/call"), """{"content":[{"type":"text","text":"{\"city\":\"Oslo\",\"degrees\":1}"}]}""");
        (await calling).Should().Be(new Forecast("Oslo", 1));

        var failing = client.CallToolAsync<Forecast>("t");
        await pipe.ResultAsync(await pipe.NextAsync("tools/call"), """{"content":[{"type":"text","text":"seven degrees"}]}""");
        await failing.Awaiting(task => task).Should().ThrowAsync<StructuredContentException>();
    }

    [Test]
    [Spec("2026-07-28 server/tools §Error Handling")]
    public async Task A_failed_tool_is_an_answer_without_a_type_and_an_exception_with_one()
    {
        const string Result = """{"content":[{"type":"text","text":"no such city"}],"isError":true}""";

        var answer = await CallAsync(Result, client => client.CallToolAsync("t"));
        (answer.IsError, answer.Text).Should().Be((true, "no such city"));
        answer.Invoking(it => it.EnsureSuccess()).Should().Throw<ToolFailedException>();
        var typed = () => CallAsync(Result, client => client.CallToolAsync<Forecast>("t"));
        (await typed.Should().ThrowAsync<ToolFailedException>()).WithMessage("*no such city*").Which.Answer.Text.Should().Be("no such city");
    }

    [Test]
    public async Task Without_text_the_text_is_empty() =>
        (await CallAsync("""{"content":[]}""", client => client.CallToolAsync("t"))).Text.Should().BeEmpty();

    [Test]
    public async Task An_error_response_is_thrown_as_it_came()
    {
        await using var pipe = new ScriptedPipe();
        await using var client = await PipeConversationTests.ModernAsync(pipe);

        var calling = client.CallToolAsync("nope");
        await pipe.ErrorAsync(await pipe.NextAsync("tools/call"), -32602, """{"hint":"x"}""");

        var error = (await calling.Awaiting(task => task).Should().ThrowAsync<JsonRpcException>()).Which.Error;
        (error.Code, error.Message, error.Data.ToString()).Should().Be((-32602, "scripted", """{"hint":"x"}"""));
    }

    [Test]
    public async Task Arguments_that_are_no_object_are_our_callers_mistake()
    {
        await using var pipe = new ScriptedPipe();
        await using var client = await PipeConversationTests.ModernAsync(pipe);

        await client.Awaiting(it => it.CallToolAsync("t", 7)).Should().ThrowAsync<ArgumentException>();
        await client.Awaiting(it => it.SendRequestAsync("x", new JsonBody("[1]"u8.ToArray()))).Should().ThrowAsync<ArgumentException>();
    }

    [TestCaseSource(nameof(Versions))]
    [Spec("2026-07-28 server/utilities/pagination §Pagination Flow")]
    [Spec("2026-07-28 server/utilities/pagination §Implementation Guidelines", 1, 2)]
    [Spec("2026-07-28 server/utilities/pagination §Pagination Model", 1)]
    public async Task All_pages_are_listed(string version)
    {
        await using var pipe = new ScriptedPipe();
        await using var client = await PipeConversationTests.AtAsync(pipe, version);

        var listing = client.ListToolsAsync().Select(tool => tool.Name).ToArrayAsync().AsTask();
        var first = await pipe.NextAsync("tools/list");
        first.ToString().Should().NotContain("cursor");
        await pipe.ResultAsync(first, """{"tools":[{"name":"a","inputSchema":{"type":"object"}}],"nextCursor":" P2==/\u00e5%20\t"}""");
        var second = await pipe.NextAsync("tools/list");
        second.GetProperty("params").GetProperty("cursor").GetString().Should().Be(" P2==/å%20\t");
        await pipe.ResultAsync(second, """{"tools":[{"name":"b","inputSchema":{"type":"object"}}]}""");

        (await listing).Should().Equal("a", "b");
    }

    [TestCase("""{"tools":[],"nextCursor":"same"}""", "*same cursor twice*")]
    [TestCase("""{"tools":[],"nextCursor":""}""", "*same cursor twice*")]
    [TestCase(null, "*more than the 5 pages*")]
    [Spec("2026-07-28 server/utilities/pagination §Implementation Guidelines", 3)]
    public async Task Pages_without_an_end_are_a_clear_exception(string? page, string message)
    {
        await using var pipe = new ScriptedPipe();
        await using var client = await PipeConversationTests.ModernAsync(pipe, new McpClientOptions { Limits = new ClientLimits { MaxPages = 5 } });

        var listing = client.ListToolsAsync().CountAsync().AsTask();
        for (var i = 0; !listing.IsCompleted && i < (page is null ? 5 : 2); i++)
            await pipe.ResultAsync(await pipe.NextAsync("tools/list"), page ?? $$"""{"tools":[],"nextCursor":"{{i}}"}""");

        await listing.Awaiting(task => task).Should().ThrowAsync<ProtocolFaultException>().WithMessage(message);
    }

    [Test]
    public async Task Metadata_of_a_call_is_merged_and_the_protocols_own_keys_win()
    {
        await using var pipe = new ScriptedPipe();
        await using var client = await PipeConversationTests.ModernAsync(pipe);
        var meta = new Dictionary<string, JsonElement>
        {
            ["traceparent"] = JsonElement.Parse("\"00-1\""),
            ["io.modelcontextprotocol/protocolVersion"] = JsonElement.Parse("\"1999-01-01\""),
        };

        var asking = client.SendRequestAsync("x/y", new JsonBody("""{"a":1,"_meta":{"mine":true,"traceparent":"old"}}"""u8.ToArray()), new RequestOptions { Meta = meta });
        var sent = (await pipe.NextAsync("x/y"));
        await pipe.ResultAsync(sent, """{"answer":42}""");

        (await asking).ToString().Should().Be("""{"answer":42}""");
        var merged = sent.GetProperty("params").GetProperty("_meta");
        merged.GetProperty("mine").GetBoolean().Should().BeTrue();
        merged.GetProperty("traceparent").GetString().Should().Be("00-1");
        merged.GetProperty("io.modelcontextprotocol/protocolVersion").GetString().Should().Be("2026-07-28");
        sent.GetProperty("params").GetProperty("a").GetInt32().Should().Be(1);
    }

    private static async Task<T> CallAsync<T>(string result, Func<McpClient, Task<T>> call)
    {
        await using var pipe = new ScriptedPipe();
        await using var client = await PipeConversationTests.ModernAsync(pipe);
        var calling = call(client);
        await pipe.ResultAsync(await pipe.NextAsync("tools/call"), result);
        return await calling;
    }

    internal sealed record Forecast(string City, double Degrees);

    [JsonSerializable(typeof(Forecast))]
    [JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
    private sealed partial class Context : JsonSerializerContext;
}
