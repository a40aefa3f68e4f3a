using OnlyMcp.Protocol.JsonRpc;
using OnlyMcp.Protocol.Schema;
using OnlyMcp.Server.Lists;
using OnlyMcp.Server.Resources;

namespace OnlyMcp.Server.Features;

/// <summary>Answers <c>resources/list</c>: the resources, in the order in which they were added.</summary>
/// <remarks>Spec: 2026-07-28 server/resources §Listing Resources</remarks>
internal sealed class ResourcesListHandler(McpServer server)
{
    private readonly Pages<McpResource, Resource> pages = new(
        server.Resources,
        server.Options,
        resource => resource.Definition,
        (page, next) =>
        {
            var result = new ListResourcesResult { Resources = page, NextCursor = next };
            return server.Options.Caching.Resources?.On(result) ?? result;
        });

    public ValueTask<Result> HandleAsync(JsonRpcRequest request, RequestContext context, CancellationToken cancellationToken)
    {
        if (!server.OffersResources)
            throw new MethodNotFoundException(request.Method);

        var parameters = RequestParameters.ReadOrDefault(request, McpJson.Wire.ListResourcesRequestParams);
        return new(pages.At(parameters.Cursor, context));
    }
}
