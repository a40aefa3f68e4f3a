namespace OnlyMcp.Server.Tools;

/// <summary>Thrown by a tool to tell the model, in these words, why it could not do what was asked.</summary>
/// <remarks>The message of any other exception stays on the server unless it opted in.</remarks>
public sealed class ToolErrorException(string message, Exception? innerException = null) : Exception(message, innerException);
