using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization.Metadata;
using OnlyMcp.Protocol.JsonRpc;
using OnlyMcp.Protocol.Schema;

namespace OnlyMcp.Tests.Schema;

public sealed class SchemaExampleTests
{
    // The folder of the examples, the type that reads them, and where in the example its JSON is.
    private static readonly (string Folder, JsonTypeInfo Type, string Part)[] Covered =
    [
        ("AudioContent", McpJson.Wire.ContentBlock, ""),
        ("BlobResourceContents", McpJson.Wire.ResourceContents, ""),
        ("BooleanSchema", McpJson.Wire.PrimitiveSchema, ""),
        ("CallToolRequest", McpJson.Wire.CallToolRequestParams, "params"),
        ("CallToolRequestParams", McpJson.Wire.CallToolRequestParams, ""),
        ("CallToolResult", McpJson.Wire.CallToolResult, ""),
        ("CallToolResultResponse", McpJson.Wire.CallToolResult, "result"),
        ("CancelledNotification", McpJson.Wire.CancelledNotificationParams, "params"),
        ("CancelledNotificationParams", McpJson.Wire.CancelledNotificationParams, ""),
        ("ClientCapabilities", McpJson.Wire.ClientCapabilities, ""),
        ("CompleteRequest", McpJson.Wire.CompleteRequestParams, "params"),
        ("CompleteRequestParams", McpJson.Wire.CompleteRequestParams, ""),
        ("CompleteResult", McpJson.Wire.CompleteResult, ""),
        ("CompleteResultResponse", McpJson.Wire.CompleteResult, "result"),
        ("CreateMessageRequest", McpJson.Wire.CreateMessageRequestParams, "params"),
        ("CreateMessageRequestParams", McpJson.Wire.CreateMessageRequestParams, ""),
        ("CreateMessageResult", McpJson.Wire.CreateMessageResult, ""),
        ("DiscoverRequest", McpJson.Wire.DiscoverRequestParams, "params"),
        ("DiscoverResult", McpJson.Wire.DiscoverResult, ""),
        ("DiscoverResultResponse", McpJson.Wire.DiscoverResult, "result"),
        ("ElicitRequest", McpJson.Wire.ElicitRequestParams, "params"),
        ("ElicitRequestFormParams", McpJson.Wire.ElicitRequestParams, ""),
        ("ElicitRequestURLParams", McpJson.Wire.ElicitRequestParams, ""),
        ("ElicitResult", McpJson.Wire.ElicitResult, ""),
        ("EmbeddedResource", McpJson.Wire.ContentBlock, ""),
        ("GetPromptRequest", McpJson.Wire.GetPromptRequestParams, "params"),
        ("GetPromptRequestParams", McpJson.Wire.GetPromptRequestParams, ""),
        ("GetPromptResult", McpJson.Wire.GetPromptResult, ""),
        ("GetPromptResultResponse", McpJson.Wire.GetPromptResult, "result"),
        ("ImageContent", McpJson.Wire.ContentBlock, ""),
        ("InputRequests", McpJson.Wire.IReadOnlyDictionaryStringInputRequest, ""),
        ("InputRequiredResult", McpJson.Wire.InputRequiredResult, ""),
        ("InputResponses", McpJson.Wire.IReadOnlyDictionaryStringJsonElement, ""),
        ("ListPromptsRequest", McpJson.Wire.ListPromptsRequestParams, "params"),
        ("ListPromptsResult", McpJson.Wire.ListPromptsResult, ""),
        ("ListPromptsResultResponse", McpJson.Wire.ListPromptsResult, "result"),
        ("ListResourceTemplatesRequest", McpJson.Wire.ListResourceTemplatesRequestParams, "params"),
        ("ListResourceTemplatesResult", McpJson.Wire.ListResourceTemplatesResult, ""),
        ("ListResourceTemplatesResultResponse", McpJson.Wire.ListResourceTemplatesResult, "result"),
        ("ListResourcesRequest", McpJson.Wire.ListResourcesRequestParams, "params"),
        ("ListResourcesResult", McpJson.Wire.ListResourcesResult, ""),
        ("ListResourcesResultResponse", McpJson.Wire.ListResourcesResult, "result"),
        ("ListRootsResult", McpJson.Wire.ListRootsResult, ""),
        ("ListToolsRequest", McpJson.Wire.ListToolsRequestParams, "params"),
        ("ListToolsResult", McpJson.Wire.ListToolsResult, ""),
        ("ListToolsResultResponse", McpJson.Wire.ListToolsResult, "result"),
        ("LoggingMessageNotification", McpJson.Wire.LoggingMessageNotificationParams, "params"),
        ("LoggingMessageNotificationParams", McpJson.Wire.LoggingMessageNotificationParams, ""),
        ("MissingRequiredClientCapabilityError", McpJson.Wire.MissingRequiredClientCapabilityErrorData, "error.data"),
        ("ModelPreferences", McpJson.Wire.ModelPreferences, ""),
        ("NumberSchema", McpJson.Wire.PrimitiveSchema, ""),
        ("PaginatedRequestParams", McpJson.Wire.ListToolsRequestParams, ""),
        ("ProgressNotification", McpJson.Wire.ProgressNotificationParams, "params"),
        ("ProgressNotificationParams", McpJson.Wire.ProgressNotificationParams, ""),
        ("PromptListChangedNotification", McpJson.Wire.ListChangedNotificationParams, "params"),
        ("ReadResourceRequest", McpJson.Wire.ReadResourceRequestParams, "params"),
        ("ReadResourceResult", McpJson.Wire.ReadResourceResult, ""),
        ("ReadResourceResultResponse", McpJson.Wire.ReadResourceResult, "result"),
        ("Resource", McpJson.Wire.Resource, ""),
        ("ResourceLink", McpJson.Wire.ContentBlock, ""),
        ("ResourceListChangedNotification", McpJson.Wire.ListChangedNotificationParams, "params"),
        ("ResourceUpdatedNotification", McpJson.Wire.ResourceUpdatedNotificationParams, "params"),
        ("ResourceUpdatedNotificationParams", McpJson.Wire.ResourceUpdatedNotificationParams, ""),
        ("Root", McpJson.Wire.Root, ""),
        ("SamplingMessage", McpJson.Wire.SamplingMessage, ""),
        ("ServerCapabilities", McpJson.Wire.ServerCapabilities, ""),
        ("StringSchema", McpJson.Wire.PrimitiveSchema, ""),
        ("SubscriptionsAcknowledgedNotification", McpJson.Wire.SubscriptionsAcknowledgedNotificationParams, "params"),
        ("SubscriptionsListenRequest", McpJson.Wire.SubscriptionsListenRequestParams, "params"),
        ("SubscriptionsListenResult", McpJson.Wire.SubscriptionsListenResult, ""),
        ("SubscriptionsListenResultResponse", McpJson.Wire.SubscriptionsListenResult, "result"),
        ("TextContent", McpJson.Wire.ContentBlock, ""),
        ("TextResourceContents", McpJson.Wire.ResourceContents, ""),
        ("TitledMultiSelectEnumSchema", McpJson.Wire.PrimitiveSchema, ""),
        ("TitledSingleSelectEnumSchema", McpJson.Wire.PrimitiveSchema, ""),
        ("Tool", McpJson.Wire.Tool, ""),
        ("ToolListChangedNotification", McpJson.Wire.ListChangedNotificationParams, "params"),
        ("ToolResultContent", McpJson.Wire.ToolResultContent, ""),
        ("ToolUseContent", McpJson.Wire.ToolUseContent, ""),
        ("UnsupportedProtocolVersionError", McpJson.Wire.UnsupportedProtocolVersionErrorData, "error.data"),
        ("UntitledMultiSelectEnumSchema", McpJson.Wire.PrimitiveSchema, ""),
        ("UntitledSingleSelectEnumSchema", McpJson.Wire.PrimitiveSchema, ""),
    ];

