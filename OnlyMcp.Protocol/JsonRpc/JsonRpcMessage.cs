namespace OnlyMcp.Protocol.JsonRpc;

/// <summary>One message of a conversation: a request, a notification, a result response or an error response, and nothing else.</summary>
/// <remarks>Spec: 2026-07-28 basic §Messages</remarks>
public abstract class JsonRpcMessage
{
    private protected JsonRpcMessage()
    {
    }

    /// <summary>The message as one line of JSON, for logs and people.</summary>
    public override string ToString() => JsonRpcWriter.ToText(this);
}

/// <summary>Asks the other side to do something and to answer.</summary>
/// <remarks>Spec: 2026-07-28 basic §Requests</remarks>
public sealed class JsonRpcRequest(RequestId id, string method, JsonBody parameters = default) : JsonRpcMessage
{
    /// <summary>What the response will carry too.</summary>
    public RequestId Id { get; } = id;

    /// <summary>What is asked for, such as <c>tools/call</c>.</summary>
    public string Method { get; } = method ?? throw new ArgumentNullException(nameof(method));

    /// <summary>The parameters, a JSON object; absent where the method has none.</summary>
    public JsonBody Params { get; } = parameters;

    /// <summary>The bytes of <c>params._meta</c>, found while the envelope was read; empty if there is none.</summary>
    public ReadOnlyMemory<byte> Meta { get; init; }
}

/// <summary>Tells the other side something; nobody answers.</summary>
/// <remarks>Spec: 2026-07-28 basic §Notifications</remarks>
public sealed class JsonRpcNotification(string method, JsonBody parameters = default) : JsonRpcMessage
{
    /// <summary>What is told, such as <c>notifications/progress</c>.</summary>
    public string Method { get; } = method ?? throw new ArgumentNullException(nameof(method));

    /// <summary>The parameters, a JSON object; absent where there are none.</summary>
    public JsonBody Params { get; } = parameters;

    /// <summary>The bytes of <c>params._meta</c>, found while the envelope was read; empty if there is none.</summary>
    public ReadOnlyMemory<byte> Meta { get; init; }
}

/// <summary>Answers a request with what it asked for.</summary>
/// <remarks>Spec: 2026-07-28 basic §Result Responses</remarks>
public sealed class JsonRpcResultResponse(RequestId id, JsonBody result) : JsonRpcMessage
{
    /// <summary>The id of the request that is answered.</summary>
    public RequestId Id { get; } = id;

    /// <summary>The result, a JSON object.</summary>
    public JsonBody Result { get; } = result;
}

/// <summary>Answers a request with the reason why it failed.</summary>
/// <remarks>Spec: 2026-07-28 basic §Error Responses</remarks>
public sealed class JsonRpcErrorResponse(RequestId? id, JsonRpcError error) : JsonRpcMessage
{
    /// <summary>The id of the request that is answered; null only if it could not be read.</summary>
    public RequestId? Id { get; } = id;

    /// <summary>
    /// The HTTP status that fits the cause: 200 unless the revision asks for another. The code alone does not tell:
    /// <c>-32602</c> is 400 for missing request metadata and 200 for an unknown tool. Pipes ignore it.
    /// </summary>
    public int HttpStatus { get; init; } = 200;

    /// <summary>How long the other side should wait before it tries again; null where that is not known. Pipes ignore it.</summary>
    public TimeSpan? RetryAfter { get; init; }

    /// <summary>The scopes that the request's access token would have to allow; null where it is not about that. Pipes ignore it.</summary>
    public IReadOnlyList<string>? NeededScopes { get; init; }

    /// <summary>What went wrong.</summary>
    public JsonRpcError Error { get; } = error ?? throw new ArgumentNullException(nameof(error));
}

/// <summary>What went wrong, as an error response says it.</summary>
/// <param name="Code">The kind of error, see <see cref="ErrorCode"/>; another integer is possible.</param>
/// <param name="Message">One sentence for a person.</param>
/// <param name="Data">More for a program, in a shape that depends on the code; often absent.</param>
public sealed record JsonRpcError(int Code, string Message, JsonBody Data = default);
