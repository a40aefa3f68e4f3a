using OnlyMcp.Protocol.JsonRpc;

namespace OnlyMcp.Protocol.Transport;

/// <summary>Writes messages to a stream, one line each. Many may write at the same time; each message leaves whole.</summary>
/// <remarks>
/// Whoever writes waits until the stream has taken the message, so that a reader that is slow slows the writers down instead of
/// filling the memory; one that does not read at all is given up after a while. The stream stays the caller's.
/// Spec: 2026-07-28 basic/transports/stdio §Sending Messages
/// </remarks>
/// <param name="stream">Takes the bytes.</param>
/// <param name="timeout">How long the other side may take to accept one message.</param>
/// <param name="time">Measures that.</param>
public sealed partial class LineWriter(Stream stream, TimeSpan timeout, TimeProvider time) : IResponseStream, IDisposable
{
    private readonly SemaphoreSlim turn = new(1);
    private readonly TaskCompletionSource<TransportClosedException> broken = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private WriteDeadline? deadline;

    /// <summary>
    /// Whether a writer waits on its own thread. Spares two changes of threads for each write where the stream can only have another
    /// thread wait in the writer's place, as the runtime does for standard output.
    /// </summary>
    public bool Blocks { get; init; }

    /// <summary>Completes, with the reason, when a message could not be written: nothing can be written any more.</summary>
    public Task<TransportClosedException> Broken => broken.Task;

    /// <summary>Writes one message as one line.</summary>
    /// <exception cref="TransportClosedException">The other side is gone, or has not read for too long.</exception>
    public ValueTask SendAsync(JsonRpcMessage message, CancellationToken cancellationToken)
    {
        var line = new PooledBuffer();
        try
        {
            JsonRpcWriter.Write(line, message);
        }
        catch
        {
            line.Dispose();
            throw;
        }

        return SendAsync(line, isAnswer: message is JsonRpcResultResponse or JsonRpcErrorResponse, cancellationToken);
    }

    /// <summary>Writes a line that is there as bytes, and disposes it.</summary>
    /// <exception cref="TransportClosedException">The other side is gone, or has not read for too long.</exception>
    public ValueTask SendAsync(PooledBuffer line, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(line);
        return SendAsync(line, isAnswer: false, cancellationToken);
    }

    /// <summary>Waits until every message that was handed over so far has left, or the line is broken.</summary>
    public async Task DrainAsync()
    {
        await turn.WaitAsync(CancellationToken.None).ConfigureAwait(false);
        await WriteInTurnAsync(null).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }

    /// <summary>Closes the line: from now on nothing is written.</summary>
    public void Dispose()
    {
        broken.TrySetResult(new TransportClosedException("The line was closed here."));
        deadline?.Dispose();
    }

    private async ValueTask SendAsync(PooledBuffer line, bool isAnswer, CancellationToken cancellationToken)
    {
        line.Write("\n"u8);
        try
        {
            await turn.WaitAsync(cancellationToken).ConfigureAwait(false);
        }
        catch
        {
            line.Dispose();
            throw;
        }

        if (!isAnswer || !TryGather(line))
            await WriteInTurnAsync(line).ConfigureAwait(false);
    }

    /// <summary>Writes what was gathered and then the line, in one go unless that would be much; null for no line.</summary>
    private async Task WriteInTurnAsync(PooledBuffer? line)
    {
        try
        {
            if (broken.Task.IsCompleted)
                throw Closed();

            if (line is not null && gathered.Length > 0 && TryAppend(line))
                line = null;
            if (gathered.Length > 0)
            {
                await WriteAsync(gathered.Written).ConfigureAwait(false);
                gathered.Clear();
            }

            if (line is not null)
            {
                await WriteAsync(line.Written).ConfigureAwait(false);
                line.Dispose();
            }
        }
        catch (Exception fault) when (fault is IOException or ObjectDisposedException or TimeoutException or InvalidOperationException)
        {
            // The buffers are left to the garbage collector: the stream may still be reading from them.
            Break(fault);
            throw Closed();
        }
        finally
        {
            turn.Release();
        }
    }

    private void Break(Exception fault)
    {
        var what = fault is TimeoutException ? $"has not read for {timeout.TotalSeconds:0.###} s" : "is gone";
        broken.TrySetResult(new TransportClosedException($"The other side {what}.", fault));
    }

    private TransportClosedException Closed()
    {
        var reason = broken.Task.Result;
        return new TransportClosedException(reason.Message, reason);
    }

    private async ValueTask WriteAsync(ReadOnlyMemory<byte> bytes)
    {
        if (Blocks)
        {
            WriteHere(bytes.Span);
            return;
        }

        // No cancellation here: half a message would spoil every message behind it.
        var write = WriteAndFlushAsync(bytes);
        try
        {
            await write.WaitAsync(timeout, time).ConfigureAwait(false);
        }
        catch (TimeoutException) when (!write.IsCompleted)
        {
            _ = ObserveAsync(write);
            throw;
        }
    }

    private void WriteHere(ReadOnlySpan<byte> bytes)
    {
        deadline ??= new WriteDeadline(timeout, time, GiveUp);
        deadline.Begin();
        stream.Write(bytes);
        stream.Flush();
        deadline.End();
        if (broken.Task.IsCompleted)
            throw Closed();
    }

    /// <summary>Somebody is stuck in a write, with the turn: those who wait behind it are given one more, and see that nothing can be written.</summary>
    private void GiveUp()
    {
        Break(new TimeoutException());
        turn.Release();
    }

    private static async Task ObserveAsync(Task late) => await late.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);

    private async Task WriteAndFlushAsync(ReadOnlyMemory<byte> line)
    {
        await stream.WriteAsync(line).ConfigureAwait(false);
        await stream.FlushAsync().ConfigureAwait(false);
    }
}
