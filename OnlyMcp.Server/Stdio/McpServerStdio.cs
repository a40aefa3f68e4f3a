using System.Runtime.InteropServices;
using OnlyMcp.Protocol.JsonRpc;
using OnlyMcp.Protocol.Transport;
using OnlyMcp.Server.Stdio;

namespace OnlyMcp.Server;

public sealed partial class McpServer
{
    /// <summary>
    /// Serves the one client that started this process, over standard input and output, until the client closes them, the process
    /// is asked to end (Ctrl+C, SIGTERM), or <paramref name="cancellationToken"/> is cancelled.
    /// </summary>
    /// <remarks>
    /// From here on standard output belongs to the protocol alone: what tools, libraries and child processes print goes to standard
    /// error, and standard input is empty for them. That stays so when this method returns, because a line that the program prints
    /// afterwards would still be read by the client as a message.
    /// Spec: 2026-07-28 basic/transports/stdio §Sending Messages
    /// </remarks>
    public async Task RunStdioAsync(CancellationToken cancellationToken = default)
    {
        using var wire = StdioWire.MoveAside();
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        using var interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, StopOnce);
        using var terminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, StopOnce);
        using var hangUp = PosixSignalRegistration.Create(PosixSignal.SIGHUP, StopOnce);
        await TakeUpTasksAsync().ConfigureAwait(false);
        await ServeAsync(wire.Input, wire.Output, stop.Token).ConfigureAwait(false);

        void StopOnce(PosixSignalContext context)
        {
            // The first signal ends the server in order, a second one ends the process as it would without us.
            context.Cancel = !stop.IsCancellationRequested;
            _ = stop.CancelAsync();
        }
    }

    /// <summary>
    /// Serves one client over a pair of streams: reads its messages from <paramref name="input"/>, one a line, and writes the answers
    /// to <paramref name="output"/>. Returns when the client has closed its side, does not read any more, or
    /// <paramref name="cancellationToken"/> is cancelled; requests in flight are finished first, for at most
    /// <see cref="ServerLimits.ShutdownTimeout"/>. The streams stay the caller's; both may be the same duplex stream.
    /// </summary>
    /// <remarks>Spec: 2026-07-28 basic/transports §Custom Transports</remarks>
    public async Task ServeAsync(Stream input, Stream output, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(input);
        ArgumentNullException.ThrowIfNull(output);
        await TakeUpTasksAsync().ConfigureAwait(false);
        using var pipe = new PipeServer(this, input, output);
        await pipe.RunAsync(cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Whether a message of this pipe may be an array of messages; asked for each array that arrives.</summary>
    internal bool AcceptsBatches(Conversation pipe) => eras.Any(era => era.AcceptsBatches(pipe));
}
