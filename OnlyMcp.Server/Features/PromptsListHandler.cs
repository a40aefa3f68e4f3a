using OnlyMcp.Protocol.JsonRpc;
using OnlyMcp.Protocol.Schema;
using OnlyMcp.Server.Lists;
using OnlyMcp.Server.Prompts;

namespace OnlyMcp.Server.Features;

/// <summary>Answers <c>prompts/list</c>: the prompts, in the order in which they were added.</summary>
/// <remarks>Spec: 2026-07-28 server/prompts §Listing Prompts</remarks>
internal sealed class PromptsListHandler(McpServer server)
{
    private readonly Pages<McpPrompt, Prompt> pages = new(
        server.Prompts,
        server.Options,
        prompt => prompt.Definition,
        (page, next) =>
        {
            var result = new ListPromptsResult { Prompts = page, NextCursor = next };
            return server.Options.Caching.Prompts?.On(result) ?? result;
        });

    public ValueTask<Result> HandleAsync(JsonRpcRequest request, RequestContext context, CancellationToken cancellationToken)
    {
        if (!server.OffersPrompts)
            throw new MethodNotFoundException(request.Method);

        var parameters = RequestParameters.ReadOrDefault(request, McpJson.Wire.ListPromptsRequestParams);
        return new(pages.At(parameters.Cursor, context));
    }
}
