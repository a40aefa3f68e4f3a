using System.Collections.Concurrent;
using OnlyMcp.Protocol.JsonRpc;

namespace OnlyMcp.Protocol.Transport;

/// <summary>A client's transport under a <see cref="WireTap"/>.</summary>
internal sealed class TappedClientTransport(IClientTransport transport, WireTap tap) : IClientTransport
{
    private readonly AskedMethods byUs = new();
    private readonly AskedMethods byServer = new();

    public bool HasResponseStreams => transport.HasResponseStreams;

    public Task StartAsync(IMessageReceiver receiver, CancellationToken cancellationToken) =>
        transport.StartAsync(new Receiver(receiver, this), cancellationToken);

    public Task SendAsync(JsonRpcMessage message, CancellationToken cancellationToken)
    {
        byUs.Note(message);
        tap.Show(WireDirection.ToServer, message, byServer.Take(message));
        return transport.SendAsync(message, cancellationToken);
    }

    public ValueTask DisposeAsync() => transport.DisposeAsync();

    private sealed class Receiver(IMessageReceiver receiver, TappedClientTransport outer) : IMessageReceiver
    {
        public void Receive(JsonRpcMessage message)
        {
            Show(message);
            receiver.Receive(message);
        }

        public void Receive(JsonRpcMessage message, RequestId request)
        {
            Show(message);
            receiver.Receive(message, request);
        }

        public void ReceiveMalformed(MalformedMessageException fault, ReadOnlyMemory<byte> bytes)
        {
            outer.Tap.ShowMalformed(WireDirection.ToClient, fault, bytes);
            receiver.ReceiveMalformed(fault, bytes);
        }

        public void Closed(TransportClosedException reason) => receiver.Closed(reason);

        private void Show(JsonRpcMessage message)
        {
            outer.byServer.Note(message);
            outer.Tap.Show(WireDirection.ToClient, message, outer.byUs.Take(message));
        }
    }

    private WireTap Tap => tap;
}

/// <summary>The stream of one exchange under a <see cref="WireTap"/>.</summary>
internal sealed class TappedResponseStream(IResponseStream stream, string? answered, WireTap tap) : IResponseStream
{
    public ValueTask SendAsync(JsonRpcMessage message, CancellationToken cancellationToken)
    {
        tap.Show(WireDirection.ToClient, message, message is JsonRpcResultResponse or JsonRpcErrorResponse ? answered : null);
        return stream.SendAsync(message, cancellationToken);
    }
}

/// <summary>Which method a response answers: it carries only the id.</summary>
internal sealed class AskedMethods
{
    private const int Most = 1000;
    private readonly ConcurrentDictionary<RequestId, string> methods = new();

    public void Note(JsonRpcMessage message)
    {
        // Requests that are never answered must not fill the memory; what is forgotten is only shown without its method.
        if (message is JsonRpcRequest request)
        {
            if (methods.Count >= Most)
                methods.Clear();
            methods[request.Id] = request.Method;
        }
    }

    public string? Take(JsonRpcMessage message)
    {
        RequestId? id = message switch
        {
            JsonRpcResultResponse result => result.Id,
            JsonRpcErrorResponse error => error.Id,
            _ => null,
        };
        return id is { } known && methods.TryRemove(known, out var method) ? method : null;
    }
}