    // Examples of errors, which are read with their message.
    private static readonly string[] Errors =
        ["HeaderMismatchError", "InternalError", "InvalidParamsError", "MethodNotFoundError", "ParseError"];

    // Examples of requests inside a result; the schema gives them no id, though the one of roots/list carries one.
    private static readonly string[] InputRequests = ["CreateMessageRequest", "ElicitRequest", "ListRootsRequest"];

    private static IEnumerable<string> Folders => Covered.Select(covered => covered.Folder);

    /// <summary>Every example that a record stands for, with how to read it.</summary>
    public static IEnumerable<(JsonTypeInfo Type, JsonNode Example)> All() => Covered.SelectMany(
        covered => Examples(covered.Folder).Select(example => (covered.Type, example.Example.Part(covered.Part))));

    [TestCaseSource(nameof(Folders))]
    public void An_example_of_the_specification_is_read_and_written_without_loss(string folder)
    {
        (_, JsonTypeInfo type, string part) = Covered.Single(covered => covered.Folder == folder);

        foreach ((string file, JsonNode example) in Examples(folder)) ReadAndWrite(file, example.Part(part), type);
    }

    [TestCaseSource(nameof(Folders))]
    public void Nothing_that_the_specification_declares_is_kept_as_unknown(string folder)
    {
        (_, JsonTypeInfo type, string part) = Covered.Single(covered => covered.Folder == folder);
        HashSet<string> declared = SchemaExamples.DeclaredMembers("2026-07-28");

        foreach ((string file, JsonNode example) in Examples(folder))
        {
            UnknownMembers.In(example.Part(part).Deserialize(type)!).Should().NotIntersectWith(declared, $"{file} declares them");
        }
    }

