using OnlyMcp.Protocol.JsonRpc;
using OnlyMcp.Protocol.Transport;

namespace OnlyMcp.Client.Stdio;

/// <summary>Starts a server as a child process and speaks to it over its standard input and output.</summary>
/// <remarks>
/// The command and its arguments are a list, never a line for a shell, and must not come from the network: who chooses them runs code.
/// Spec: 2026-07-28 basic/transports/stdio §Sending Messages
/// </remarks>
public sealed class StdioClientTransport : IClientTransport
{
    private readonly StdioClientOptions options;
    private ServerProcess? process;
    private PipeClientTransport? pipe;
    private Explaining? explaining;
    private int disposed;

    /// <summary>Makes a transport for the process that <paramref name="options"/> describe; nothing is started yet.</summary>
    public StdioClientTransport(StdioClientOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentException.ThrowIfNullOrWhiteSpace(options.Command);
        this.options = options;
    }

    /// <summary>Starts the process.</summary>
    /// <exception cref="TransportClosedException">It could not be started; the message names the command.</exception>
    public Task StartAsync(IMessageReceiver receiver, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(receiver);
        ObjectDisposedException.ThrowIf(disposed != 0, this);
        if (process is not null)
            throw new InvalidOperationException("The process was started already; a new one needs a new transport.");

        cancellationToken.ThrowIfCancellationRequested();
        process = ServerProcess.Start(options);
        pipe = new PipeClientTransport(process.Output, process.Input, options.Pipe);
        explaining = new Explaining(receiver, process);
        return pipe.StartAsync(explaining, cancellationToken);
    }

    /// <inheritdoc/>
    public async Task SendAsync(JsonRpcMessage message, CancellationToken cancellationToken)
    {
        if (pipe is null || process is null)
            throw new InvalidOperationException("Call StartAsync before the first message.");

        try
        {
            await pipe.SendAsync(message, cancellationToken).ConfigureAwait(false);
        }
        catch (TransportClosedException reason) when (disposed == 0)
        {
            throw await process.ExplainAsync(reason).ConfigureAwait(false);
        }
    }

    /// <summary>
    /// Ends the process: closes its input and waits for it, asks it to end, and at last kills it together with all that it has started.
    /// </summary>
    public async ValueTask DisposeAsync()
    {
        if (Interlocked.Exchange(ref disposed, 1) != 0 || pipe is null || process is null || explaining is null)
            return;

        await pipe.CloseOutputAsync().ConfigureAwait(false);
        await process.EndAsync().ConfigureAwait(false);
        await pipe.DisposeAsync().ConfigureAwait(false);
        await explaining.Told.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        process.Dispose();
    }

    /// <summary>Tells the receiver not only that the server's output has ended, but why.</summary>
    private sealed class Explaining(IMessageReceiver receiver, ServerProcess process) : IMessageReceiver
    {
        public void Receive(JsonRpcMessage message) => receiver.Receive(message);

        public void ReceiveMalformed(MalformedMessageException fault, ReadOnlyMemory<byte> bytes) =>
            receiver.ReceiveMalformed(fault, bytes);

        public Task Told { get; private set; } = Task.CompletedTask;

        public void Closed(TransportClosedException reason) => Told = ExplainAsync(reason);

        private async Task ExplainAsync(TransportClosedException reason) =>
            receiver.Closed(await process.ExplainAsync(reason).ConfigureAwait(false));
    }
}
