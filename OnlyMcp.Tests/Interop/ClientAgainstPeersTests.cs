using System.Text.Json.Nodes;
using OnlyMcp.Client;
using OnlyMcp.Client.Eras;
using OnlyMcp.Protocol.Revisions;
using OnlyMcp.Protocol.Schema;
using OnlyMcp.Tests.Support;

namespace OnlyMcp.Tests.Interop;

/// <summary>Our client against servers by others, over every transport that they have.</summary>
public sealed class ClientAgainstPeersTests
{
    private static readonly McpClientOptions Options = new() { EraVerdicts = new EraVerdicts() };

    [TestCase("ts-server-v1.mjs", "http", null, "2025-11-25")]
    [TestCase("ts-server-v1.mjs", "sse", null, "2025-11-25")]
    [TestCase("ts-server-v2.mjs", "http", null, "2026-07-28")]
    [TestCase("ts-server-v1.mjs", "http", "2025-03-26", "2025-03-26")]
    [TestCase("ts-server-v1.mjs", "sse", "2024-11-05", "2024-11-05")]
    [TestCase("ts-server-v2.mjs", "http", "2025-06-18", "2025-06-18")]
    public async Task A_server_of_the_TypeScript_SDKs_is_called_over_http(string script, string transport, string? pin, string version)
    {
        await using var peer = await Peers.StartServerAsync(script, transport);
        await using var client = await McpClient.ConnectAsync(peer.Url, Options with { Revision = KnownRevisions.Find(pin) });

        client.ProtocolVersion.Should().Be(version);
        await ConverseAsync(client);
    }

    [TestCase("ts-server-v1.mjs", "2025-11-25")]
    [TestCase("ts-server-v2.mjs", "2026-07-28")]
    public async Task A_server_of_the_TypeScript_SDKs_is_called_over_stdio(string script, string version)
    {
        var command = Peers.Command(script, "stdio");
        await using var client = await McpClient.StartAsync(command[0], command[1..], Options);

        client.ProtocolVersion.Should().Be(version);
        await ConverseAsync(client);
    }

    [Test]
    public async Task The_everything_server_is_called([Values("stdio", "http", "sse")] string transport)
    {
        Peers.Require();
        await using var peer = transport switch
        {
            "http" => await EverythingServer.StartHttpAsync(),
            "sse" => await EverythingServer.StartSseAsync(),
            _ => null,
        };
        var command = EverythingServer.Command();
        await using var client = peer is null
            ? await McpClient.StartAsync(command[0], command[1..], Options)
            : await McpClient.ConnectAsync(peer.Url, Options);

        client.ProtocolVersion.Should().Be("2025-11-25");
        (await client.ListToolsAsync().Select(tool => tool.Name).ToArrayAsync()).Should().Contain("get-sum");
        (await client.CallToolAsync("echo", new { message = "hi" })).Text.Should().Be("Echo: hi");
        (await client.CallToolAsync("get-tiny-image")).Content.Should().Contain(content => content.Type == "image");
        var reports = new List<double>();
        await client.CallToolAsync(
            "trigger-long-running-operation", new { duration = 1, steps = 5 }, new RequestOptions { OnProgress = news => reports.Add(news.Progress) });
        reports.Should().BeInAscendingOrder().And.NotBeEmpty();
        await client.PingAsync();
    }

