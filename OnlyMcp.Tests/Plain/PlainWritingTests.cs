using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using OnlyMcp.Protocol.JsonRpc;
using OnlyMcp.Protocol.Schema;
using OnlyMcp.Protocol.Schema.Legacy;
using OnlyMcp.Server.Legacy;
using OnlyMcp.Server.Plain;

namespace OnlyMcp.Tests.Plain;

public sealed class PlainWritingTests
{
    private static readonly Dictionary<string, JsonElement> Elements = new()
    {
        ["a/b <ü>"] = JsonElement.Parse("""{"c":[1.50,"\u00fc<\"",null,true]}"""),
        [""] = JsonElement.Parse("null"),
    };

    private static readonly Implementation Info = new()
    {
        Name = "näme \"<>\"",
        Title = "t",
        Version = "1\n",
        Description = "d",
        WebsiteUrl = "https://a/?b&c",
        Icons = [new Icon { Src = "https://a", Theme = IconTheme.Dark, Sizes = ["any"] }],
    };

    private static readonly ServerCapabilities[] Capabilities =
    [
        new(),
        new() { Tools = new(), Prompts = new(), Resources = new(), Logging = new(), Completions = new() },
        new()
        {
            Experimental = Elements,
            Logging = new() { Other = new Dictionary<string, JsonElement>(Elements) },
            Completions = new() { Other = new Dictionary<string, JsonElement>() },
            Prompts = new() { ListChanged = false },
            Resources = new() { Subscribe = true, ListChanged = true },
            Tools = new() { ListChanged = true },
            Tasks = new() { List = new(), Cancel = new(), Requests = new() { Tools = new() { Call = new() } } },
            Extensions = Elements,
        },
    ];

    private static IEnumerable<DiscoverResult> Discoveries() =>
    [
        .. Capabilities.Select(capabilities => new DiscoverResult { SupportedVersions = [], Capabilities = capabilities }),
        new DiscoverResult
        {
            SupportedVersions = ["2026-07-28", "ü"],
            Capabilities = new(),
            Instructions = "Read <this> \u2028 \U0001F600",
            ResultType = "complete",
            TtlMs = long.MaxValue,
            CacheScope = CacheScope.Public,
            Meta = Elements,
        },
        new DiscoverResult { SupportedVersions = ["a"], Capabilities = new(), TtlMs = 0, CacheScope = CacheScope.Private },
    ];

    private static IEnumerable<InitializeResult> Greetings() =>
    [
        .. Capabilities.Select(capabilities => new InitializeResult { ProtocolVersion = "2025-11-25", Capabilities = capabilities, ServerInfo = Info }),
        new InitializeResult
        {
            ProtocolVersion = "",
            Capabilities = new(),
            ServerInfo = new() { Name = "", Version = "" },
            Instructions = "",
            ResultType = "complete",
            Meta = Elements,
        },
    ];

    private static IEnumerable<CallToolResult> ToolResults() =>
    [
        new() { Content = [] },
        new() { Content = [new TextContent { Text = "hällo <\"\\ \u0001 \U0001F600 \ud800>" }, new TextContent { Text = "" }], IsError = true },
        new() { Content = [new TextContent { Text = "a" }], IsError = false, StructuredContent = Elements["a/b <ü>"], ResultType = "x", Meta = Elements },
        new() { Content = [], StructuredContent = Elements[""] },
        new() { Content = [new TextContent { Text = "a", Annotations = new() { Priority = 0.5 } }] },
        new() { Content = [new TextContent { Text = "a", Meta = Elements }, new ImageContent { MimeType = "a/b", Data = new byte[] { 1, 2 } }] },
    ];

    [TestCaseSource(nameof(Discoveries))]
    public void A_discovery_is_written_as_by_its_contract(DiscoverResult result)
    {
        Written(result, PlainDiscovery.Instance.TypeInfo).Should().Be(Written(result, McpJson.Wire.DiscoverResult));
    }

    [TestCaseSource(nameof(Greetings))]
    public void A_greeting_is_written_as_by_its_contract(InitializeResult result)
    {
        Written(result, PlainGreeting.Instance.TypeInfo).Should().Be(Written(result, McpJson.Wire.InitializeResult));
    }

    [TestCaseSource(nameof(ToolResults))]
    public void What_a_tool_has_answered_is_written_as_by_its_contract(CallToolResult result)
    {
        Written(result, PlainToolResult.Instance.TypeInfo).Should().Be(Written(result, McpJson.Wire.CallToolResult));
    }

    [TestCaseSource(nameof(Discoveries))]
    public void Bytes_of_its_own_are_the_same(DiscoverResult result)
    {
        JsonBody.Of(result, PlainDiscovery.Instance.TypeInfo).ToString().Should().Be(JsonBody.Of(result, McpJson.Wire.DiscoverResult).ToString());
    }

    [Test]
    public void Information_about_the_server_is_written_as_by_its_contract()
    {
        PlainWriter.ToElement(Info).GetRawText().Should().Be(JsonSerializer.Serialize(Info, McpJson.Wire.Implementation));
    }

    private static string Written(object result, JsonTypeInfo type) =>
        Encoding.UTF8.GetString(JsonRpcWriter.ToBytes(new JsonRpcResultResponse(1, JsonBody.Of(result, type))));
}
