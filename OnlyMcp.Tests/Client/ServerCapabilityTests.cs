using OnlyMcp.Client;
using OnlyMcp.Protocol.JsonRpc;
using OnlyMcp.Protocol.Schema;
using OnlyMcp.Tests.Support;

namespace OnlyMcp.Tests.Client;

/// <summary>A client asks for nothing that its server has not declared, where both agreed on that.</summary>
[Spec("2025-11-25 basic/lifecycle §Operation")]
[Spec("2025-06-18 basic/lifecycle §Operation")]
public sealed class ServerCapabilityTests
{
    private static readonly PromptReference Prompt = new() { Name = "p" };

    [TestCase("2024-11-05")]
    [TestCase("2025-03-26")]
    [TestCase("2025-06-18")]
    [TestCase("2025-11-25")]
    [Spec("2025-11-25 basic/lifecycle §Operation", 2)]
    public async Task What_the_server_has_not_declared_is_not_sent(string version)
    {
        await using var pipe = new ScriptedPipe();
        await using var client = await ConnectAsync(pipe, "{}", version);

        await Misses(client.CallToolAsync("t"), "tools");
        await Misses(client.ListToolsPageAsync(), "tools");
        await Misses(client.GetPromptAsync("p"), "prompts");
        await Misses(client.ListPromptsPageAsync(), "prompts");
        await Misses(client.ReadResourceAsync("a:b"), "resources");
        await Misses(client.ListResourcesPageAsync(), "resources");
        await Misses(client.ListResourceTemplatesPageAsync(), "resources");
        if (version != "2024-11-05")
            await Misses(client.CompleteAsync(Prompt, "a", ""), "completions");

        var pinging = client.PingAsync();
        await pipe.ResultAsync(await pipe.NextAsync("ping"), "{}");
        await pinging;
    }

    [Test]
    [Spec("2024-11-05 basic/lifecycle §Operation")]
    public async Task The_first_revision_has_no_word_for_completion_so_it_is_asked_for()
    {
        await using var pipe = new ScriptedPipe();
        await using var client = await ConnectAsync(pipe, "{}", "2024-11-05");

        var completing = client.CompleteAsync(Prompt, "a", "");
        await pipe.ResultAsync(await pipe.NextAsync("completion/complete"), """{"completion":{"values":["x"]}}""");

        (await completing).Values.Should().Equal("x");
    }

    [Test]
    public async Task Servers_that_offer_more_than_they_say_are_asked_where_the_caller_says_so()
    {
        await using var pipe = new ScriptedPipe();
        await using var client = await ConnectAsync(pipe, "{}", "2025-11-25", new McpClientOptions { ChecksServerCapabilities = false });

        var listing = client.ListToolsPageAsync();
        await pipe.ResultAsync(await pipe.NextAsync("tools/list"), """{"tools":[]}""");

        (await listing).Tools.Should().BeEmpty();
    }

    [Test]
    public async Task What_is_asked_by_its_bare_method_is_sent()
    {
        await using var pipe = new ScriptedPipe();
        await using var client = await ConnectAsync(pipe, "{}", "2025-11-25");

        var asking = client.SendRequestAsync(Methods.ToolsList);
        await pipe.ResultAsync(await pipe.NextAsync("tools/list"), """{"tools":[]}""");

        (await asking).ToString().Should().Be("""{"tools":[]}""");
    }

    private static async Task Misses(Task call, string capability) =>
        (await call.Awaiting(it => it).Should().ThrowAsync<MissingServerCapabilityException>().WithMessage("*ChecksServerCapabilities*"))
        .Which.Capability.Should().Be(capability);

    private static async Task<McpClient> ConnectAsync(ScriptedPipe pipe, string capabilities, string version, McpClientOptions? options = null)
    {
        var connecting = McpClient.ConnectAsync(pipe.Transport, options);
        await pipe.ErrorAsync(await pipe.NextAsync("server/discover"), -32601);
        await pipe.ResultAsync(
            await pipe.NextAsync("initialize"),
            $$$"""{"protocolVersion":"{{{version}}}","capabilities":{{{capabilities}}},"serverInfo":{"name":"old","version":"1"}}""");
        await pipe.NextAsync("notifications/initialized");
        return await connecting;
    }
}
