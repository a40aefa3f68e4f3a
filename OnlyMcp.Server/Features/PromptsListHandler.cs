using OnlyMcp.Protocol.JsonRpc;
using OnlyMcp.Protocol.Schema;

namespace OnlyMcp.Server.Features;

/// <summary>Answers <c>prompts/list</c>: the prompts, in the order in which they were added.</summary>
/// <remarks>Spec: 2026-07-28 server/prompts §Listing Prompts</remarks>
internal sealed class PromptsListHandler(McpServer server)
{
    public ValueTask<Result> HandleAsync(JsonRpcRequest request, RequestContext context, CancellationToken cancellationToken)
    {
        if (!server.OffersPrompts)
            throw new MethodNotFoundException(request.Method);

        var parameters = RequestParameters.ReadOrDefault(request, McpJson.Wire.ListPromptsRequestParams);
        var (prompts, next) = Page.Of(server.Prompts, parameters.Cursor, context, server.Options.PageSize);
        var result = new ListPromptsResult { Prompts = [.. prompts.Select(prompt => prompt.Definition)], NextCursor = next };
        return new(server.Options.Caching.Prompts?.On(result) ?? result);
    }
}
