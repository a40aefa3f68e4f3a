using OnlyMcp.Protocol.JsonRpc;
using OnlyMcp.Protocol.Schema;

namespace OnlyMcp.Server.Features;

/// <summary>Answers <c>tools/list</c>: the tools, in the order in which they were added.</summary>
/// <remarks>Spec: 2026-07-28 server/tools §Listing Tools</remarks>
internal sealed class ToolsListHandler(McpServer server)
{
    public ValueTask<Result> HandleAsync(JsonRpcRequest request, RequestContext context, CancellationToken cancellationToken)
    {
        var parameters = RequestParameters.ReadOrDefault(request, McpJson.Wire.ListToolsRequestParams);

        // All tools fit on one page, so that no cursor is ever handed out, and any that comes is not ours.
        if (parameters.Cursor is not null)
            throw new JsonRpcException(ErrorCode.InvalidParams, "The cursor is not one that this server handed out; list from the start.");

        return new(new ListToolsResult { Tools = [.. server.Tools.All.Select(tool => tool.Definition)] });
    }
}
