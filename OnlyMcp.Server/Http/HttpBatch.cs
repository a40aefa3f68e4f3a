using OnlyMcp.Protocol.JsonRpc;
using OnlyMcp.Protocol.Transport;
using OnlyMcp.Server.Eras;

namespace OnlyMcp.Server.Http;

/// <summary>Serves the messages of one array, and answers them together.</summary>
/// <remarks>Spec: 2025-03-26 basic/transports §Sending Messages to the Server</remarks>
internal sealed class HttpBatch(HttpResponseStream response) : IResponseStream
{
    private readonly List<JsonRpcMessage> responses = [];

    /// <exception cref="RefusedRequestException">The sender's session takes no arrays (400).</exception>
    public static async ValueTask ServeAsync(ReadOnlyMemory<byte> utf8, HttpResponseStream response, McpServer server)
    {
        // MUST: since 2025-06-18 a body is a single message.
        if (!server.AcceptsBatches(response.Exchange))
            throw new RefusedRequestException(400, ErrorCode.InvalidRequest, "A body is a single message here, and no array.");

        var limits = server.Options.Limits;
        var batch = new HttpBatch(response);
        var serving = Batch.Split(utf8, limits.MaxBatchCount, limits.MaxDepth)
            .Select(bytes => batch.ServeOneAsync(bytes, server).AsTask()).ToArray();
        await Task.WhenAll(serving).ConfigureAwait(false);
        await batch.AnswerAsync().ConfigureAwait(false);
    }

    /// <inheritdoc/>
    public ValueTask SendAsync(JsonRpcMessage message, CancellationToken cancellationToken)
    {
        if (message is not (JsonRpcResultResponse or JsonRpcErrorResponse))
            return response.SendAsync(message, cancellationToken);

        lock (responses)
            responses.Add(message);
        return ValueTask.CompletedTask;
    }

    private async ValueTask ServeOneAsync(ReadOnlyMemory<byte> utf8, McpServer server)
    {
        try
        {
            var message = JsonRpcReader.Parse(utf8, server.Options.Limits.MaxDepth);

            // MUST NOT: initialize is no part of a batch.
            if (message is JsonRpcRequest { Method: Methods.Initialize } initialize)
                await SendAsync(Refusal(initialize.Id), default).ConfigureAwait(false);
            else
                await server.HandleAsync(message, ExchangeOfItsOwn(), response.Cancellation).ConfigureAwait(false);
        }
        catch (MalformedMessageException malformed)
        {
            var id = malformed.IsResponse ? null : malformed.Id;
            await SendAsync(new JsonRpcErrorResponse(id, malformed.Error), default).ConfigureAwait(false);
        }
    }

    private ValueTask AnswerAsync() => responses.Count == 0 ? response.AcceptAsync() : response.SendAsync(responses);

    private Exchange ExchangeOfItsOwn() => new(this) { Http = response.Exchange.Http, Principal = response.Exchange.Principal };

    private static JsonRpcErrorResponse Refusal(RequestId id) =>
        new(id, new JsonRpcError(ErrorCode.InvalidRequest, $"'{Methods.Initialize}' cannot be part of an array."));
}
