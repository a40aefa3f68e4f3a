using OnlyMcp.Protocol.JsonRpc;
using OnlyMcp.Protocol.Transport;

namespace OnlyMcp.Client.Stdio;

/// <summary>Speaks to a server over a pair of streams, one message a line: in memory, over a socket, or with a child process.</summary>
/// <remarks>Spec: 2026-07-28 basic/transports/stdio §Sending Messages</remarks>
public sealed class PipeClientTransport : IClientTransport
{
    private readonly Stream input;
    private readonly Stream output;
    private readonly PipeClientOptions options;
    private readonly LineWriter writer;
    private readonly CancellationTokenSource stop = new();
    private Task reading = Task.CompletedTask;
    private int disposed;

    /// <summary>Takes the streams; they are disposed with the transport. Both may be the same duplex stream.</summary>
    /// <param name="input">What the server sends.</param>
    /// <param name="output">What goes to the server.</param>
    /// <param name="options">Limits; the defaults are safe.</param>
    public PipeClientTransport(Stream input, Stream output, PipeClientOptions? options = null)
    {
        this.input = input ?? throw new ArgumentNullException(nameof(input));
        this.output = output ?? throw new ArgumentNullException(nameof(output));
        this.options = options ?? new PipeClientOptions();
        writer = new LineWriter(output, this.options.WriteTimeout, this.options.TimeProvider);
    }

    /// <inheritdoc/>
    public Task StartAsync(IMessageReceiver receiver, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(receiver);
        ObjectDisposedException.ThrowIf(disposed != 0, this);
        cancellationToken.ThrowIfCancellationRequested();
        reading = Task.Run(() => ReadAsync(receiver), CancellationToken.None);
        return Task.CompletedTask;
    }

    /// <inheritdoc/>
    public Task SendAsync(JsonRpcMessage message, CancellationToken cancellationToken) =>
        writer.SendAsync(message, cancellationToken).AsTask();

    /// <summary>Closes the way to the server, so that it sees the end; what it still has to say is received.</summary>
    public async Task CloseOutputAsync()
    {
        writer.Dispose();
        try
        {
            await output.DisposeAsync().ConfigureAwait(false);
        }
        catch (IOException)
        {
            // Flushing to a server that is gone; there is nothing left to close.
        }
    }

    /// <summary>Closes both ways.</summary>
    public async ValueTask DisposeAsync()
    {
        if (Interlocked.Exchange(ref disposed, 1) != 0)
            return;

        await CloseOutputAsync().ConfigureAwait(false);
        await stop.CancelAsync().ConfigureAwait(false);
        await input.DisposeAsync().ConfigureAwait(false);

        // Some streams do not let go of a read that waits; it ends when the other side does, and finds nobody then.
        await reading.WaitAsync(TimeSpan.FromSeconds(1), options.TimeProvider).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }

    private async Task ReadAsync(IMessageReceiver receiver)
    {
        var reason = "The server has closed its output.";
        Exception? cause = null;
        try
        {
            var reader = new LineReader(input, options.MaxMessageBytes);
            while (await reader.ReadAsync(stop.Token).ConfigureAwait(false) is { } line)
                Receive(line, receiver);
        }
        catch (Exception fault)
        {
            cause = fault;
            reason = disposed != 0 ? "The transport was closed here." : $"The server's output broke: {fault.Message}";
        }

        receiver.Closed(new TransportClosedException(reason, cause));
    }

    private void Receive(Line line, IMessageReceiver receiver)
    {
        if (line.IsTooLong)
            receiver.ReceiveMalformed(JsonRpcReader.TooLong(line.Bytes, options.MaxMessageBytes), line.Bytes);
        else if (JsonRpcReader.IsArray(line.Bytes.Span))
            ReceiveBatch(line.Bytes, receiver);
        else
            ReceiveOne(line.Bytes, receiver);
    }

    private void ReceiveBatch(ReadOnlyMemory<byte> bytes, IMessageReceiver receiver)
    {
        // MUST (2025-03-26): batches are received. Choice: in every revision, since a message in an array is no less of a message.
        try
        {
            foreach (var message in Batch.Split(bytes, options.MaxBatchCount, options.MaxDepth))
                ReceiveOne(message, receiver);
        }
        catch (MalformedMessageException fault)
        {
            receiver.ReceiveMalformed(fault, Head(bytes));
        }
    }

    private void ReceiveOne(ReadOnlyMemory<byte> bytes, IMessageReceiver receiver)
    {
        JsonRpcMessage message;
        try
        {
            message = JsonRpcReader.Parse(bytes, options.MaxDepth);
        }
        catch (MalformedMessageException fault)
        {
            receiver.ReceiveMalformed(fault, Head(bytes));
            return;
        }

        receiver.Receive(message);
    }

    private static ReadOnlyMemory<byte> Head(ReadOnlyMemory<byte> bytes) => bytes[..Math.Min(bytes.Length, LineReader.HeadBytes)];
}
