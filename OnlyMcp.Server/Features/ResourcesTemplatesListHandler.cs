using OnlyMcp.Protocol.JsonRpc;
using OnlyMcp.Protocol.Schema;
using OnlyMcp.Server.Lists;
using OnlyMcp.Server.Resources;

namespace OnlyMcp.Server.Features;

/// <summary>Answers <c>resources/templates/list</c>: the resource templates, in the order in which they were added.</summary>
/// <remarks>Spec: 2026-07-28 server/resources §Resource Templates</remarks>
internal sealed class ResourcesTemplatesListHandler(McpServer server)
{
    private readonly Pages<McpResourceTemplate, ResourceTemplate> pages = new(
        server.ResourceTemplates,
        server.Options,
        template => template.Definition,
        (page, next) =>
        {
            var result = new ListResourceTemplatesResult { ResourceTemplates = page, NextCursor = next };
            return server.Options.Caching.ResourceTemplates?.On(result) ?? result;
        });

    public ValueTask<Result> HandleAsync(JsonRpcRequest request, RequestContext context, CancellationToken cancellationToken)
    {
        if (!server.OffersResources)
            throw new MethodNotFoundException(request.Method);

        var parameters = RequestParameters.ReadOrDefault(request, McpJson.Wire.ListResourceTemplatesRequestParams);
        return new(pages.At(parameters.Cursor, context));
    }
}
