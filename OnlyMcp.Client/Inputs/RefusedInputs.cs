using OnlyMcp.Protocol.JsonRpc;

namespace OnlyMcp.Client.Inputs;

/// <summary>The server asks for something that nobody here gives, and that was not declared.</summary>
internal sealed class NoInputHandlerException(int code, string what, string option)
    : JsonRpcException(code, $"The client does not support {what}.")
{
    /// <summary>Which of the options would give it.</summary>
    public string Option { get; } = option;
}

/// <summary>The server asks in a way that the protocol does not allow.</summary>
internal sealed class BadInputRequestException(string message, Exception? cause = null)
    : JsonRpcException(ErrorCode.InvalidParams, message, cause);
