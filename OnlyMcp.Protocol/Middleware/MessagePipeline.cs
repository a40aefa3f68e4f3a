using OnlyMcp.Protocol.JsonRpc;
using OnlyMcp.Protocol.Transport;

namespace OnlyMcp.Protocol.Middleware;

/// <summary>The middleware of a server or a client, joined once: every message passes it on its way in or out.</summary>
/// <remarks>
/// The first in the list stands nearest to the wire: it is the first to see what comes in, and the last to see what goes out.
/// </remarks>
public sealed class MessagePipeline
{
    private readonly MessageStep inwards;
    private readonly MessageStep outwards;
    private readonly Action<Exception> onFault;

    private MessagePipeline(IReadOnlyList<MessageMiddleware> middleware, Action<Exception> onFault)
    {
        this.onFault = onFault;
        inwards = Join(middleware.Reverse());
        outwards = Join(middleware);
    }

    /// <summary>Joins middleware; null if there is none, so that nothing stands on the way then.</summary>
    /// <param name="middleware">Each one, from the wire inwards.</param>
    /// <param name="onFault">Is told of exceptions that nobody else is there to take.</param>
    public static MessagePipeline? Of(IReadOnlyList<MessageMiddleware> middleware, Action<Exception> onFault)
    {
        ArgumentNullException.ThrowIfNull(middleware);
        ArgumentNullException.ThrowIfNull(onFault);
        return middleware.Count == 0 ? null : new MessagePipeline(middleware, onFault);
    }

    /// <summary>A client's transport whose messages pass, in both directions.</summary>
    public IClientTransport Around(IClientTransport transport)
    {
        ArgumentNullException.ThrowIfNull(transport);
        return new PassedTransport(transport, this);
    }

    /// <summary>A stream of answers that pass before they are sent.</summary>
    public IResponseStream Around(IResponseStream stream)
    {
        ArgumentNullException.ThrowIfNull(stream);
        return new PassedStream(stream, this);
    }

    /// <summary>Has an incoming message pass, and hands it to <paramref name="deliver"/>.</summary>
    /// <exception cref="InvalidOperationException">A middleware kept a request or a response for itself.</exception>
    public async ValueTask ReceiveAsync(
        JsonRpcMessage message, Func<JsonRpcMessage, CancellationToken, ValueTask> deliver, CancellationToken cancellationToken)
    {
        var passage = new Passage(message, (passed, stopped) => deliver(ReferenceEquals(passed, message) ? passed : AsReceived(passed), stopped));
        await inwards(new PassingMessage(MessageDirection.Incoming, message, passage), cancellationToken).ConfigureAwait(false);
        if (!passage.HasArrived && message is not JsonRpcNotification)
            throw passage.NotPassedOn();
    }

    /// <summary>Has an outgoing message pass, and hands it to <paramref name="send"/>.</summary>
    /// <exception cref="InvalidOperationException">A middleware kept a request or a result for itself.</exception>
    public async ValueTask SendAsync(
        JsonRpcMessage message, Func<JsonRpcMessage, CancellationToken, ValueTask> send, CancellationToken cancellationToken)
    {
        var passage = new Passage(message, send);
        try
        {
            await outwards(new PassingMessage(MessageDirection.Outgoing, message, passage), cancellationToken).ConfigureAwait(false);
            if (!passage.HasArrived && message is not JsonRpcNotification)
                throw passage.NotPassedOn();
        }
        catch (Exception fault) when (passage.HasArrived)
        {
            // The message has left: an error in its place would be a second answer.
            onFault(fault);
        }
        catch (Exception fault) when (message is JsonRpcErrorResponse && !passage.HasBegun)
        {
            // Nothing is left to be said in the place of an error: it leaves as it is.
            onFault(fault);
            await send(message, cancellationToken).ConfigureAwait(false);
        }
    }

    /// <summary>A message that a middleware made, as if its bytes had come: those who read it find its parts where they look for them.</summary>
    private static JsonRpcMessage AsReceived(JsonRpcMessage made) => JsonRpcReader.Parse(JsonRpcWriter.ToBytes(made), maxDepth: 1000);

    internal void Report(Exception fault) => onFault(fault);

    /// <summary>Stands in for a response that came and did not pass, so that the one here who asked learns why.</summary>
    public static JsonRpcErrorResponse InPlaceOf(JsonRpcMessage response, Exception fault)
    {
        ArgumentNullException.ThrowIfNull(fault);
        var error = (fault as JsonRpcException)?.Error ?? new JsonRpcError(ErrorCode.InternalError, $"A middleware here failed: {fault.Message}");
        return new JsonRpcErrorResponse(Passage.IdOf(response), error);
    }

    private static MessageStep Join(IEnumerable<MessageMiddleware> fromTheLast)
    {
        MessageStep step = static (passing, cancellationToken) => passing.Passage.DeliverAsync(passing.Message, cancellationToken);
        foreach (var middleware in fromTheLast)
        {
            var next = step;
            step = (passing, cancellationToken) => middleware(passing, next, cancellationToken);
        }

        return step;
    }
}
