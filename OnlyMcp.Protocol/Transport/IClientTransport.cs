using OnlyMcp.Protocol.JsonRpc;

namespace OnlyMcp.Protocol.Transport;

/// <summary>A client's way to its server: takes messages, and hands over those that come back.</summary>
public interface IClientTransport : IAsyncDisposable
{
    /// <summary>Whether each request has a response stream of its own, which can be closed; false for a pipe, which all share.</summary>
    bool HasResponseStreams => false;

    /// <summary>Where the server is, over HTTP; null for a pipe.</summary>
    Uri? Address => null;

    /// <summary>The id of the session that the server keeps for us over HTTP; null if there is none.</summary>
    string? SessionId => null;

    /// <summary>Opens the way; from then on <paramref name="receiver"/> is told of everything that arrives.</summary>
    Task StartAsync(IMessageReceiver receiver, CancellationToken cancellationToken);

    /// <summary>
    /// Sends one message. A pipe is done when the message is written; HTTP is done when the response stream of this message has
    /// ended and all that it carried was handed over. Cancelling closes that response stream.
    /// </summary>
    /// <exception cref="TransportClosedException">The server cannot be reached any more.</exception>
    Task SendAsync(JsonRpcMessage message, CancellationToken cancellationToken);
}

/// <summary>Is told what arrives on a transport, in order, one call at a time for each stream; no call may block or throw.</summary>
public interface IMessageReceiver
{
    /// <summary>A message arrived. Its bytes stay valid.</summary>
    void Receive(JsonRpcMessage message);

    /// <summary>A message arrived on the response stream of <paramref name="request"/>, to which it belongs. It stays valid.</summary>
    void Receive(JsonRpcMessage message, RequestId request) => Receive(message);

    /// <summary>
    /// The response arrived that ends the response stream of <paramref name="request"/>, and the transport has nothing left to do for it:
    /// whoever waits for it may go on where this is called, and take its time.
    /// </summary>
    void ReceiveAnswer(JsonRpcMessage message, RequestId request) => Receive(message, request);

    /// <summary>Something arrived that is no message; the transport reads on.</summary>
    void ReceiveMalformed(MalformedMessageException fault, ReadOnlyMemory<byte> bytes);

    /// <summary>Nothing will arrive any more.</summary>
    void Closed(TransportClosedException reason);
}
