using OnlyMcp.Protocol.JsonRpc;
using OnlyMcp.Protocol.Schema;
using OnlyMcp.Server.Lists;
using OnlyMcp.Server.Tools;

namespace OnlyMcp.Server.Features;

/// <summary>Answers <c>tools/list</c>: the tools, in the order in which they were added.</summary>
/// <remarks>Spec: 2026-07-28 server/tools §Listing Tools</remarks>
internal sealed class ToolsListHandler(McpServer server)
{
    private readonly Pages<McpTool, Tool> pages = new(
        server.Tools,
        server.Options,
        tool => tool.Definition,
        (page, next) =>
        {
            var result = new ListToolsResult { Tools = page, NextCursor = next };
            return server.Options.Caching.Tools?.On(result) ?? result;
        });

    public ValueTask<Result> HandleAsync(JsonRpcRequest request, RequestContext context, CancellationToken cancellationToken)
    {
        var parameters = RequestParameters.ReadOrDefault(request, McpJson.Wire.ListToolsRequestParams);
        return new(pages.At(parameters.Cursor, context));
    }
}
