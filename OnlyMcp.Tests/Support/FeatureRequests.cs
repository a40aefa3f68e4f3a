using OnlyMcp.Client;
using OnlyMcp.Protocol.JsonRpc;
using OnlyMcp.Protocol.Schema;

namespace OnlyMcp.Tests.Support;

/// <summary>Requests of features as their records, so that a test sees what is on the wire.</summary>
internal static class FeatureRequests
{
    public static async Task<ListToolsResult> ListToolsPageAsync(this McpClient client, string? cursor = null) => (await client.SendRequestAsync(
        Methods.ToolsList, JsonBody.Of(new ListToolsRequestParams { Cursor = cursor }, McpJson.Wire.ListToolsRequestParams))).Read(McpJson.Wire.ListToolsResult);

    public static async Task<ListPromptsResult> ListPromptsPageAsync(this McpClient client, string? cursor = null) => (await client.SendRequestAsync(
        Methods.PromptsList, JsonBody.Of(new ListPromptsRequestParams { Cursor = cursor }, McpJson.Wire.ListPromptsRequestParams))).Read(McpJson.Wire.ListPromptsResult);

    public static async Task<ListResourcesResult> ListResourcesPageAsync(this McpClient client, string? cursor = null) => (await client.SendRequestAsync(
        Methods.ResourcesList, JsonBody.Of(new ListResourcesRequestParams { Cursor = cursor }, McpJson.Wire.ListResourcesRequestParams))).Read(McpJson.Wire.ListResourcesResult);

    public static async Task<ListResourceTemplatesResult> ListTemplatesPageAsync(this McpClient client, string? cursor = null) => (await client.SendRequestAsync(
        Methods.ResourcesTemplatesList, JsonBody.Of(new ListResourceTemplatesRequestParams { Cursor = cursor }, McpJson.Wire.ListResourceTemplatesRequestParams)))
        .Read(McpJson.Wire.ListResourceTemplatesResult);

    public static async Task<ReadResourceResult> ReadAsync(this McpClient client, string uri) => (await client.SendRequestAsync(
        Methods.ResourcesRead, JsonBody.Of(new ReadResourceRequestParams { Uri = uri }, McpJson.Wire.ReadResourceRequestParams))).Read(McpJson.Wire.ReadResourceResult);

    public static async Task<string> ReadTextAsync(this McpClient client, string uri) =>
        ((TextResourceContents)(await client.ReadAsync(uri)).Contents.Single()).Text;

    public static async Task<GetPromptResult> GetAsync(this McpClient client, string prompt, params (string Name, string Value)[] arguments) =>
        (await client.SendRequestAsync(
            Methods.PromptsGet,
            JsonBody.Of(
                new GetPromptRequestParams { Name = prompt, Arguments = arguments.ToDictionary(argument => argument.Name, argument => argument.Value) },
                McpJson.Wire.GetPromptRequestParams))).Read(McpJson.Wire.GetPromptResult);

    public static async Task<Completion> CompleteAsync(
        this McpClient client, CompletionReference reference, string argument, string value, params (string Name, string Value)[] known) =>
        (await client.SendRequestAsync(
            Methods.CompletionComplete,
            JsonBody.Of(
                new CompleteRequestParams
                {
                    Ref = reference,
                    Argument = new CompletionArgument { Name = argument, Value = value },
                    Context = known.Length == 0 ? null : new CompletionContext { Arguments = known.ToDictionary(one => one.Name, one => one.Value) },
                },
                McpJson.Wire.CompleteRequestParams))).Read(McpJson.Wire.CompleteResult).Completion;
}
