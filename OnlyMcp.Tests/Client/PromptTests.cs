using OnlyMcp.Client;
using OnlyMcp.Protocol.JsonRpc;
using OnlyMcp.Protocol.Schema;
using OnlyMcp.Protocol.Transport;
using OnlyMcp.Tests.Support;

namespace OnlyMcp.Tests.Client;

public sealed class PromptTests
{
    [Test]
    [Spec("2026-07-28 server/prompts §Listing Prompts")]
    [Spec("2026-07-28 server/utilities/pagination §Pagination Flow")]
    [Spec("2026-07-28 server/utilities/pagination §Implementation Guidelines", 3)]
    public async Task All_pages_are_listed()
    {
        await using var pipe = new ScriptedPipe();
        await using var client = await PipeConversationTests.ModernAsync(pipe);

        var listing = client.ListPromptsAsync().Select(prompt => prompt.Name).ToArrayAsync().AsTask();
        await pipe.ResultAsync(await pipe.NextAsync("prompts/list"), """{"prompts":[{"name":"a","arguments":[{"name":"x","required":true}]}],"nextCursor":""}""");
        var second = await pipe.NextAsync("prompts/list");
        second.GetProperty("params").GetProperty("cursor").GetString().Should().BeEmpty("an empty cursor is one like any other");
        await pipe.ResultAsync(second, """{"prompts":[{"name":"b"}]}""");

        (await listing).Should().Equal("a", "b");
    }

    [Test]
    public async Task A_page_is_listed_with_the_cursor_of_the_one_before()
    {
        await using var pipe = new ScriptedPipe();
        await using var client = await PipeConversationTests.ModernAsync(pipe);

        var first = client.ListPromptsPageAsync();
        await pipe.ResultAsync(await pipe.NextAsync("prompts/list"), """{"prompts":[{"name":"a"}],"nextCursor":"p2","ttlMs":7}""");
        (await first).TtlMs.Should().Be(7);
        var second = client.ListPromptsPageAsync((await first).NextCursor);
        var asked = await pipe.NextAsync("prompts/list");
        await pipe.ResultAsync(asked, """{"prompts":[]}""");

        asked.GetProperty("params").GetProperty("cursor").GetString().Should().Be("p2");
        (await second).Prompts.Should().BeEmpty();
    }

    [Test]
    [Spec("2026-07-28 server/prompts §Getting a Prompt")]
    public async Task A_prompt_is_filled_in_with_its_arguments()
    {
        await using var pipe = new ScriptedPipe();
        await using var client = await PipeConversationTests.ModernAsync(pipe);

        var getting = client.GetPromptAsync("review", new Dictionary<string, string> { ["code"] = "x = 1" });
        var asked = await pipe.NextAsync("prompts/get");
        await pipe.ResultAsync(asked, """{"description":"d","messages":[{"role":"user","content":{"type":"text","text":"look"}},{"role":"assistant","content":{"type":"resource","resource":{"uri":"a://b","blob":"AQI="}}}]}""");

        asked.GetProperty("params").GetProperty("name").GetString().Should().Be("review");
        asked.GetProperty("params").GetProperty("arguments").GetRawText().Should().Be("""{"code":"x = 1"}""");
        var prompt = await getting;
        prompt.Messages.Select(message => message.Role).Should().Equal(Role.User, Role.Assistant);
        prompt.Messages[0].Content.Should().BeOfType<TextContent>().Which.Text.Should().Be("look");
    }

    [Test]
    [Spec("2026-07-28 server/prompts §Error Handling")]
    public async Task An_unknown_prompt_is_the_error_that_came()
    {
        await using var pipe = new ScriptedPipe();
        await using var client = await PipeConversationTests.LegacyAsync(pipe);

        var getting = client.GetPromptAsync("nope");
        var asked = await pipe.NextAsync("prompts/get");
        asked.GetProperty("params").TryGetProperty("arguments", out _).Should().BeFalse();
        await pipe.ErrorAsync(asked, -32602);

        (await getting.Awaiting(task => task).Should().ThrowAsync<JsonRpcException>()).Which.Code.Should().Be(ErrorCode.InvalidParams);
    }

