using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using OnlyMcp.Protocol.Schema.Legacy;

namespace OnlyMcp.Protocol.Schema;

/// <summary>
/// How the records of this namespace become JSON and back, without a search for members at run time:
/// <c>JsonSerializer.Serialize(result, McpJson.Wire.CallToolResult)</c>.
/// </summary>
// Listed are the types at the top of a message; what they contain is found from there. A new type is one new line.
[JsonSerializable(typeof(string))]
[JsonSerializable(typeof(JsonElement))]
[JsonSerializable(typeof(Implementation))]
[JsonSerializable(typeof(EmptyResult))]
[JsonSerializable(typeof(RequestMeta))]
[JsonSerializable(typeof(UnsupportedProtocolVersionErrorData))]
[JsonSerializable(typeof(MissingRequiredClientCapabilityErrorData))]
[JsonSerializable(typeof(DiscoverRequestParams))]
[JsonSerializable(typeof(DiscoverResult))]
[JsonSerializable(typeof(ListToolsRequestParams))]
[JsonSerializable(typeof(ListToolsResult))]
[JsonSerializable(typeof(CallToolRequestParams))]
[JsonSerializable(typeof(CallToolResult))]
[JsonSerializable(typeof(ListPromptsRequestParams))]
[JsonSerializable(typeof(ListPromptsResult))]
[JsonSerializable(typeof(GetPromptRequestParams))]
[JsonSerializable(typeof(GetPromptResult))]
[JsonSerializable(typeof(ListResourcesRequestParams))]
[JsonSerializable(typeof(ListResourcesResult))]
[JsonSerializable(typeof(ListResourceTemplatesRequestParams))]
[JsonSerializable(typeof(ListResourceTemplatesResult))]
[JsonSerializable(typeof(ReadResourceRequestParams))]
[JsonSerializable(typeof(ReadResourceResult))]
[JsonSerializable(typeof(ResourceUpdatedNotificationParams))]
[JsonSerializable(typeof(ResourceNotFoundErrorData))]
[JsonSerializable(typeof(CompleteRequestParams))]
[JsonSerializable(typeof(CompleteResult))]
[JsonSerializable(typeof(InputRequiredResult))]
[JsonSerializable(typeof(ElicitRequestParams))]
[JsonSerializable(typeof(ElicitResult))]
[JsonSerializable(typeof(CreateMessageRequestParams))]
[JsonSerializable(typeof(CreateMessageResult))]
[JsonSerializable(typeof(ListRootsRequestParams))]
[JsonSerializable(typeof(ListRootsResult))]
[JsonSerializable(typeof(SubscriptionsListenRequestParams))]
[JsonSerializable(typeof(SubscriptionsAcknowledgedNotificationParams))]
[JsonSerializable(typeof(SubscriptionsListenResult))]
[JsonSerializable(typeof(CreateTaskResult))]
[JsonSerializable(typeof(GetTaskRequestParams))]
[JsonSerializable(typeof(GetTaskResult))]
[JsonSerializable(typeof(TaskProgress))]
[JsonSerializable(typeof(UpdateTaskRequestParams))]
[JsonSerializable(typeof(CancelTaskRequestParams))]
[JsonSerializable(typeof(TaskStatusNotificationParams))]
[JsonSerializable(typeof(ListChangedNotificationParams))]
[JsonSerializable(typeof(ProgressNotificationParams))]
[JsonSerializable(typeof(CancelledNotificationParams))]
[JsonSerializable(typeof(LoggingMessageNotificationParams))]
// Found by a converter, which the generator cannot look into.
[JsonSerializable(typeof(TextContent))]
[JsonSerializable(typeof(ImageContent))]
[JsonSerializable(typeof(AudioContent))]
[JsonSerializable(typeof(ResourceLink))]
[JsonSerializable(typeof(EmbeddedResource))]
[JsonSerializable(typeof(TextResourceContents))]
[JsonSerializable(typeof(BlobResourceContents))]
[JsonSerializable(typeof(ToolUseContent))]
[JsonSerializable(typeof(ToolResultContent))]
[JsonSerializable(typeof(PromptReference))]
[JsonSerializable(typeof(ResourceTemplateReference))]
[JsonSerializable(typeof(ElicitRequestFormParams))]
[JsonSerializable(typeof(ElicitRequestUrlParams))]
[JsonSerializable(typeof(ElicitSchema))]
[JsonSerializable(typeof(StringSchema))]
[JsonSerializable(typeof(NumberSchema))]
[JsonSerializable(typeof(BooleanSchema))]
[JsonSerializable(typeof(UntitledSingleSelectEnumSchema))]
[JsonSerializable(typeof(TitledSingleSelectEnumSchema))]
[JsonSerializable(typeof(UntitledMultiSelectEnumSchema))]
[JsonSerializable(typeof(TitledMultiSelectEnumSchema))]
[JsonSerializable(typeof(LegacyTitledEnumSchema))]
// Until 2025-11-25.
[JsonSerializable(typeof(InitializeRequestParams))]
[JsonSerializable(typeof(InitializeResult))]
[JsonSerializable(typeof(InitializedNotificationParams))]
[JsonSerializable(typeof(PingRequestParams))]
[JsonSerializable(typeof(SetLevelRequestParams))]
[JsonSerializable(typeof(SubscribeRequestParams))]
[JsonSerializable(typeof(UnsubscribeRequestParams))]
[JsonSerializable(typeof(ElicitationCompleteNotificationParams))]
[JsonSerializable(typeof(UrlElicitationRequiredErrorData))]
[JsonSerializable(typeof(CreateLegacyTaskResult))]
[JsonSerializable(typeof(LegacyTaskRequestParams))]
[JsonSerializable(typeof(LegacyTaskResult))]
[JsonSerializable(typeof(ListTasksRequestParams))]
[JsonSerializable(typeof(ListTasksResult))]
[JsonSerializable(typeof(LegacyTaskStatusNotificationParams))]
[JsonSerializable(typeof(RelatedTaskMetadata))]
[JsonSourceGenerationOptions(
    GenerationMode = JsonSourceGenerationMode.Metadata,
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    PropertyNameCaseInsensitive = false,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    NumberHandling = JsonNumberHandling.Strict,
    AllowOutOfOrderMetadataProperties = true,
    AllowDuplicateProperties = false,
    Converters =
    [
        typeof(FiniteNumberConverter),
        // Every list and dictionary of a reference type whose own converter does not refuse null.
        typeof(ListConverter<string>), typeof(ListConverter<Icon>), typeof(ListConverter<Tool>), typeof(ListConverter<Prompt>),
        typeof(ListConverter<PromptArgument>), typeof(ListConverter<PromptMessage>), typeof(ListConverter<Resource>),
        typeof(ListConverter<ResourceTemplate>), typeof(ListConverter<SamplingMessage>), typeof(ListConverter<ModelHint>),
        typeof(ListConverter<Root>), typeof(ListConverter<LegacyTask>), typeof(ListConverter<EnumOption>), typeof(ListConverter<ElicitRequestUrlParams>),
        typeof(MapConverter<string>), typeof(MapConverter<InputRequest>),
    ],
    RespectNullableAnnotations = true)]
public sealed partial class McpJson : JsonSerializerContext
{
    /// <summary>
    /// What goes over the wire: the options above, and text written as it is rather than escaped for HTML. (The generated
    /// <see cref="Default"/> differs in the escaping alone, which no attribute can set.)
    /// </summary>
    public static McpJson Wire => WireInstance.Value;

    // In a class of its own, so that Default exists by the time it is copied.
    private static class WireInstance
    {
        public static readonly McpJson Value =
            new(new JsonSerializerOptions(Default.Options) { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping });
    }
}
