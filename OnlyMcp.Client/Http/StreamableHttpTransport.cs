using OnlyMcp.Protocol.JsonRpc;
using OnlyMcp.Protocol.Transport;

namespace OnlyMcp.Client.Http;

/// <summary>Sends each message as a POST of its own and reads what comes back: one JSON object, an event stream, or nothing.</summary>
/// <remarks>Spec: 2026-07-28 basic/transports/streamable-http §Sending Messages</remarks>
internal sealed class StreamableHttpTransport(
    HttpEndpoint endpoint, IHttpHeaders headers, ClientLimits limits, IStreamResumption? resumption = null) : IClientTransport
{
    private IMessageReceiver? receiver;

    public bool HasResponseStreams => true;

    /// <summary>What the era writes into the headers of each message.</summary>
    public IHttpHeaders Headers => headers;

    public Uri Address => endpoint.Uri;

    public Task StartAsync(IMessageReceiver receiver, CancellationToken cancellationToken)
    {
        this.receiver = receiver;
        return Task.CompletedTask;
    }

    public async Task SendAsync(JsonRpcMessage message, CancellationToken cancellationToken)
    {
        var body = JsonRpcWriter.ToBytes(message);
        using var response = await endpoint.SendAsync(
            HttpMethod.Post,
            endpoint.Uri,
            body,
            written =>
            {
                // MUST: both kinds of answer are accepted.
                written.TryAddWithoutValidation("Accept", "application/json, text/event-stream");
                headers.Write(written, message);
            },
            cancellationToken).ConfigureAwait(false);
        headers.Read(message, response);

        if (message is JsonRpcRequest request)
            await new HttpAnswer(response, request, receiver!, limits, resumption).ReadAsync(cancellationToken).ConfigureAwait(false);
        else if (!response.IsSuccessStatusCode)
            throw await HttpAnswer.RefusalAsync("A notification or response", response, cancellationToken).ConfigureAwait(false);
    }

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;
}
