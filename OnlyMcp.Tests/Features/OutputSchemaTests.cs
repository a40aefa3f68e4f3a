using System.Text.Json;
using OnlyMcp.Protocol.Schema;
using OnlyMcp.Server;
using OnlyMcp.Server.Tools;
using OnlyMcp.Tests.Support;

namespace OnlyMcp.Tests.Features;

/// <summary>What a tool answers is held against its output schema, in every revision.</summary>
[TestFixtureSource(nameof(Ways))]
public sealed class OutputSchemaTests(Way way)
{
    private static readonly Tool Weather = new()
    {
        Name = "weather",
        InputSchema = JsonElement.Parse("""{"type":"object"}"""),
        OutputSchema = JsonElement.Parse("""{"type":"object","properties":{"degrees":{"type":"number"}},"required":["degrees"]}"""),
    };

    private static IEnumerable<TestFixtureData> Ways => Way.All.Select(way => new TestFixtureData(way).SetArgDisplayNames(way.ToString()));

    [Test]
    [Spec("2026-07-28 server/tools §Output Schema", 1)]
    public async Task Structured_content_that_breaks_the_output_schema_never_reaches_the_client()
    {
        var answer = await AskAsync(ToolResults.Text("secret") with { StructuredContent = JsonElement.Parse("""{"degrees":"warm"}""") });

        answer.IsError.Should().BeTrue();
        answer.StructuredContent.Should().BeNull();
        answer.Content.OfType<TextContent>().Single().Text.Should().Contain("output schema").And.NotContain("warm");
    }

    [Test]
    [Spec("2026-07-28 server/tools §Output Schema", 1)]
    public async Task A_result_without_the_structured_content_that_was_promised_is_an_error() =>
        (await AskAsync(ToolResults.Text("20 degrees"))).IsError.Should().BeTrue();

    [Test]
    [Spec("2026-07-28 server/tools §Error Handling")]
    public async Task A_failure_needs_no_structured_content() =>
        (await AskAsync(ToolResults.Error("no such city"))).Content.OfType<TextContent>().Single().Text.Should().Be("no such city");

    [Test]
    [Spec("2026-07-28 server/tools §Structured Content")]
    public async Task Structured_content_that_keeps_to_the_schema_arrives_where_there_is_room_for_it()
    {
        var answer = await AskAsync(ToolResults.Structured(JsonElement.Parse("""{"degrees":20}""")));

        answer.IsError.Should().NotBe(true);
        (answer.StructuredContent is not null).Should().Be(way.Revision.StructuredContent != Protocol.Revisions.StructuredContent.None);
    }

    private async Task<CallToolResult> AskAsync(Result result)
    {
        var server = new McpServer("weather", "1.0.0");
        server.AddTool(Weather, (_, _, _) => new(result));
        await using var connected = await way.ConnectAsync(server);
        return (await connected.Client.CallToolAsync("weather")).Result;
    }
}
