using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization.Metadata;
using OnlyMcp.Protocol.Schema;

namespace OnlyMcp.Tests.Schema;

public sealed class SchemaExampleTests
{
    // The folder of the examples, the type that reads them, and where in the example its JSON is.
    private static readonly (string Folder, JsonTypeInfo Type, string Part)[] Covered =
    [
        ("AudioContent", McpJson.Wire.ContentBlock, ""),
        ("BlobResourceContents", McpJson.Wire.ResourceContents, ""),
        ("CallToolRequest", McpJson.Wire.CallToolRequestParams, "params"),
        ("CallToolRequestParams", McpJson.Wire.CallToolRequestParams, ""),
        ("CallToolResult", McpJson.Wire.CallToolResult, ""),
        ("CallToolResultResponse", McpJson.Wire.CallToolResult, "result"),
        ("CancelledNotification", McpJson.Wire.CancelledNotificationParams, "params"),
        ("CancelledNotificationParams", McpJson.Wire.CancelledNotificationParams, ""),
        ("ClientCapabilities", McpJson.Wire.ClientCapabilities, ""),
        ("DiscoverRequest", McpJson.Wire.DiscoverRequestParams, "params"),
        ("DiscoverResult", McpJson.Wire.DiscoverResult, ""),
        ("DiscoverResultResponse", McpJson.Wire.DiscoverResult, "result"),
        ("EmbeddedResource", McpJson.Wire.ContentBlock, ""),
        ("ImageContent", McpJson.Wire.ContentBlock, ""),
        ("ListToolsRequest", McpJson.Wire.ListToolsRequestParams, "params"),
        ("ListToolsResult", McpJson.Wire.ListToolsResult, ""),
        ("ListToolsResultResponse", McpJson.Wire.ListToolsResult, "result"),
        ("LoggingMessageNotification", McpJson.Wire.LoggingMessageNotificationParams, "params"),
        ("LoggingMessageNotificationParams", McpJson.Wire.LoggingMessageNotificationParams, ""),
        ("MissingRequiredClientCapabilityError", McpJson.Wire.MissingRequiredClientCapabilityErrorData, "error.data"),
        ("PaginatedRequestParams", McpJson.Wire.ListToolsRequestParams, ""),
        ("ProgressNotification", McpJson.Wire.ProgressNotificationParams, "params"),
        ("ProgressNotificationParams", McpJson.Wire.ProgressNotificationParams, ""),
        ("PromptListChangedNotification", McpJson.Wire.ListChangedNotificationParams, "params"),
        ("ResourceLink", McpJson.Wire.ContentBlock, ""),
        ("ResourceListChangedNotification", McpJson.Wire.ListChangedNotificationParams, "params"),
        ("ServerCapabilities", McpJson.Wire.ServerCapabilities, ""),
        ("TextContent", McpJson.Wire.ContentBlock, ""),
        ("TextResourceContents", McpJson.Wire.ResourceContents, ""),
        ("Tool", McpJson.Wire.Tool, ""),
        ("ToolListChangedNotification", McpJson.Wire.ListChangedNotificationParams, "params"),
        ("UnsupportedProtocolVersionError", McpJson.Wire.UnsupportedProtocolVersionErrorData, "error.data"),
    ];

    private static IEnumerable<string> Folders => Covered.Select(covered => covered.Folder);

    [TestCaseSource(nameof(Folders))]
    public void An_example_of_the_specification_is_read_and_written_without_loss(string folder)
    {
        (_, JsonTypeInfo type, string part) = Covered.Single(covered => covered.Folder == folder);

        foreach (string file in SchemaExamples.Files("2026-07-28", folder))
        {
            JsonNode? example = JsonNode.Parse(File.ReadAllText(file));
            foreach (string name in part.Split('.', StringSplitOptions.RemoveEmptyEntries)) example = example![name];

            object? read = example.Deserialize(type);
            string written = JsonSerializer.Serialize(read, type);

            JsonNode.DeepEquals(JsonNode.Parse(written), example).Should().BeTrue($"{Path.GetFileName(file)} became {written}");
        }
    }
}
