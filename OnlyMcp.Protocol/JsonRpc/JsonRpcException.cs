using System.Text.Json.Serialization.Metadata;

namespace OnlyMcp.Protocol.JsonRpc;

/// <summary>
/// Thrown by a handler to answer with exactly this error, and thrown by a client that received one: both ends read alike.
/// </summary>
public class JsonRpcException : Exception
{
    /// <summary>Makes an error of a code (see <see cref="ErrorCode"/>) and a sentence for the one who asked.</summary>
    public JsonRpcException(int code, string message, Exception? innerException = null)
        : base(message, innerException) => Error = new JsonRpcError(code, message);

    /// <summary>Makes the exception of an error, as it was received or will be sent.</summary>
    public JsonRpcException(JsonRpcError error)
        : base((error ?? throw new ArgumentNullException(nameof(error))).Message) => Error = error;

    /// <summary>The error as it stands on the wire.</summary>
    public JsonRpcError Error { get; }

    /// <summary>The kind of error, see <see cref="ErrorCode"/>.</summary>
    public int Code => Error.Code;

    /// <summary>The HTTP status that a received error came with; 200 where there was none.</summary>
    public int ReceivedHttpStatus { get; init; } = 200;

    /// <summary>How long the <c>Retry-After</c> header that came with a received error asks to wait; null if it asks for nothing.</summary>
    public TimeSpan? ReceivedRetryAfter { get; init; }

    /// <summary>The error with data for a program.</summary>
    public static JsonRpcException With<T>(int code, string message, T data, JsonTypeInfo<T> typeInfo)
        where T : notnull => new(new JsonRpcError(code, message, JsonBody.Of(data, typeInfo)));
}

/// <summary>The other side sent bytes that are no message; says what is wrong with them, and the id if it could be read.</summary>
public sealed class MalformedMessageException : JsonRpcException
{
    /// <summary>Says what is wrong: the error's code, a sentence for the sender, and the id if it could be read.</summary>
    public MalformedMessageException(int code, string message, RequestId? id = null, Exception? innerException = null)
        : base(code, message, innerException) => Id = id;

    /// <summary>The id of the malformed message, if it could be read.</summary>
    public RequestId? Id { get; }

    /// <summary>
    /// Whether it was meant as a response. Its id is then one of ours, and nobody answers an answer: the other side could take our
    /// error for the answer to its own request of that id.
    /// </summary>
    public bool IsResponse { get; init; }
}
