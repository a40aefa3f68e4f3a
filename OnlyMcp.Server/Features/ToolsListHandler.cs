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

        var (tools, next) = Page.Of(server.Tools, parameters.Cursor, context, server.Options.PageSize);
        var result = new ListToolsResult { Tools = [.. tools.Select(tool => tool.Definition)], NextCursor = next };
        return new(server.Options.Caching.Tools?.On(result) ?? result);
    }
}
