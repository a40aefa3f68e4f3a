using OnlyMcp.Protocol.JsonRpc;
using OnlyMcp.Protocol.Schema;
using OnlyMcp.Protocol.UriTemplates;

namespace OnlyMcp.Server.Features;

/// <summary>Answers <c>resources/read</c>: finds the resource of that address, or the first template that gives it, and reads.</summary>
/// <remarks>Spec: 2026-07-28 server/resources §Reading Resources</remarks>
internal sealed class ResourcesReadHandler(McpServer server)
{
    public async ValueTask<Result> HandleAsync(JsonRpcRequest request, RequestContext context, CancellationToken cancellationToken)
    {
        if (!server.OffersResources)
            throw new MethodNotFoundException(request.Method);

        var read = RequestParameters.Read(request, McpJson.Wire.ReadResourceRequestParams);
        var uri = read.Uri;
        context.Resume(read.InputResponses, read.RequestState);

        // MUST: every address is validated.
        if (uri.Length > UriTemplate.MaxUriLength || !UriSyntax.IsAbsolute(uri))
            throw new JsonRpcException(ErrorCode.InvalidParams, $"The member 'uri' must be an absolute URI of at most {UriTemplate.MaxUriLength} characters.");

        try
        {
            var (result, caching) = await ReadAsync(uri, context, cancellationToken).ConfigureAwait(false);
            result = context.OutcomeOf(result);

            // MUST NOT: what came of a client's answers is not kept for others.
            var mayBeKept = read is { InputResponses: null, RequestState: null };
            return result is ReadResourceResult whole && mayBeKept ? (caching ?? server.Options.Caching.ResourceContents)?.On(whole) ?? whole : result;
        }
        catch (Exception) when (context.IsInterrupted)
        {
            return context.Interruption();
        }
    }

    private async ValueTask<(Result Result, CachePolicy? Caching)> ReadAsync(string uri, RequestContext context, CancellationToken cancellationToken)
    {
        if (server.Resources.TryFind(uri, out var resource))
            return (await resource.ReadAsync(context, cancellationToken).ConfigureAwait(false), resource.Caching);

        foreach (var template in server.ResourceTemplates.All)
        {
            if (template.Match(uri) is { } values)
                return (await template.ReadAsync(uri, values, context, cancellationToken).ConfigureAwait(false), template.Caching);
        }

        throw new ResourceNotFoundException(uri);
    }
}
