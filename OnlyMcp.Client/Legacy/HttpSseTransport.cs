using System.Text;
using OnlyMcp.Client.Authorization;
using OnlyMcp.Client.Http;
using OnlyMcp.Protocol.JsonRpc;
using OnlyMcp.Protocol.Transport;

namespace OnlyMcp.Client.Legacy;

/// <summary>HTTP+SSE: one long GET stream, whose first event names the address to POST to; all answers come on the stream.</summary>
/// <remarks>Spec: 2024-11-05 basic/transports §HTTP with SSE</remarks>
internal sealed class HttpSseTransport(HttpEndpoint endpoint, McpClientOptions options) : IClientTransport
{
    private readonly CancellationTokenSource stopped = new();
    private IMessageReceiver? receiver;
    private HttpResponseMessage? response;
    private SseReader? reader;
    private Uri? postAddress;
    private volatile TransportClosedException? closed;

    public Uri Address => endpoint.Uri;

    public async Task StartAsync(IMessageReceiver receiver, CancellationToken cancellationToken)
    {
        this.receiver = receiver;
        using var limit = new CancellationTokenSource(options.ConnectTimeout, options.TimeProvider);
        using var opening = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, cancellationToken, stopped.Token);
        using var clock = endpoint.Authorizer is { } authorizer ? new SignInClock(authorizer, limit, options.ConnectTimeout) : null;
        try
        {
            await OpenAsync(opening.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (limit.IsCancellationRequested && !cancellationToken.IsCancellationRequested)
        {
            throw new ProtocolFaultException($"The event stream named no endpoint within {options.ConnectTimeout.TotalSeconds:0.###} s.");
        }

        _ = ListenAsync();
    }

    public async Task SendAsync(JsonRpcMessage message, CancellationToken cancellationToken)
    {
        if (closed is { } reason)
            throw reason;

        var content = new MessageContent(message);
        using var answer = await endpoint.SendAsync(
            HttpMethod.Post, postAddress!, content, static (_, _) => { }, cancellationToken).ConfigureAwait(false);
        content.Release();
        if (!answer.IsSuccessStatusCode)
            throw await HttpAnswer.RefusalAsync("A message", answer, cancellationToken).ConfigureAwait(false);
    }

    public ValueTask DisposeAsync()
    {
        stopped.Cancel();
        response?.Dispose();
        return ValueTask.CompletedTask;
    }

    private async Task OpenAsync(CancellationToken cancellationToken)
    {
        response = await endpoint.SendAsync(
            HttpMethod.Get,
            endpoint.Uri,
            null,
            static (headers, _) => headers.TryAddWithoutValidation("Accept", "text/event-stream"),
            cancellationToken).ConfigureAwait(false);
        if (!response.IsSuccessStatusCode || response.Content.Headers.ContentType?.MediaType != "text/event-stream")
        {
            var what = $"GET {HttpEndpoint.Show(endpoint.Uri)}";
            throw await HttpAnswer.RefusalAsync(what, response, cancellationToken).ConfigureAwait(false);
        }

        var body = await response.Content.ReadAsStreamAsync(cancellationToken).ConfigureAwait(false);
        reader = new SseReader(body, options.Limits.MaxMessageBytes);
        postAddress = AddressIn(await reader.ReadAsync(cancellationToken).ConfigureAwait(false));
    }

    /// <summary>MUST: the stream begins with the endpoint. One of another origin would have our headers carried to a stranger.</summary>
    private Uri AddressIn(SseEvent? first)
    {
        var data = first?.Data ?? default;
        if (first is not { Type: "endpoint" })
            throw new ProtocolFaultException("The event stream did not begin with an 'endpoint' event.", data.Span);

        var from = response!.RequestMessage?.RequestUri ?? endpoint.Uri;
        var text = Encoding.UTF8.GetString(data.Span);
        if (!Uri.TryCreate(from, text, out var address) || !HttpEndpoint.IsSameOrigin(endpoint.Uri, address))
            throw new ProtocolFaultException("The event stream named an endpoint of another origin, to which nothing is sent.", data.Span);

        return address;
    }

    private async Task ListenAsync()
    {
        var reason = "The server ended the event stream.";
        Exception? cause = null;
        try
        {
            while (await reader!.ReadAsync(stopped.Token).ConfigureAwait(false) is { } received)
            {
                if (received.Type == "message" && !received.Data.IsEmpty)
                    Hand(received.Data);
            }
        }
        catch (Exception fault)
        {
            (reason, cause) = ($"The event stream broke: {fault.Message}", fault);
        }

        reader!.Dispose();
        closed = new TransportClosedException(reason, cause);
        receiver!.Closed(closed);
    }

    private void Hand(ReadOnlyMemory<byte> utf8)
    {
        try
        {
            receiver!.Receive(JsonRpcReader.Parse(utf8, options.Limits.MaxDepth));
        }
        catch (MalformedMessageException fault)
        {
            receiver!.ReceiveMalformed(fault, utf8);
        }
    }

    /// <summary>Has a time limit stand still while a token is got: the person who signs in takes longer than a server may.</summary>
    private sealed class SignInClock : IDisposable
    {
        private readonly Authorizer authorizer;
        private readonly Func<IDisposable>? before;

        public SignInClock(Authorizer authorizer, CancellationTokenSource limit, TimeSpan timeout)
        {
            (this.authorizer, before) = (authorizer, authorizer.Hold);
            authorizer.Hold = () => new Stopped(limit, timeout);
        }

        public void Dispose() => authorizer.Hold = before;

        private sealed class Stopped : IDisposable
        {
            private readonly CancellationTokenSource limit;
            private readonly TimeSpan timeout;

            public Stopped(CancellationTokenSource limit, TimeSpan timeout)
            {
                (this.limit, this.timeout) = (limit, timeout);
                limit.CancelAfter(Timeout.InfiniteTimeSpan);
            }

            public void Dispose() => limit.CancelAfter(timeout);
        }
    }
}
