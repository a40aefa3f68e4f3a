using OnlyMcp.Protocol.JsonRpc;
using OnlyMcp.Protocol.Schema;
using OnlyMcp.Protocol.UriTemplates;

namespace OnlyMcp.Server.Features;

/// <summary>Answers <c>resources/read</c>: finds the resource of that address, or the first template that gives it, and reads.</summary>
/// <remarks>
/// Spec: 2026-07-28 server/resources §Reading Resources
/// Spec: 2026-07-28 server/utilities/caching §Cache Key
/// </remarks>
internal sealed class ResourcesReadHandler(McpServer server)
{
    public async ValueTask<Result> HandleAsync(JsonRpcRequest request, RequestContext context, CancellationToken cancellationToken)
    {
        if (!server.OffersResources)
            throw new MethodNotFoundException(request.Method);

        // MUST: every address is validated.
        var read = RequestParameters.Read(request, McpJson.Wire.ReadResourceRequestParams);
        if (read.Uri.Length > UriTemplate.MaxUriLength || !UriSyntax.IsAbsolute(read.Uri))
        {
            throw new JsonRpcException(
                ErrorCode.InvalidParams, $"The member 'uri' must be an absolute URI of at most {UriTemplate.MaxUriLength} characters.");
        }

        context.Resume(read.InputResponses, read.RequestState);
        try
        {
            var given = await ReadAsync(read.Uri, context, cancellationToken).ConfigureAwait(false);
            var result = context.OutcomeOf<ReadResourceResult>(given, "resource", read.Uri);
            return result is ReadResourceResult contents && IsRetry(read) ? NotToBeKept(contents) : result;
        }
        catch (Exception) when (context.IsInterrupted && !cancellationToken.IsCancellationRequested)
        {
            return context.Interruption();
        }
    }

    private static bool IsRetry(ReadResourceRequestParams read) => read.InputResponses is not null || read.RequestState is not null;

    // MUST NOT: what answers a retry is kept, whatever a policy or the handler says: it depends on more than the address.
    private static ReadResourceResult NotToBeKept(ReadResourceResult result) => result with { TtlMs = 0, CacheScope = CacheScope.Private };

    private async ValueTask<Result> ReadAsync(string uri, RequestContext context, CancellationToken cancellationToken)
    {
        if (server.Resources.TryFind(uri, out var resource))
        {
            context.RequireScopes(resource.Scopes);
            return Under(resource.Caching, await resource.ReadAsync(context, cancellationToken).ConfigureAwait(false));
        }

        foreach (var template in server.ResourceTemplates.All)
        {
            if (template.Match(uri) is not { } values)
                continue;

            context.RequireScopes(template.Scopes);
            return Under(template.Caching, await template.ReadAsync(uri, values, context, cancellationToken).ConfigureAwait(false));
        }

        throw new ResourceNotFoundException(uri);
    }

    private Result Under(CachePolicy? caching, Result result) =>
        result is ReadResourceResult read ? (caching ?? server.Options.Caching.ResourceContents)?.On(read) ?? read : result;
}
