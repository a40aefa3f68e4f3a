using OnlyMcp.Protocol.JsonRpc;
using OnlyMcp.Protocol.Transport;

namespace OnlyMcp.Protocol.Middleware;

/// <summary>A client's transport with middleware before it.</summary>
internal sealed class PassedTransport(IClientTransport transport, MessagePipeline pipeline) : IClientTransport
{
    // Not disposed: what is still on its way looks at it, and it holds no timer.
    private readonly CancellationTokenSource stopped = new();

    public bool HasResponseStreams => transport.HasResponseStreams;

    private MessagePipeline Pipeline => pipeline;

    public Task StartAsync(IMessageReceiver receiver, CancellationToken cancellationToken) =>
        transport.StartAsync(new Receiver(receiver, this), cancellationToken);

    public async Task SendAsync(JsonRpcMessage message, CancellationToken cancellationToken)
    {
        try
        {
            await pipeline.SendAsync(message, PutAsync, cancellationToken).ConfigureAwait(false);
        }
        catch (Exception fault) when (message is JsonRpcResultResponse && fault is not (TransportClosedException or OperationCanceledException))
        {
            // The server waits for an answer of some kind.
            pipeline.Report(fault);
            await RefuseAsync(message, fault).ConfigureAwait(false);
        }
    }

    public async ValueTask DisposeAsync()
    {
        await stopped.CancelAsync().ConfigureAwait(false);
        await transport.DisposeAsync().ConfigureAwait(false);
    }

    private ValueTask PutAsync(JsonRpcMessage message, CancellationToken cancellationToken) =>
        new(transport.SendAsync(message, cancellationToken));

    /// <summary>Answers the server, or answers in the place of what could not be said.</summary>
    private Task RefuseAsync(JsonRpcMessage message, Exception fault)
    {
        var error = (fault as JsonRpcException)?.Error ?? new JsonRpcError(ErrorCode.InternalError, "Internal error.");
        return transport.SendAsync(new JsonRpcErrorResponse(Passage.IdOf(message), error), stopped.Token);
    }

    /// <summary>Takes what arrives, one after another, without holding up the one who reads.</summary>
    private sealed class Receiver(IMessageReceiver receiver, PassedTransport outer) : IMessageReceiver
    {
        private const int MostWaiting = 10_000;

        private readonly Lock gate = new();
        private Task tail = Task.CompletedTask;
        private int waiting;

        public void Receive(JsonRpcMessage message) => Enqueue(() => PassAsync(message, receiver.Receive));

        public void Receive(JsonRpcMessage message, RequestId request) =>
            Enqueue(() => PassAsync(message, passed => receiver.Receive(passed, request)));

        public void ReceiveMalformed(MalformedMessageException fault, ReadOnlyMemory<byte> bytes) =>
            Enqueue(() => Run(() => receiver.ReceiveMalformed(fault, bytes)));

        public void Closed(TransportClosedException reason) => Enqueue(() => Run(() => receiver.Closed(reason)));

        private void Enqueue(Func<ValueTask> take)
        {
            lock (gate)
            {
                if (waiting < MostWaiting)
                {
                    waiting++;
                    tail = TakeAfterAsync(tail, take);
                    return;
                }
            }

            // A message that is left out would be missed for ever; an end is noticed at once.
            receiver.Closed(new TransportClosedException(
                $"{MostWaiting} messages wait for a middleware, which is the limit: it is too slow, or waits for one of them."));
        }

        private async Task TakeAfterAsync(Task before, Func<ValueTask> take)
        {
            await before.ConfigureAwait(ConfigureAwaitOptions.ForceYielding);
            try
            {
                await take().ConfigureAwait(false);
            }
            catch (Exception fault)
            {
                outer.Pipeline.Report(fault);
            }
            finally
            {
                Interlocked.Decrement(ref waiting);
            }
        }

        private async ValueTask PassAsync(JsonRpcMessage message, Action<JsonRpcMessage> deliver)
        {
            var delivered = false;
            try
            {
                await outer.Pipeline.ReceiveAsync(message, DeliverAsync, outer.stopped.Token).ConfigureAwait(false);
            }
            catch (Exception fault) when (!delivered)
            {
                outer.Pipeline.Report(fault);
                if (message is JsonRpcRequest)
                    await outer.RefuseAsync(message, fault).ConfigureAwait(false);
                else if (message is not JsonRpcNotification)
                    deliver(MessagePipeline.InPlaceOf(message, fault));
            }

            ValueTask DeliverAsync(JsonRpcMessage passed, CancellationToken cancellationToken)
            {
                delivered = true;
                return Run(() => deliver(passed));
            }
        }

        private static ValueTask Run(Action action)
        {
            action();
            return ValueTask.CompletedTask;
        }
    }
}