    [Test]
    public async Task The_everything_server_asks_its_client_for_everything([Values("stdio", "http", "sse")] string transport)
    {
        Peers.Require();
        await using var peer = transport switch
        {
            "http" => await EverythingServer.StartHttpAsync(),
            "sse" => await EverythingServer.StartSseAsync(),
            _ => null,
        };
        var pages = new List<string>();
        McpClient? connected = null;
        var options = Options with
        {
            OnElicit = (_, _, _) => ValueTask.FromResult(ElicitAnswer.Accept(new JsonObject { ["name"] = "Ada", ["check"] = true, ["email"] = "ada@x.example" })),
            OnElicitUrl = (page, _, _) =>
            {
                pages.Add(page.Url);
                connected!.CompleteElicitUrl(page.ElicitationId!);
                return ValueTask.FromResult(ElicitAnswer.Accept());
            },
            OnSample = (asked, _, _) => ValueTask.FromResult<CreateMessageResult?>(
                new() { Role = Role.Assistant, Content = [new TextContent { Text = $"at most {asked.MaxTokens}" }], Model = "none" }),
            Roots = [new Root { Uri = "file:///a", Name = "A" }],
        };
        var command = EverythingServer.Command();
        await using var client = connected = peer is null
            ? await McpClient.StartAsync(command[0], command[1..], options)
            : await McpClient.ConnectAsync(peer.Url, options);

        (await client.CallToolAsync("trigger-elicitation-request")).EnsureSuccess().Text.Should().Contain("Ada").And.Contain("ada@x.example").And.Contain("hero-1");
        (await client.CallToolAsync("trigger-sampling-request", new { prompt = "x", maxTokens = 9 })).EnsureSuccess().Text.Should().Contain("at most 9");
        await client.SetRootsAsync([new Root { Uri = "file:///b", Name = "B" }]);
        (await client.CallToolAsync("get-roots-list")).EnsureSuccess().Text.Should().Contain("file:///");
        (await client.CallToolAsync("trigger-url-elicitation", new { url = "https://x.example/p", errorPath = true })).EnsureSuccess();
        pages.Should().Equal("https://modelcontextprotocol.io", "https://x.example/p");

        (await client.ListToolsAsync().CountAsync()).Should().BePositive();
        (await client.CallToolAsync("get-structured-content", new { location = "Chicago" })).EnsureSuccess().StructuredContent.Should().NotBeNull("it was held against its schema");
        (await client.ListPromptsAsync().Select(prompt => prompt.Name).ToArrayAsync()).Should().Contain("args-prompt");
        (await client.GetPromptAsync("args-prompt", new Dictionary<string, string> { ["city"] = "Oslo" })).Messages.Should().NotBeEmpty();
        (await client.CompleteAsync(new PromptReference { Name = "completable-prompt" }, "department", "E")).Values.Should().Contain("Engineering");
        (await client.ListResourceTemplatesAsync().CountAsync()).Should().BePositive();
        (await client.ListResourcesAsync().CountAsync()).Should().BePositive();
        (await client.ReadResourceAsync("demo://resource/dynamic/text/1")).Text.Should().Contain("1");
        (await client.ReadResourceAsync("demo://resource/dynamic/blob/1")).Bytes.IsEmpty.Should().BeFalse();
    }

    [Test]
    public async Task A_server_of_the_CSharp_SDK_is_called_over_stdio()
    {
        var command = Programs.Command("CSharpSdkServer");
        await using var client = await McpClient.StartAsync(command[0], command[1..], Options with { ProbeTimeout = TimeSpan.FromSeconds(30) });

        (await client.ListToolsAsync().CountAsync()).Should().BePositive();
        client.ProtocolVersion.Should().Be("2026-07-28");
    }

    private static async Task ConverseAsync(McpClient client)
    {
        (await client.ListToolsAsync().Select(tool => tool.Name).ToArrayAsync()).Should().Contain(["add", "echo", "count", "fail"]);
        (await client.CallToolAsync("add", new { a = 6, b = 7 })).Text.Should().Be("13");
        (await client.CallToolAsync("echo", new { message = "zähl ☃" })).Text.Should().Contain("zähl ☃");
        (await client.CallToolAsync("fail")).IsError.Should().BeTrue();
        var reports = new List<double>();
        await client.CallToolAsync("count", new { to = 5 }, new RequestOptions { OnProgress = news => reports.Add(news.Progress) });
        reports.Should().Equal(1, 2, 3, 4, 5);
        await client.PingAsync();
    }
}
