using OnlyMcp.Protocol.JsonRpc;

namespace OnlyMcp.Server;

/// <summary>A handler of the server's user answered with what is no answer to the request: the server's fault, and no tool's.</summary>
internal sealed class WrongResultException(string message) : JsonRpcException(ErrorCode.InternalError, message);
