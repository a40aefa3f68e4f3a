using System.Text.Json;
using OnlyMcp.Protocol.JsonRpc;
using OnlyMcp.Protocol.Schema;
using OnlyMcp.Server.Completions;
using OnlyMcp.Server.Features;

namespace OnlyMcp.Server.Authorization;

/// <summary>What the operation that a body asks for needs beyond what every request does.</summary>
/// <remarks>Spec: 2026-07-28 basic/authorization §Runtime Insufficient Scope Errors</remarks>
internal static class OperationScopes
{
    /// <summary>The scopes of all messages in a body; none where it is no message.</summary>
    public static IEnumerable<string> In(ReadOnlyMemory<byte> body, McpServer server)
    {
        var limits = server.Options.Limits;
        try
        {
            return JsonRpcReader.IsArray(body.Span)
                ? [.. Batch.Split(body, limits.MaxBatchCount, limits.MaxDepth).SelectMany(message => Of(message, server))]
                : Of(body, server);
        }
        catch (Exception fault) when (fault is MalformedMessageException or JsonRpcException)
        {
            return []; // Nobody who may not ask is told what is wrong with the question.
        }
    }

    private static IReadOnlyList<string> Of(ReadOnlyMemory<byte> message, McpServer server)
    {
        if (JsonRpcReader.Parse(message, server.Options.Limits.MaxDepth) is not JsonRpcRequest { Params.IsAbsent: false } request)
            return [];

        var parameters = request.Params.ToElement();
        return request.Method switch
        {
            Methods.ToolsCall when TextOf(parameters, "name") is { } name && server.Tools.TryFind(name, out var tool) => tool.Scopes,
            Methods.PromptsGet when TextOf(parameters, "name") is { } name && server.Prompts.TryFind(name, out var prompt) => prompt.Scopes,
            Methods.ResourcesRead or Methods.ResourcesSubscribe when TextOf(parameters, "uri") is { } uri =>
                server.ScopesOfResource(uri) ?? [],
            Methods.CompletionComplete => ScopesOf(RequestParameters.Read(request, McpJson.Wire.CompleteRequestParams), server),
            _ => [],
        };
    }

    private static IReadOnlyList<string> ScopesOf(CompleteRequestParams asked, McpServer server) =>
        CompletionTarget.Of(asked.Ref, server)?.Scopes ?? [];

    private static string? TextOf(JsonElement parameters, string name)
    {
        if (parameters.ValueKind != JsonValueKind.Object || !parameters.TryGetProperty(name, out var value))
            return null;
        if (value.ValueKind != JsonValueKind.String)
            return null;

        try
        {
            return value.GetString();
        }
        catch (InvalidOperationException)
        {
            return null; // Half a character: no name of anything.
        }
    }
}
