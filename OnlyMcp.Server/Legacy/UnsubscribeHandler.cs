using OnlyMcp.Protocol.JsonRpc;
using OnlyMcp.Protocol.Revisions;
using OnlyMcp.Protocol.Schema;
using OnlyMcp.Server.Features;

namespace OnlyMcp.Server.Legacy;

/// <summary>Answers <c>resources/unsubscribe</c>: the session hears no more of the resource, if it did at all.</summary>
/// <remarks>Spec: 2025-11-25 server/resources §Subscriptions</remarks>
internal sealed class UnsubscribeHandler(McpServer server)
{
    public Result Handle(JsonRpcRequest request, SessionChanges changes)
    {
        if (server.CapabilitiesFor(Era.Legacy).Resources?.Subscribe != true)
            throw new MethodNotFoundException(request.Method);

        changes.Remove(RequestParameters.Read(request, McpJson.Wire.UnsubscribeRequestParams).Uri);
        return new EmptyResult();
    }
}
