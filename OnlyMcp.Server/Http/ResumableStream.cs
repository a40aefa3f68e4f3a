using System.Diagnostics.CodeAnalysis;
using OnlyMcp.Protocol.JsonRpc;
using OnlyMcp.Protocol.Transport;

namespace OnlyMcp.Server.Http;

/// <summary>
/// A stream of messages that outlives its connections: each message is kept before it is sent, and a client whose connection broke,
/// or was closed to it, connects again and reads on where it stopped.
/// </summary>
/// <remarks>
/// Spec: 2025-11-25 basic/transports §Resumability and Redelivery
/// Spec: 2025-11-25 basic/transports §Multiple Connections
/// </remarks>
[SuppressMessage("Design", "CA1001", Justification = "A semaphore whose wait handle nobody asks for holds nothing to give back.")]
internal sealed class ResumableStream(EventStreamId id, ResumableStreams streams, HttpEventStream? connection = null) : IResponseStream
{
    /// <summary>How many messages may wait for a client to read before its connection is given up; they are kept for it.</summary>
    private const int MostWaiting = 1000;

    private const int PageSize = 100;

    private readonly SemaphoreSlim turn = new(1, 1);
    private volatile HttpEventStream? connection = connection;
    private long last;
    private long lastMessage;
    private long sent;
    private int waiting;
    private bool primed;
    private bool ended;

    /// <summary>Its name within the session.</summary>
    public string Name => id.Stream;

    /// <summary>Whether a client is connected, as far as is known.</summary>
    public bool IsConnected => connection is { Finished.IsCompleted: false };

    /// <summary>A stream that carries no more messages; those that are kept can still be read.</summary>
    public static ResumableStream Ended(EventStreamId id, ResumableStreams streams) => new(id, streams) { ended = true };

    /// <summary>Keeps a message, and sends it if a client is connected.</summary>
    public async ValueTask SendAsync(JsonRpcMessage message, CancellationToken cancellationToken)
    {
        // Written before it waits for its turn: that a message cannot be written is for its sender to hear.
        var bytes = JsonRpcWriter.ToBytes(message);
        await TakeTurnAsync().ConfigureAwait(false);
        try
        {
            await PrimeOnceAsync().ConfigureAwait(false);
            if (!ended)
                await PassOnAsync(message, bytes).ConfigureAwait(false);
        }
        finally
        {
            turn.Release();
        }
    }

    /// <summary>Gives the client the id that it would resume with, before there is any message.</summary>
    public async ValueTask PrimeAsync()
    {
        await TakeTurnAsync().ConfigureAwait(false);
        try
        {
            await PrimeOnceAsync().ConfigureAwait(false);
        }
        finally
        {
            turn.Release();
        }
    }

    /// <summary>Sends on this connection from now on, beginning behind a position; null for behind what has been sent.</summary>
    /// <exception cref="Eras.RefusedRequestException">What comes behind the position cannot be read.</exception>
    public async ValueTask ConnectAsync(HttpEventStream opened, long? after)
    {
        // Choice: the newest connection has the stream. A client whose connection broke unnoticed would else be locked out; and what
        // is being written to it just now must not hold up its successor.
        connection?.BreakOffIfWriting();
        await TakeTurnAsync().ConfigureAwait(false);
        try
        {
            await DisconnectAsync().ConfigureAwait(false);
            connection = opened;
            primed = after is not null || sent < lastMessage;
            await PrimeOnceAsync().ConfigureAwait(false);
            await ReplayAsync(opened, after ?? sent).ConfigureAwait(false);
            if (ended)
                await DisconnectAsync().ConfigureAwait(false);
        }
        finally
        {
            turn.Release();
        }
    }

