using OnlyMcp.Protocol.JsonRpc;
using OnlyMcp.Protocol.Schema;

namespace OnlyMcp.Server.Features;

/// <summary>Answers <c>resources/templates/list</c>: the resource templates, in the order in which they were added.</summary>
/// <remarks>Spec: 2026-07-28 server/resources §Resource Templates</remarks>
internal sealed class ResourcesTemplatesListHandler(McpServer server)
{
    public ValueTask<Result> HandleAsync(JsonRpcRequest request, RequestContext context, CancellationToken cancellationToken)
    {
        if (!server.OffersResources)
            throw new MethodNotFoundException(request.Method);

        var parameters = RequestParameters.ReadOrDefault(request, McpJson.Wire.ListResourceTemplatesRequestParams);
        var (templates, next) = Page.Of(server.ResourceTemplates, parameters.Cursor, context, server.Options.PageSize);
        var result = new ListResourceTemplatesResult
        {
            ResourceTemplates = [.. templates.Select(template => template.Definition)],
            NextCursor = next,
        };
        return new(server.Options.Caching.ResourceTemplates?.On(result) ?? result);
    }
}
