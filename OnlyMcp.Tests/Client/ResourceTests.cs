using OnlyMcp.Client;
using OnlyMcp.Protocol.JsonRpc;
using OnlyMcp.Protocol.Schema;
using OnlyMcp.Tests.Support;

namespace OnlyMcp.Tests.Client;

public sealed class ResourceTests
{
    [Test]
    [Spec("2026-07-28 server/resources §Listing Resources")]
    [Spec("2026-07-28 server/resources §Resource Templates")]
    public async Task Resources_and_templates_are_listed()
    {
        await using var pipe = new ScriptedPipe();
        await using var client = await PipeConversationTests.ModernAsync(pipe);

        var resources = client.ListResourcesAsync().ToArrayAsync().AsTask();
        await pipe.ResultAsync(await pipe.NextAsync("resources/list"), """{"resources":[{"uri":"file:///a","name":"a","size":3,"annotations":{"priority":0.5}}]}""");
        var templates = client.ListResourceTemplatesAsync().ToArrayAsync().AsTask();
        await pipe.ResultAsync(await pipe.NextAsync("resources/templates/list"), """{"resourceTemplates":[{"uriTemplate":"file:///{path}","name":"files"}]}""");

        (await resources).Should().ContainSingle().Which.Size.Should().Be(3);
        (await templates).Should().ContainSingle().Which.UriTemplate.Should().Be("file:///{path}");
    }

    [Test]
    [Spec("2026-07-28 server/resources §Reading Resources")]
    [Spec("2026-07-28 server/resources §Resource Contents")]
    public async Task A_resource_is_text_or_bytes_or_several_of_both()
    {
        var text = await ReadAsync("""{"contents":[{"uri":"a://b","mimeType":"text/plain","text":"håp"}]}""");
        (text.Text, text.Uri, text.Contents.Count).Should().Be(("håp", "a://b", 1));
        text.Bytes.ToArray().Should().Equal("håp"u8.ToArray());

        var bytes = await ReadAsync("""{"contents":[{"uri":"a://b","blob":"AQID"}]}""");
        bytes.Text.Should().BeEmpty();
        bytes.Bytes.ToArray().Should().Equal(1, 2, 3);

        (await ReadAsync("""{"contents":[{"uri":"a://b/1","text":"one"},{"uri":"a://b/2","blob":"AQ=="},{"uri":"a://b/3","text":"two"}]}""")).Text
            .Should().Be("one\ntwo");
        (await ReadAsync("""{"contents":[]}""")).Bytes.IsEmpty.Should().BeTrue();
    }

    [TestCase(-32002)]
    [TestCase(-32602)]
    [Spec("2026-07-28 server/resources §Error Handling")]
    public async Task A_resource_that_is_not_there_is_the_error_that_came(int code)
    {
        await using var pipe = new ScriptedPipe();
        await using var client = await PipeConversationTests.ModernAsync(pipe);

        var reading = client.ReadResourceAsync("a://gone");
        await pipe.ErrorAsync(await pipe.NextAsync("resources/read"), code, """{"uri":"a://gone"}""");

        var error = (await reading.Awaiting(task => task).Should().ThrowAsync<JsonRpcException>()).Which.Error;
        (error.Code, error.Data.Read(McpJson.Wire.ResourceNotFoundErrorData).Uri).Should().Be((code, "a://gone"));
    }

    [Test]
    [Spec("2026-07-28 server/utilities/completion §CompleteRequest")]
    public async Task A_value_is_completed_with_what_is_known_already()
    {
        await using var pipe = new ScriptedPipe();
        await using var client = await PipeConversationTests.ModernAsync(pipe);

        var completing = client.CompleteAsync(
            new ResourceTemplateReference { Uri = "git://{owner}/{repo}" }, "repo", "on", new Dictionary<string, string> { ["owner"] = "me" });
        var asked = (await pipe.NextAsync("completion/complete"));
        await pipe.ResultAsync(asked, """{"completion":{"values":["one","only"],"total":2,"hasMore":false}}""");

        var sent = asked.GetProperty("params");
        sent.GetProperty("ref").GetRawText().Should().Be("""{"type":"ref/resource","uri":"git://{owner}/{repo}"}""");
        sent.GetProperty("argument").GetRawText().Should().Be("""{"name":"repo","value":"on"}""");
        sent.GetProperty("context").GetRawText().Should().Be("""{"arguments":{"owner":"me"}}""");
        (await completing).Should().BeEquivalentTo(new Completion { Values = ["one", "only"], Total = 2, HasMore = false });
    }

    [Test]
    public async Task A_prompts_argument_is_completed_without_context()
    {
        await using var pipe = new ScriptedPipe();
        await using var client = await PipeConversationTests.LegacyAsync(pipe, version: "2025-03-26");

        var completing = client.CompleteAsync(new PromptReference { Name = "p" }, "language", "");
        var asked = (await pipe.NextAsync("completion/complete"));
        await pipe.ResultAsync(asked, """{"completion":{"values":[]}}""");

        asked.GetProperty("params").GetRawText().Should().Be("""{"ref":{"type":"ref/prompt","name":"p"},"argument":{"name":"language","value":""}}""");
        (await completing).Values.Should().BeEmpty();
    }

    private static async Task<ResourceAnswer> ReadAsync(string result)
    {
        await using var pipe = new ScriptedPipe();
        await using var client = await PipeConversationTests.ModernAsync(pipe);
        var reading = client.ReadResourceAsync("a://b");
        await pipe.ResultAsync(await pipe.NextAsync("resources/read"), result);
        return await reading;
    }
}
