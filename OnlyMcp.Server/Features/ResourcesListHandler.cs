using OnlyMcp.Protocol.JsonRpc;
using OnlyMcp.Protocol.Schema;

namespace OnlyMcp.Server.Features;

/// <summary>Answers <c>resources/list</c>: the resources, in the order in which they were added.</summary>
/// <remarks>Spec: 2026-07-28 server/resources §Listing Resources</remarks>
internal sealed class ResourcesListHandler(McpServer server)
{
    public ValueTask<Result> HandleAsync(JsonRpcRequest request, RequestContext context, CancellationToken cancellationToken)
    {
        if (!server.OffersResources)
            throw new MethodNotFoundException(request.Method);

        var parameters = RequestParameters.ReadOrDefault(request, McpJson.Wire.ListResourcesRequestParams);
        var (resources, next) = Page.Of(server.Resources, parameters.Cursor, context, server.Options.PageSize);
        var result = new ListResourcesResult { Resources = [.. resources.Select(resource => resource.Definition)], NextCursor = next };
        return new(server.Options.Caching.Resources?.On(result) ?? result);
    }
}
