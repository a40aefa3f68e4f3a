using OnlyMcp.Protocol.JsonRpc;
using OnlyMcp.Protocol.Schema;

namespace OnlyMcp.Server;

/// <summary>The request can only be answered with the help of something that its client did not say it can do.</summary>
/// <remarks>Spec: 2026-07-28 basic §_meta</remarks>
/// <param name="required">What the client would have to declare.</param>
public sealed class MissingClientCapabilityException(ClientCapabilities required) : JsonRpcException(new JsonRpcError(
    ErrorCode.MissingRequiredClientCapability,
    "The request needs a capability that the client did not declare.",
    JsonBody.Of(
        new MissingRequiredClientCapabilityErrorData { RequiredCapabilities = required },
        McpJson.Wire.MissingRequiredClientCapabilityErrorData)))
{
    /// <summary>What the client would have to declare.</summary>
    public ClientCapabilities Required { get; } = required;
}
