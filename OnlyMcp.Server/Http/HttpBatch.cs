using OnlyMcp.Protocol.JsonRpc;
using OnlyMcp.Protocol.Transport;
using OnlyMcp.Server.Eras;

namespace OnlyMcp.Server.Http;

/// <summary>Serves the messages of one array, and answers them together.</summary>
/// <remarks>Spec: 2025-03-26 basic/transports §Sending Messages to the Server</remarks>
internal sealed class HttpBatch(HttpResponseStream response) : IResponseStream
{
    private readonly List<JsonRpcMessage> responses = [];
    private JsonRpcRequest? asked;

    /// <exception cref="RefusedRequestException">The sender's session takes no arrays (400).</exception>
    public static async ValueTask ServeAsync(ReadOnlyMemory<byte> utf8, HttpResponseStream response, McpServer server)
    {
        // What is no JSON is told before anything that a session would have a say in.
        var limits = server.Options.Limits;
        var messages = Batch.Split(utf8, limits.MaxBatchCount, limits.MaxDepth);

        // MUST: since 2025-06-18 a body is a single message.
        if (!server.AcceptsBatches(response.Exchange))
            throw new RefusedRequestException(400, ErrorCode.InvalidRequest, "A body is a single message here, and no array.");

        var batch = new HttpBatch(response);
        var serving = messages.Select(bytes => batch.ServeOneAsync(bytes, server).AsTask()).ToArray();
        await Task.WhenAll(serving).ConfigureAwait(false);
        await batch.AnswerAsync().ConfigureAwait(false);
    }

    /// <inheritdoc/>
    public ValueTask SendAsync(JsonRpcMessage message, CancellationToken cancellationToken)
    {
        if (message is not (JsonRpcResultResponse or JsonRpcErrorResponse))
            return response.SendAsync(message, cancellationToken);

        var written = Batch.Written(message);
        lock (responses)
            responses.Add(written);
        return ValueTask.CompletedTask;
    }

    private async ValueTask ServeOneAsync(ReadOnlyMemory<byte> utf8, McpServer server)
    {
        try
        {
            var message = server.Parse(utf8, response.Exchange);
            asked ??= message as JsonRpcRequest;

            // MUST NOT: initialize is no part of a batch.
            if (message is JsonRpcRequest { Method: Methods.Initialize } initialize)
                await SendAsync(Refusal(initialize.Id), default).ConfigureAwait(false);
            else
                await server.HandleAsync(message, ExchangeOfItsOwn(), response.Cancellation).ConfigureAwait(false);
        }
        catch (MalformedMessageException malformed)
        {
            // The id of a response is one of ours; the client could take it for the answer to a request of its own.
            var id = malformed.IsResponse ? null : malformed.Id;
            await SendAsync(new JsonRpcErrorResponse(id, malformed.Error), default).ConfigureAwait(false);
        }
    }

    private ValueTask AnswerAsync()
    {
        if (responses.Count > 0)
            return response.SendAsync(responses);

        // Requests that were cancelled, or cut off by a stopping server, were not accepted: they end as one of them alone would.
        return asked is null ? response.AcceptAsync() : response.EndAsync(asked);
    }

    private Exchange ExchangeOfItsOwn() => new(this)
    {
        Http = response.Exchange.Http,
        Principal = response.Exchange.Principal,
        Closing = response.Exchange.Closing,
    };

    private static JsonRpcErrorResponse Refusal(RequestId id) =>
        new(id, new JsonRpcError(ErrorCode.InvalidRequest, $"'{Methods.Initialize}' cannot be part of an array."));
}
