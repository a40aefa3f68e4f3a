using OnlyMcp.Protocol.JsonRpc;
using OnlyMcp.Protocol.Transport;
using OnlyMcp.Server.Http;

namespace OnlyMcp.Server.Legacy;

/// <summary>
/// The messages of a session that belong to no request of the client: they leave on its GET stream, in order, and wait while it has
/// none.
/// </summary>
/// <remarks>Spec: 2025-11-25 basic/transports §Listening for Messages from the Server</remarks>
internal sealed class SessionOutbox : IResponseStream
{
    private const int MostWaiting = 100;

    private readonly Queue<JsonRpcMessage> waiting = new();
    private Task lastFlush = Task.CompletedTask;
    private HttpEventStream? stream;
    private bool ended;

    /// <summary>Whether a client listens.</summary>
    public bool IsAttached => stream is { Finished.IsCompleted: false };

    /// <inheritdoc/>
    public ValueTask SendAsync(JsonRpcMessage message, CancellationToken cancellationToken)
    {
        lock (waiting)
        {
            if (ended)
                return ValueTask.CompletedTask;

            // Choice: of too many messages that wait the oldest are forgotten; newer news of a kind mostly supersedes it.
            if (waiting.Count == MostWaiting)
                waiting.Dequeue();
            waiting.Enqueue(message);
        }

        return new ValueTask(FlushAsync());
    }

    /// <summary>Sends on this stream from now on, beginning with what waits.</summary>
    public async ValueTask AttachAsync(HttpEventStream opened)
    {
        HttpEventStream? before;
        lock (waiting)
            (before, stream) = (stream, opened);

        // Choice: the newer stream replaces the older. A client whose stream broke unnoticed would else be locked out of its session.
        if (before is not null)
            await before.DisposeAsync().ConfigureAwait(false);
        if (ended)
            await opened.DisposeAsync().ConfigureAwait(false);
        await FlushAsync().ConfigureAwait(false);
    }

    /// <summary>Closes the stream and forgets what waits.</summary>
    public void End()
    {
        lock (waiting)
        {
            ended = true;
            waiting.Clear();
        }

        if (stream is { } open)
            _ = open.DisposeAsync().AsTask();
    }

    private Task FlushAsync()
    {
        lock (waiting)
            return lastFlush = FlushAfterAsync(lastFlush);
    }

    private async Task FlushAfterAsync(Task before)
    {
        // Leaves the stack of the caller, who holds the lock.
        await before.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing | ConfigureAwaitOptions.ForceYielding);
        try
        {
            // MUST NOT: a message goes to one stream alone.
            while (TryTake(out var message, out var open))
                await open.SendAsync(message, default).ConfigureAwait(false);
        }
        catch (TransportClosedException)
        {
            // Gap: the message that was being sent is lost, as long as streams cannot be resumed.
        }
    }

    private bool TryTake(out JsonRpcMessage message, out HttpEventStream open)
    {
        lock (waiting)
        {
            open = stream!;
            message = null!;
            return IsAttached && waiting.TryDequeue(out message!);
        }
    }
}
