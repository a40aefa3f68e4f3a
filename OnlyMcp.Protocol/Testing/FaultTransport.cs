using OnlyMcp.Protocol.JsonRpc;
using OnlyMcp.Protocol.Transport;

namespace OnlyMcp.Protocol.Testing;

/// <summary>A client's transport on which messages go wrong as plans say, one plan for each direction.</summary>
/// <remarks>
/// A cut disposes the inner transport. What is garbled on its way to the client may be no message any more, and arrives as such; on its
/// way to the server nothing is garbled, for a transport takes messages and no bytes: use a <see cref="FaultStream"/>.
/// </remarks>
public sealed class FaultTransport : IClientTransport
{
    private readonly IClientTransport inner;
    private readonly PlannedFaults<JsonRpcMessage> toServer;
    private readonly FaultPlan toClient;
    private Receiver? receiver;

    /// <summary>Makes a way bad.</summary>
    /// <param name="inner">The way.</param>
    /// <param name="toServer">What goes wrong on the way to the server; null for nothing.</param>
    /// <param name="toClient">What goes wrong on the way back; null for nothing.</param>
    public FaultTransport(IClientTransport inner, FaultPlan? toServer = null, FaultPlan? toClient = null)
    {
        this.inner = inner ?? throw new ArgumentNullException(nameof(inner));
        this.toClient = toClient ?? new FaultPlan();
        this.toServer = new PlannedFaults<JsonRpcMessage>(
            toServer ?? new FaultPlan(), (message, _) => message, (message, token) => new ValueTask(inner.SendAsync(message, token)), oneByOne: false);
    }

    /// <inheritdoc/>
    public bool HasResponseStreams => inner.HasResponseStreams;

    /// <inheritdoc/>
    public Uri? Address => inner.Address;

    /// <inheritdoc/>
    public string? SessionId => inner.SessionId;

    /// <inheritdoc/>
    public Task StartAsync(IMessageReceiver receiver, CancellationToken cancellationToken)
    {
        this.receiver = new Receiver(receiver, toClient, inner);
        return inner.StartAsync(this.receiver, cancellationToken);
    }

    /// <inheritdoc/>
    public async Task SendAsync(JsonRpcMessage message, CancellationToken cancellationToken)
    {
        if (toServer.IsCut)
            throw receiver!.Cut();

        await toServer.TakeAsync(message, cancellationToken).ConfigureAwait(false);
    }

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => inner.DisposeAsync();

    private sealed class Receiver : IMessageReceiver
    {
        private readonly IMessageReceiver receiver;
        private readonly IClientTransport inner;
        private readonly PlannedFaults<Arrival> faults;
        private readonly Lock gate = new();
        private Task tail = Task.CompletedTask;
        private int cut;

        public Receiver(IMessageReceiver receiver, FaultPlan plan, IClientTransport inner)
        {
            this.receiver = receiver;
            this.inner = inner;
            faults = new PlannedFaults<Arrival>(plan, Garble, HandAsync, oneByOne: true);
        }

        public void Receive(JsonRpcMessage message) => Enqueue(new Arrival(message, null, null, default));

        public void Receive(JsonRpcMessage message, RequestId request) => Enqueue(new Arrival(message, request, null, default));

        public void ReceiveMalformed(MalformedMessageException fault, ReadOnlyMemory<byte> bytes) =>
            Enqueue(new Arrival(null, null, fault, bytes));

        public void Closed(TransportClosedException reason)
        {
            lock (gate)
                tail = CloseAfterAsync(tail, reason);
        }

        /// <summary>Ends the way, once.</summary>
        public TransportClosedException Cut()
        {
            var reason = new TransportClosedException("The way was cut, as planned.");
            if (Interlocked.Exchange(ref cut, 1) == 0)
            {
                receiver.Closed(reason);
                _ = inner.DisposeAsync().AsTask();
            }

            return reason;
        }

        private void Enqueue(Arrival arrival)
        {
            // A receiver holds nobody up, and what waits stays in order.
            lock (gate)
                tail = TakeAfterAsync(tail, arrival);
        }

        private async Task TakeAfterAsync(Task before, Arrival arrival)
        {
            await before.ConfigureAwait(ConfigureAwaitOptions.ForceYielding);
            if (Volatile.Read(ref cut) != 0)
                return;

            if (faults.IsCut)
                Cut();
            else
                await faults.TakeAsync(arrival, CancellationToken.None).ConfigureAwait(false);
        }

        private async Task CloseAfterAsync(Task before, TransportClosedException reason)
        {
            await before.ConfigureAwait(ConfigureAwaitOptions.ForceYielding);
            if (Interlocked.Exchange(ref cut, 1) == 0)
                receiver.Closed(reason);
        }

        private ValueTask HandAsync(Arrival arrival, CancellationToken cancellationToken)
        {
            if (arrival.Fault is { } fault)
                receiver.ReceiveMalformed(fault, arrival.Bytes);
            else if (arrival.Request is { } request)
                receiver.Receive(arrival.Message!, request);
            else
                receiver.Receive(arrival.Message!);
            return ValueTask.CompletedTask;
        }

        private static Arrival Garble(Arrival arrival, Random chance)
        {
            if (arrival.Message is null)
                return arrival;

            var bytes = JsonRpcWriter.ToBytes(arrival.Message);
            bytes[chance.Next(bytes.Length)] = (byte)chance.Next(0x20, 0x100);
            try
            {
                return arrival with { Message = JsonRpcReader.Parse(bytes) };
            }
            catch (MalformedMessageException fault)
            {
                return new Arrival(null, arrival.Request, fault, bytes);
            }
        }

        private sealed record Arrival(JsonRpcMessage? Message, RequestId? Request, MalformedMessageException? Fault, ReadOnlyMemory<byte> Bytes);
    }
}