    /// <summary>Closes the connection and not the stream: its client comes back after <paramref name="retry"/> and reads on.</summary>
    public async ValueTask CloseConnectionAsync(TimeSpan? retry)
    {
        await TakeTurnAsync().ConfigureAwait(false);
        try
        {
            // MAY: only a client that has been given an id is sent away. SHOULD: it is told when to come back.
            if (streams.Primes && connection is not null)
                await SendEmptyAsync(retry).ConfigureAwait(false);
            if (streams.Primes)
                await DisconnectAsync().ConfigureAwait(false);
        }
        finally
        {
            turn.Release();
        }
    }

    /// <summary>SHOULD: a stream ends after its response.</summary>
    public async ValueTask EndAsync()
    {
        await TakeTurnAsync().ConfigureAwait(false);
        try
        {
            ended = true;
            streams.Remove(this);
            await DisconnectAsync().ConfigureAwait(false);
        }
        finally
        {
            turn.Release();
        }
    }

    /// <summary>Ends it at once: its session is over, and nobody waits for a client that is slow to read.</summary>
    public ValueTask BreakOffAsync()
    {
        connection?.BreakOffIfWriting();
        return EndAsync();
    }

    private async ValueTask TakeTurnAsync()
    {
        if (Interlocked.Increment(ref waiting) > MostWaiting)
            connection?.BreakOffIfWriting();
        await turn.WaitAsync().ConfigureAwait(false);
        Interlocked.Decrement(ref waiting);
    }

    private async ValueTask PassOnAsync(JsonRpcMessage message, byte[] bytes)
    {
        var added = new StoredEvent(lastMessage = ++last, bytes);
        var kept = await streams.Events.KeepAsync(id, added).ConfigureAwait(false);
        if (await TrySendAsync(added).ConfigureAwait(false) || kept || message is not JsonRpcResultResponse response)
            return;

        // Choice: a client that is gone and comes back is told that its response is lost, so that it does not wait for it.
        var lost = new JsonRpcError(ErrorCode.InternalError, "The connection broke, and the response could not be kept. Send the request again if that is safe.");
        await streams.Events.KeepAsync(id, new(lastMessage = ++last, JsonRpcWriter.ToBytes(new JsonRpcErrorResponse(response.Id, lost)))).ConfigureAwait(false);
    }

    private async ValueTask ReplayAsync(HttpEventStream opened, long after)
    {
        while (await streams.Events.ReadAsync(id, after, PageSize).ConfigureAwait(false) is { Count: > 0 } page)
        {
            foreach (var missed in page)
            {
                // A store that does not keep to the positions it was asked for would send its client round in a circle.
                if (missed.Position <= after || connection != opened || !await TrySendAsync(missed).ConfigureAwait(false))
                    return;

                after = missed.Position;
            }
        }
    }

    // SHOULD: the first event of a stream is empty and carries an id.
    private ValueTask PrimeOnceAsync() =>
        primed || !streams.Primes || ended || connection is null ? ValueTask.CompletedTask : SendEmptyAsync(null);

    private async ValueTask SendEmptyAsync(TimeSpan? retry)
    {
        primed = true;
        var position = ++last;
        if (connection is { } open && await LeavesAsync(open.SendEmptyAsync(IdOf(position), retry)).ConfigureAwait(false))
            sent = position;
    }

    private async ValueTask<bool> TrySendAsync(StoredEvent message)
    {
        var name = streams.HaveIds ? IdOf(message.Position) : null;
        if (connection is not { } open || !await LeavesAsync(open.SendAsync(message.Message, name)).ConfigureAwait(false))
            return false;

        sent = Math.Max(sent, message.Position);
        return true;
    }

    private async ValueTask<bool> LeavesAsync(ValueTask sending)
    {
        try
        {
            await sending.ConfigureAwait(false);
            return true;
        }
        catch (TransportClosedException)
        {
            await DisconnectAsync().ConfigureAwait(false);
            return false;
        }
    }

    private ValueTask DisconnectAsync()
    {
        var before = connection;
        connection = null;
        return before?.DisposeAsync() ?? ValueTask.CompletedTask;
    }

    private string IdOf(long position) => new EventId(id.Stream, position).ToString();
}