    [TestCaseSource(nameof(Errors))]
    public void An_example_of_an_error_is_read_and_written_without_loss(string folder)
    {
        foreach ((string file, JsonNode example) in Examples(folder))
        {
            bool isMessage = example["jsonrpc"] is not null;
            ReadAndWriteMessage(file, isMessage ? example : new JsonObject { ["jsonrpc"] = "2.0", ["id"] = 1, ["error"] = example });
        }
    }

    [TestCaseSource(nameof(InputRequests))]
    public void An_example_of_an_input_request_is_read_and_written_without_loss(string folder)
    {
        foreach ((string file, JsonNode example) in Examples(folder))
        {
            example.AsObject().Remove("id");
            ReadAndWrite(file, example, McpJson.Wire.InputRequest);
        }
    }

    [Test]
    public void An_example_of_a_whole_message_is_read_and_written_without_loss()
    {
        (string File, JsonNode Example)[] messages =
            [.. SchemaExamples.Folders("2026-07-28").SelectMany(Examples).Where(example => example.Example["jsonrpc"] is not null)];

        messages.Should().NotBeEmpty();
        foreach ((string file, JsonNode example) in messages) ReadAndWriteMessage(file, example);
    }

    [Test]
    public void The_answers_in_the_examples_are_those_that_were_asked_for()
    {
        JsonNode answers = Examples("InputResponses").Single().Example;

        ReadAndWrite("github_login", answers["github_login"]!, McpJson.Wire.ElicitResult);
        ReadAndWrite("capital_of_france", answers["capital_of_france"]!, McpJson.Wire.CreateMessageResult);
    }

    [Test]
    public void Every_example_of_the_specification_is_covered()
    {
        SchemaExamples.Folders("2026-07-28").Should().BeEquivalentTo(Folders.Concat(Errors).Concat(InputRequests).Distinct());
    }

    private static IEnumerable<(string File, JsonNode Example)> Examples(string folder) => SchemaExamples.Files("2026-07-28", folder)
        .Select(file => ($"{folder}/{Path.GetFileName(file)}", JsonNode.Parse(File.ReadAllText(file))!));

    private static void ReadAndWrite(string file, JsonNode example, JsonTypeInfo type)
    {
        object? read = example.Deserialize(type);
        string written = JsonSerializer.Serialize(read, type);

        JsonNode.DeepEquals(JsonNode.Parse(written), example).Should().BeTrue($"{file} became {written}");
    }

    private static void ReadAndWriteMessage(string file, JsonNode example)
    {
        byte[] written = JsonRpcWriter.ToBytes(JsonRpcReader.Parse(JsonSerializer.SerializeToUtf8Bytes(example)));

        JsonNode.DeepEquals(JsonNode.Parse(written), example).Should().BeTrue($"{file} became {JsonNode.Parse(written)}");
    }
}
