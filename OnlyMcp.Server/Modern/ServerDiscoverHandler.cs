using OnlyMcp.Protocol.JsonRpc;
using OnlyMcp.Protocol.Revisions;
using OnlyMcp.Protocol.Schema;

namespace OnlyMcp.Server.Modern;

/// <summary>Answers <c>server/discover</c>: which versions, which capabilities, which instructions.</summary>
/// <remarks>Spec: 2026-07-28 server/discover §DiscoverResult</remarks>
internal sealed class ServerDiscoverHandler(McpServer server)
{
    public ValueTask<Result> HandleAsync(JsonRpcRequest request, RequestContext context, CancellationToken cancellationToken)
    {
        var result = new DiscoverResult
        {
            // Choice: legacy versions are not named here; a client that speaks them opens with initialize.
            SupportedVersions = [.. server.Options.Revisions.Where(revision => revision.Era == Era.Modern).Select(r => r.Version)],
            Capabilities = server.CapabilitiesFor(Era.Modern),
            Instructions = server.Options.Instructions,
        };
        return new(server.Options.Caching.Discovery?.On(result) ?? result);
    }
}
