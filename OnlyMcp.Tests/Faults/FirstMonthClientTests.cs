using OnlyMcp.Client;
using OnlyMcp.Protocol.Revisions;
using OnlyMcp.Protocol.Transport;
using OnlyMcp.Tests.Support;

namespace OnlyMcp.Tests.Faults;

/// <summary>Faults that clients of other projects had in the first month of 2026-07-28. README.md lists them all.</summary>
public sealed class FirstMonthClientTests
{
    private const string Discovered = """{"resultType":"complete","supportedVersions":["2026-07-28"],"capabilities":{}}""";

    [Test]
    public async Task A_list_that_is_null_is_a_clear_exception([Values("tools", "prompts", "resources", "resourceTemplates")] string list)
    {
        await using var pipe = new ScriptedPipe();
        await using var client = await ModernAsync(pipe);

        Task asking = list switch
        {
            "tools" => client.ListToolsAsync().CountAsync().AsTask(),
            "prompts" => client.ListPromptsAsync().CountAsync().AsTask(),
            "resources" => client.ListResourcesAsync().CountAsync().AsTask(),
            _ => client.ListResourceTemplatesAsync().CountAsync().AsTask(),
        };
        await pipe.ResultAsync(await pipe.NextAsync(), $$"""{"resultType":"complete","{{list}}":null}""");

        await asking.Awaiting(task => task).Should().ThrowAsync<ProtocolFaultException>();
    }

    [Test]
    [Spec("2026-07-28 basic §Result Responses")]
    public async Task The_digits_of_an_id_as_text_answer_nobody()
    {
        var faults = new List<ProtocolFaultException>();
        await using var pipe = new ScriptedPipe();
        await using var client = await ModernAsync(pipe, new McpClientOptions { OnProtocolFault = faults.Add });

        var calling = client.CallToolAsync("t");
        var call = await pipe.NextAsync("tools/call");
        var id = call.GetProperty("id").GetRawText();
        await pipe.SendAsync($$$"""{"jsonrpc":"2.0","id":"{{{id}}}","result":{"content":[{"type":"text","text":"not yours"}]}}""");
        await pipe.ResultAsync(call, """{"content":[{"type":"text","text":"yours"}]}""");

        (await calling).Text.Should().Be("yours");
        faults.Should().ContainSingle();
    }

    [Test]
    public async Task A_connection_that_does_not_come_about_is_closed()
    {
        await using var pipe = new ScriptedPipe();
        var connecting = McpClient.ConnectAsync(pipe.Transport);
        await pipe.ErrorAsync(await pipe.NextAsync("server/discover"), -32601);
        await pipe.ResultAsync(
            await pipe.NextAsync("initialize"), """{"protocolVersion":"1999-01-01","capabilities":{},"serverInfo":{"name":"old","version":"1"}}""");

        await connecting.Awaiting(task => task).Should().ThrowAsync<ConnectException>();
        await pipe.Awaiting(end => end.NextAsync()).Should().ThrowAsync<EndOfStreamException>();
    }

    private static async Task<McpClient> ModernAsync(ScriptedPipe pipe, McpClientOptions? options = null)
    {
        var connecting = McpClient.ConnectAsync(pipe.Transport, (options ?? new McpClientOptions()) with { Revision = KnownRevisions.Find(Wire.Modern) });
        await pipe.ResultAsync(await pipe.NextAsync("server/discover"), Discovered);
        return await connecting;
    }
}
