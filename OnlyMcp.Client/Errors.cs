using OnlyMcp.Client.Tasks;
using OnlyMcp.Protocol.JsonRpc;
using OnlyMcp.Protocol.JsonSchemas;
using OnlyMcp.Protocol.Schema;

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

/// <summary>
/// A tool succeeded, and its answer holds nothing that could be read as the type that was asked for, or breaks the tool's schema.
/// </summary>
/// <remarks>
/// Spec: 2026-07-28 server/tools §Structured Content
/// Spec: 2026-07-28 server/tools §Output Schema
/// </remarks>
public sealed class StructuredContentException : Exception
{
    internal StructuredContentException(string message, ToolAnswer answer, Exception? innerException = null)
        : base(message, innerException) => Answer = answer;

    /// <summary>What the tool answered.</summary>
    public ToolAnswer Answer { get; }

    /// <summary>Where the answer breaks the tool's output schema, what was expected and what came; empty if it does not.</summary>
    public IReadOnlyList<JsonSchemaError> Errors { get; internal init; } = [];
}

/// <summary>
/// The server does not offer what was called, and was not asked: look at <see cref="McpClient.ServerCapabilities"/> before.
/// <see cref="McpClientOptions.ChecksServerCapabilities"/> turns this off for servers that offer more than they say.
/// </summary>
/// <remarks>Spec: 2025-11-25 basic/lifecycle §Operation</remarks>
public sealed class MissingServerCapabilityException : InvalidOperationException
{
    internal MissingServerCapabilityException(string method, string capability)
        : base(
            $"'{method}' was not sent, for the server has not declared the capability '{capability}'. "
            + "If it serves it all the same, turn McpClientOptions.ChecksServerCapabilities off.") =>
        (Method, Capability) = (method, capability);

    /// <summary>The method that was called.</summary>
    public string Method { get; }

    /// <summary>The capability that is missing, as it is called on the wire.</summary>
    public string Capability { get; }
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
    internal SessionLostException(string method, Exception? innerException)
        : base(
            $"The server had forgotten the session. A new one is open; '{method}' was not repeated, for it may not be safe to.",
            innerException)
    {
    }
}

/// <summary>The server needs input before it can answer, and does not get it; the message says why.</summary>
/// <remarks>Spec: 2026-07-28 basic/patterns/mrtr §InputRequiredResult</remarks>
public sealed class InputRequiredException : Exception
{
    internal InputRequiredException(string method, string reason, Exception? innerException = null)
        : base($"The server asks for input before it answers '{method}'. {reason}", innerException) => Method = method;

    /// <summary>The method of the request that stays unanswered.</summary>
    public string Method { get; }

    /// <summary>
    /// What to go on with elsewhere, if it is a task that asks: the task goes on waiting. See <see cref="McpClient.ResumeTask"/>.
    /// </summary>
    public TaskHandle? Task { get; internal set; }
}

/// <summary>The user did not let the language model answer a server (<see cref="McpClientOptions.OnSample"/> returned null).</summary>
/// <remarks>
/// Until 2025-11-25 the server is told so, with the code -1; since 2026-07-28 the call that needed the answer ends with this.
/// Spec: 2025-11-25 client/sampling §Error Handling
/// </remarks>
public sealed class SamplingRejectedException : JsonRpcException
{
    internal SamplingRejectedException()
        : base(-1, "User rejected sampling request")
    {
    }
}

/// <summary>
/// The user has to go to web pages first; afterwards the call may succeed. Thrown where nobody opens pages
/// (<see cref="McpClientOptions.OnElicitUrl"/>), where the user refused, or was not done in time. 2025-11-25 only.
/// </summary>
/// <remarks>Spec: 2025-11-25 client/elicitation §URL Elicitation Required Error</remarks>
public sealed class ElicitUrlRequiredException : JsonRpcException
{
    internal ElicitUrlRequiredException(
        string method, string reason, IReadOnlyList<ElicitRequestUrlParams> elicitations, JsonRpcException error)
        : base(error.Code, $"'{method}' needs the user to go to {elicitations.Count} web page(s) first. {reason}", error) =>
        Elicitations = elicitations;

    /// <summary>The pages, with what to say about each.</summary>
    public IReadOnlyList<ElicitRequestUrlParams> Elicitations { get; }
}
