using System.Net.Http.Headers;
using OnlyMcp.Protocol.JsonRpc;
using OnlyMcp.Protocol.Transport;

namespace OnlyMcp.Client.Http;

/// <summary>Sends each message as a POST of its own and reads what comes back: one JSON object, an event stream, or nothing.</summary>
/// <remarks>Spec: 2026-07-28 basic/transports/streamable-http §Sending Messages</remarks>
internal sealed class StreamableHttpTransport : IClientTransport
{
    private readonly HttpEndpoint endpoint;
    private readonly ClientLimits limits;
    private readonly IStreamResumption? resumption;
    private readonly Action<HttpRequestHeaders, JsonRpcMessage?> write;
    private IMessageReceiver? receiver;

    public StreamableHttpTransport(HttpEndpoint endpoint, IHttpHeaders headers, ClientLimits limits, IStreamResumption? resumption = null)
    {
        this.endpoint = endpoint;
        this.limits = limits;
        this.resumption = resumption;
        Headers = headers;
        write = WriteHeaders;
    }

    public bool HasResponseStreams => true;

    /// <summary>What the era writes into the headers of each message.</summary>
    public IHttpHeaders Headers { get; }

    public Uri Address => endpoint.Uri;

    public Task StartAsync(IMessageReceiver receiver, CancellationToken cancellationToken)
    {
        this.receiver = receiver;
        return Task.CompletedTask;
    }

    public Task SendAsync(JsonRpcMessage message, CancellationToken cancellationToken) =>
        message is JsonRpcRequest request ? AskAsync(request, cancellationToken) : TellAsync(message, cancellationToken);

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    private async Task AskAsync(JsonRpcRequest request, CancellationToken cancellationToken)
    {
        JsonRpcMessage answer;
        var content = new MessageContent(request);
        using (var response = await endpoint.SendAsync(HttpMethod.Post, endpoint.Uri, content, write, cancellationToken).ConfigureAwait(false))
        {
            Headers.Read(request, response);
            answer = await new HttpAnswer(response, request, receiver!, limits, resumption).ReadAsync(cancellationToken).ConfigureAwait(false);
        }

        // Last of all, when the connection is free again: whoever waits goes on here.
        content.Release();
        receiver!.ReceiveAnswer(answer, request.Id);
    }

    private async Task TellAsync(JsonRpcMessage message, CancellationToken cancellationToken)
    {
        var content = new MessageContent(message);
        using var response = await endpoint.SendAsync(HttpMethod.Post, endpoint.Uri, content, write, cancellationToken).ConfigureAwait(false);
        content.Release();
        Headers.Read(message, response);
        if (!response.IsSuccessStatusCode)
            throw await HttpAnswer.RefusalAsync("A notification or response", response, cancellationToken).ConfigureAwait(false);
    }

    private void WriteHeaders(HttpRequestHeaders written, JsonRpcMessage? message)
    {
        // MUST: both kinds of answer are accepted.
        written.TryAddWithoutValidation("Accept", "application/json, text/event-stream");
        Headers.Write(written, message!);
    }
}
