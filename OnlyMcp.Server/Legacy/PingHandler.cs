using OnlyMcp.Protocol.JsonRpc;
using OnlyMcp.Protocol.Schema;

namespace OnlyMcp.Server.Legacy;

/// <summary>Answers <c>ping</c>: we are here.</summary>
/// <remarks>Spec: 2025-11-25 basic/utilities/ping §Behavior Requirements</remarks>
internal static class PingHandler
{
    // MUST: answered at once, with an empty result.
    public static ValueTask<Result> HandleAsync(JsonRpcRequest request, RequestContext context, CancellationToken cancellationToken) =>
        new(new EmptyResult());
}
