namespace OnlyMcp.Client;

/// <summary>A tool has failed, and says why in words that a language model can act on.</summary>
/// <remarks>Spec: 2026-07-28 server/tools §Error Handling</remarks>
public sealed class ToolFailedException : Exception
{
    internal ToolFailedException(string tool, ToolAnswer answer)
        : base($"The tool '{tool}' failed: {(answer.Text.Length > 0 ? answer.Text : "it did not say why.")}")
    {
        Tool = tool;
        Answer = answer;
    }

    /// <summary>The tool's name.</summary>
    public string Tool { get; }

    /// <summary>What the tool answered; <see cref="ToolAnswer.Text"/> says what went wrong.</summary>
    public ToolAnswer Answer { get; }
}

/// <summary>A tool succeeded, and its answer holds nothing that could be read as the type that was asked for.</summary>
/// <remarks>Spec: 2026-07-28 server/tools §Structured Content</remarks>
public sealed class StructuredContentException : Exception
{
    internal StructuredContentException(string message, ToolAnswer answer, Exception? innerException = null)
        : base(message, innerException) => Answer = answer;

    /// <summary>What the tool answered.</summary>
    public ToolAnswer Answer { get; }
}

/// <summary>No conversation with the server came about; the message tells what was tried and what came back.</summary>
/// <remarks>Spec: 2026-07-28 basic/versioning §Compatibility Matrix</remarks>
public sealed class ConnectException : Exception
{
    internal ConnectException(string message, int? httpStatus, Exception? innerException)
        : base(message, innerException) => HttpStatus = httpStatus;

    /// <summary>The HTTP status of the last answer, if it was an HTTP error; 401 asks for credentials.</summary>
    public int? HttpStatus { get; }
}

/// <summary>
/// The server had forgotten the session. A new one is open, and the call was not repeated, because it may have had an effect:
/// repeat it if that does no harm. Until 2025-11-25.
/// </summary>
/// <remarks>Spec: 2025-11-25 basic/transports §Session Management</remarks>
public sealed class SessionLostException : Exception
{
    internal SessionLostException(string method, Exception innerException)
        : base(
            $"The server had forgotten the session. A new one is open; '{method}' was not repeated, for it may not be safe to.",
            innerException)
    {
    }
}

/// <summary>The server needs input from the user, the model or the client's folders before it can answer; nobody here gives it.</summary>
/// <remarks>Spec: 2026-07-28 basic/patterns/mrtr §InputRequiredResult</remarks>
public sealed class InputRequiredException : NotSupportedException
{
    internal InputRequiredException(string method)
        : base($"The server asks for input before it answers '{method}'. Handlers for that come with a later version of OnlyMcp; "
            + "until then declare no capability for elicitation, sampling or roots, and servers will not ask.")
    {
    }
}
