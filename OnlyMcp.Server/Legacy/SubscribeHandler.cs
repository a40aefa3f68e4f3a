using OnlyMcp.Protocol.JsonRpc;
using OnlyMcp.Protocol.Revisions;
using OnlyMcp.Protocol.Schema;
using OnlyMcp.Server.Eras;
using OnlyMcp.Server.Features;

namespace OnlyMcp.Server.Legacy;

/// <summary>Answers <c>resources/subscribe</c>: from now on the session hears when the resource changes.</summary>
/// <remarks>Spec: 2025-11-25 server/resources §Subscriptions</remarks>
internal sealed class SubscribeHandler(McpServer server)
{
    public Result Handle(JsonRpcRequest request, RequestContext context, SessionChanges changes)
    {
        if (server.CapabilitiesFor(Era.Legacy).Resources?.Subscribe != true)
            throw new MethodNotFoundException(request.Method);

        var uri = RequestParameters.Read(request, McpJson.Wire.SubscribeRequestParams).Uri;
        SubscribedAddress.Check(uri);

        // SHOULD: a resource that does not exist is an error here as it is when it is read.
        context.RequireScopes(server.ScopesOfResource(uri) ?? throw new ResourceNotFoundException(uri));

        changes.Add(uri);
        return new EmptyResult();
    }
}