    // Each of these crashed a client of somebody.
    [TestCase("tools/list", """{"tools":null}""")]
    [TestCase("tools/list", """{"tools":[null]}""")]
    [TestCase("tools/list", """{}""")]
    [TestCase("tools/list", """{"tools":{"a":1}}""")]
    [TestCase("prompts/list", """{"prompts":null}""")]
    [TestCase("prompts/list", """{"prompts":[null]}""")]
    [TestCase("prompts/list", """{"prompts":[{"name":"a","arguments":[null]}]}""")]
    [TestCase("prompts/list", """{"prompts":[{"title":"nameless"}]}""")]
    [TestCase("prompts/get", """{"messages":null}""")]
    [TestCase("prompts/get", """{"messages":[null]}""")]
    [TestCase("prompts/get", """{"messages":[{"role":"user","content":null}]}""")]
    [TestCase("prompts/get", """{"messages":[{"role":"system","content":{"type":"text","text":"x"}}]}""")]
    [TestCase("resources/list", """{"resources":null}""")]
    [TestCase("resources/list", """{"resources":[null]}""")]
    [TestCase("resources/templates/list", """{"resourceTemplates":null}""")]
    [TestCase("resources/templates/list", """{"resourceTemplates":[{"name":"x"}]}""")]
    [TestCase("resources/read", """{"contents":null}""")]
    [TestCase("resources/read", """{"contents":[null]}""")]
    [TestCase("resources/read", """{"contents":[{"uri":"a://b"}]}""")]
    [TestCase("resources/read", """{"contents":[{"uri":"a://b","blob":"no base64!"}]}""")]
    [TestCase("completion/complete", """{"completion":null}""")]
    [TestCase("completion/complete", """{"completion":{"values":null}}""")]
    [TestCase("completion/complete", """{"completion":{"values":[null]}}""")]
    [TestCase("tools/call", """{"content":null}""")]
    [TestCase("tools/call", """{"content":[null]}""")]
    public async Task A_result_of_another_shape_is_a_fault_of_the_server_and_not_of_the_client(string method, string result)
    {
        await using var pipe = new ScriptedPipe();
        await using var client = await PipeConversationTests.ModernAsync(pipe);
        Func<Task> ask = method switch
        {
            "tools/list" => async () => await client.ListToolsAsync().CountAsync(),
            "prompts/list" => async () => await client.ListPromptsAsync().CountAsync(),
            "prompts/get" => () => client.GetPromptAsync("p"),
            "resources/list" => async () => await client.ListResourcesAsync().CountAsync(),
            "resources/templates/list" => async () => await client.ListResourceTemplatesAsync().CountAsync(),
            "resources/read" => () => client.ReadResourceAsync("a://b"),
            "completion/complete" => () => client.CompleteAsync(new PromptReference { Name = "p" }, "a", ""),
            _ => () => client.CallToolAsync("t"),
        };

        var asking = ask();
        await pipe.ResultAsync(await pipe.NextAsync(method), result);

        await asking.Awaiting(task => task).Should().ThrowAsync<ProtocolFaultException>().WithMessage($"*'{method}'*");
    }

    [Test]
    public async Task A_listing_can_be_cancelled_by_whoever_reads_it()
    {
        await using var pipe = new ScriptedPipe();
        await using var client = await PipeConversationTests.ModernAsync(pipe);
        using var stop = new CancellationTokenSource();

        var listing = client.ListPromptsAsync().CountAsync(stop.Token).AsTask();
        var asked = await pipe.NextAsync("prompts/list");
        await stop.CancelAsync();

        await listing.Awaiting(task => task).Should().ThrowAsync<OperationCanceledException>();
        (await pipe.NextAsync("notifications/cancelled")).GetProperty("params").GetProperty("requestId").GetRawText()
            .Should().Be(asked.GetProperty("id").GetRawText());
    }
}
