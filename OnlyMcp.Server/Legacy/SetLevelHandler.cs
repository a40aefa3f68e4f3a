using OnlyMcp.Protocol.JsonRpc;
using OnlyMcp.Protocol.Schema;
using OnlyMcp.Server.Features;

namespace OnlyMcp.Server.Legacy;

/// <summary>Answers <c>logging/setLevel</c>: how much the session wants to hear.</summary>
/// <remarks>Spec: 2025-11-25 server/utilities/logging §Setting Log Level</remarks>
internal static class SetLevelHandler
{
    public static Result Handle(JsonRpcRequest request, Session session)
    {
        session.LogLevel = RequestParameters.Read(request, McpJson.Wire.SetLevelRequestParams).Level;
        return new EmptyResult();
    }
}
