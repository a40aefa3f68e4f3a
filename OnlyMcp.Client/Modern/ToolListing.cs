using System.Text.Json;
using OnlyMcp.Client.Http;
using OnlyMcp.Protocol.JsonRpc;
using OnlyMcp.Protocol.Schema;
using OnlyMcp.Protocol.Transport;

namespace OnlyMcp.Client.Modern;

/// <summary>Reads from the tools that a server lists what their calls must carry in headers, and refuses those that it cannot.</summary>
/// <remarks>
/// Spec: 2026-07-28 basic/transports/streamable-http §Client Behavior
/// Spec: 2026-07-28 server/tools §x-mcp-header
/// </remarks>
internal sealed class ToolListing(ToolHeaders tools, ClientConversation conversation)
{
    /// <summary>That of a conversation over HTTP; null for a pipe.</summary>
    public static ToolListing? Of(ClientConversation conversation) =>
        conversation.Transport is StreamableHttpTransport { Headers: MirroredHeaders mirrored } ? new(mirrored.Tools, conversation) : null;

    /// <summary>MUST: a tool whose annotations break a rule is left out, and the others are kept.</summary>
    public IReadOnlyList<Tool> Take(IReadOnlyList<Tool> listed) => [.. listed.Where(Take)];

    /// <summary>Lists the tools anew; true if the tool of this call has other headers than before.</summary>
    public async Task<bool> RefreshAsync(JsonBody call, Func<JsonBody, ValueTask<JsonBody>> list)
    {
        var name = call.Read(McpJson.Wire.CallToolRequestParams).Name;
        var before = tools.Of(name);
        var pages = new PageTurner(Methods.ToolsList, conversation.Options.Limits.MaxPages);
        do
        {
            var page = await list(JsonBody.Of(
                new ListToolsRequestParams { Cursor = pages.Cursor }, McpJson.Wire.ListToolsRequestParams)).ConfigureAwait(false);
            pages.Turn(TakePage(page));
        }
        while (pages.Cursor is not null);
        return !IsSame(before, tools.Of(name));
    }

    private string? TakePage(JsonBody page)
    {
        try
        {
            var result = page.Read(McpJson.Wire.ListToolsResult);
            Take(result.Tools);
            return result.NextCursor;
        }
        catch (JsonException fault)
        {
            throw new ProtocolFaultException(
                $"The result of '{Methods.ToolsList}' has another shape than it should: {fault.Message}", page.ToUtf8().Span, fault);
        }
    }

    private bool Take(Tool tool)
    {
        if (tools.Take(tool) is not { } problem)
            return true;

        // SHOULD: a warning names the tool and the reason.
        conversation.Inbox.Report(new ProtocolFaultException($"The tool '{tool.Name}' is left out: {problem}"));
        return false;
    }

    private static bool IsSame(IReadOnlyList<ParameterHeader> one, IReadOnlyList<ParameterHeader> other) =>
        one.Select(Show).SequenceEqual(other.Select(Show), StringComparer.Ordinal);

    private static string Show(ParameterHeader header) => $"{header.Name} {string.Join('/', header.Path)}";
}
