using System.Text.Json;
using OnlyMcp.Protocol.Schema;
using OnlyMcp.Server;
using OnlyMcp.Server.Tools;
using OnlyMcp.Tests.Support;

namespace OnlyMcp.Tests.Features;

/// <summary>Whatever a tool returns and says about itself arrives, over each transport in each revision.</summary>
[TestFixtureSource(nameof(Ways))]
public sealed class ToolContentTests(Way way)
{
    private static IEnumerable<TestFixtureData> Ways => Way.All.Select(way => new TestFixtureData(way).SetArgDisplayNames(way.ToString()));

    [Test]
    [Spec("2026-07-28 server/tools §Tool Result")]
    public async Task Every_kind_of_content_comes_out_of_a_delegate()
    {
        var server = new McpServer("kinds", "1.0.0");
        server.AddTool("text", "Text", () => new TextContent { Text = "text", Annotations = new Annotations { Audience = [Role.User], Priority = 0.5 } });
        server.AddTool("image", "Picture", () => new ImageContent { Data = new byte[] { 1, 2 }, MimeType = "image/png" });
        server.AddTool("audio", "Sound", () => new AudioContent { Data = new byte[] { 3 }, MimeType = "audio/wav" });
        server.AddTool("link", "Link", () => new ResourceLink { Uri = "file:///a", Name = "a", Title = "A", MimeType = "text/plain", Size = 3 });
        server.AddTool("embedded", "Resource", () => new EmbeddedResource { Resource = new BlobResourceContents { Uri = "file:///b", Blob = new byte[] { 4 } } });
        server.AddTool("list", "All", async Task<IReadOnlyList<ContentBlock>> () =>
        {
            await Task.Yield();
            return [new TextContent { Text = "one" }, new TextContent { Text = "two" }];
        });
        server.AddTool("result", "A result", ValueTask<Result> () => new(ToolResults.Error("It did not work.")));
        await using var connected = await way.ConnectAsync(server);

        (await OneAsync("text")).Should().BeOfType<TextContent>().Which.Annotations!.Audience.Should().Equal(Role.User);
        (await OneAsync("image")).Should().BeOfType<ImageContent>().Which.Data.ToArray().Should().Equal(1, 2);
        (await OneAsync("audio")).Type.Should().Be(way.Revision.HasAudioContent ? "audio" : "text");
        (await OneAsync("link")).Type.Should().Be(way.Revision.HasResourceLinks ? "resource_link" : "text");
        ((BlobResourceContents)((EmbeddedResource)await OneAsync("embedded")).Resource).Blob.ToArray().Should().Equal(4);
        (await connected.Client.CallToolAsync("list")).Text.Should().Be("one\ntwo");
        (await connected.Client.CallToolAsync("result")).IsError.Should().BeTrue();

        async Task<ContentBlock> OneAsync(string tool) => (await connected.Client.CallToolAsync(tool)).Content.Single();
    }

    [Test]
    [Spec("2026-07-28 server/tools §Tool")]
    public async Task A_tool_tells_its_title_its_icons_its_hints_and_what_else_its_definition_says()
    {
        var server = new McpServer("described", "1.0.0");
        server.AddTool(
            new Tool
            {
                Name = "given",
                Title = "Given",
                InputSchema = JsonElement.Parse("""{"type":"object"}"""),
                Icons = [new Icon { Src = "https://example.com/given.png", MimeType = "image/png", Sizes = ["48x48"] }],
                Annotations = new ToolAnnotations { ReadOnlyHint = true },
                Meta = new Dictionary<string, JsonElement> { ["com.example/hat"] = JsonElement.Parse("1") },
            },
            (_, _, _) => new(ToolResults.Text("x")));
        server.AddTools(typeof(Described));
        await using var connected = await way.ConnectAsync(server);

        var tools = (await connected.Client.ListToolsPageAsync()).Tools;
        tools[0].Title.Should().Be("Given");
        tools[0].Icons!.Single().Src.Should().Be("https://example.com/given.png");
        tools[0].Annotations!.ReadOnlyHint.Should().BeTrue();
        tools[0].Meta!["com.example/hat"].GetInt32().Should().Be(1);
        tools[1].Title.Should().Be("Counts");
        tools[1].Icons!.Single().Src.Should().Be("data:image/png;base64,AA==");
    }

    private static class Described
    {
        [McpTool(Title = "Counts", Icon = "data:image/png;base64,AA==")]
        public static int Count() => 1;
    }
}
