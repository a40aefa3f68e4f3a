using OnlyMcp.Client;
using OnlyMcp.Protocol.Schema;
using OnlyMcp.Protocol.Transport;
using OnlyMcp.Tests.Support;

namespace OnlyMcp.Tests.Client;

public sealed class IconTests
{
    private const string Icons = """[{"src":"https://x.example/i.png"},{"src":"javascript:alert(1)"},{"src":"data:image/png;base64,AAAA"}]""";

    [TestCase("https://x.example/i.png", true)]
    [TestCase("HTTPS://x.example/i.png", true)]
    [TestCase("http://localhost:3000/i.png", true)]
    [TestCase("data:image/svg+xml;base64,AAAA", true)]
    [TestCase("DATA:IMAGE/png;base64,AAAA", true)]
    [TestCase("data:text/html;base64,AAAA", false)]
    [TestCase("data:,hello", false)]
    [TestCase("javascript:alert(1)", false)]
    [TestCase("JaVaScript:alert(1)", false)]
    [TestCase("java\tscript:alert(1)", false)]
    [TestCase(" https://x.example/i.png", false)]
    [TestCase("https://x.example/\ni.png", false)]
    [TestCase("file:///etc/passwd", false)]
    [TestCase("ftp://x.example/i.png", false)]
    [TestCase("ws://x.example/i", false)]
    [TestCase("vscode://settings", false)]
    [TestCase("//x.example/i.png", false)]
    [TestCase("/i.png", false)]
    [TestCase("", false)]
    [Spec("2026-07-28 basic §icons", 4, AtEveryRevision = true)]
    public void Only_addresses_that_show_a_picture_are_safe(string source, bool safe) => SafeIcons.IsSafe(source).Should().Be(safe);

    [Test]
    [Spec("2026-07-28 basic §icons", 4)]
    public async Task Unsafe_icons_never_reach_the_user_and_are_reported()
    {
        var faults = new List<ProtocolFaultException>();
        await using var pipe = new ScriptedPipe();
        var connecting = McpClient.ConnectAsync(pipe.Transport, new McpClientOptions { OnProtocolFault = faults.Add });
        await pipe.ResultAsync(await pipe.NextAsync("server/discover"), """{"resultType":"complete","supportedVersions":["2026-07-28"],"capabilities":{},"_meta":{"io.modelcontextprotocol/serverInfo":{"name":"s","version":"1","icons":ICONS}}}""".Replace("ICONS", Icons, StringComparison.Ordinal));
        await using var client = await connecting;
        Count(client.ServerInfo!.Icons).Should().Be(2);

        var tools = client.ListToolsAsync().FirstAsync().AsTask();
        await pipe.ResultAsync(await pipe.NextAsync("tools/list"), $$"""{"tools":[{"name":"t","inputSchema":{"type":"object"},"icons":{{Icons}}}]}""");
        Count((await tools).Icons).Should().Be(2);

        var prompts = client.ListPromptsAsync().FirstAsync().AsTask();
        await pipe.ResultAsync(await pipe.NextAsync("prompts/list"), $$"""{"prompts":[{"name":"p","icons":{{Icons}}}]}""");
        Count((await prompts).Icons).Should().Be(2);

        var resources = client.ListResourcesAsync().FirstAsync().AsTask();
        await pipe.ResultAsync(await pipe.NextAsync("resources/list"), $$"""{"resources":[{"uri":"a://b","name":"r","icons":{{Icons}}}]}""");
        Count((await resources).Icons).Should().Be(2);

        var templates = client.ListResourceTemplatesAsync().FirstAsync().AsTask();
        await pipe.ResultAsync(await pipe.NextAsync("resources/templates/list"), $$"""{"resourceTemplates":[{"uriTemplate":"a://{b}","name":"r","icons":{{Icons}}}]}""");
        Count((await templates).Icons).Should().Be(2);

        var calling = client.CallToolAsync("t");
        await pipe.ResultAsync(await pipe.NextAsync("tools/call"), """{"content":[{"type":"resource_link","uri":"a://b","name":"l","icons":[{"src":"file:///x"}]}]}""");
        (await calling).Content.Should().ContainSingle().Which.Should().BeOfType<ResourceLink>().Which.Icons.Should().BeNull("none was left");

        var getting = client.GetPromptAsync("p");
        await pipe.ResultAsync(await pipe.NextAsync("prompts/get"), """{"messages":[{"role":"user","content":{"type":"resource_link","uri":"a://b","name":"l","icons":ICONS}}]}""".Replace("ICONS", Icons, StringComparison.Ordinal));
        Count(((ResourceLink)(await getting).Messages[0].Content).Icons).Should().Be(2);

        faults.Should().HaveCount(7);
        faults[0].OffendingText.Should().Be("javascript:alert(1)");
    }

    [Test]
    [Spec("2025-11-25 basic §icons", 4)]
    public async Task A_legacy_server_does_not_get_its_unsafe_icons_through_either()
    {
        await using var pipe = new ScriptedPipe();
        var connecting = McpClient.ConnectAsync(pipe.Transport);
        await pipe.ErrorAsync(await pipe.NextAsync("server/discover"), -32601);
        await pipe.ResultAsync(await pipe.NextAsync("initialize"), """{"protocolVersion":"2025-11-25","capabilities":{"tools":{},"prompts":{},"resources":{},"completions":{ } },"serverInfo":{"name":"s","version":"1","icons":ICONS}}""".Replace("ICONS", Icons, StringComparison.Ordinal));
        await pipe.NextAsync("notifications/initialized");
        await using var client = await connecting;

        Count(client.ServerInfo!.Icons).Should().Be(2);
    }

    private static int? Count(IReadOnlyList<Icon>? icons) => icons?.Count;
}
