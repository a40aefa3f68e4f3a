using OnlyMcp.Protocol.JsonRpc;
using OnlyMcp.Protocol.Transport;

namespace OnlyMcp.Server.Http;

/// <summary>An open stream of server-sent events: whole events, one after another, and a comment now and then while it is silent.</summary>
/// <remarks>
/// A client that left is noticed when something is written; one that stopped reading is given up after a time.
/// Spec: 2026-07-28 basic/transports/streamable-http §Receiving Messages
/// </remarks>
internal sealed class HttpEventStream : IResponseStream, IAsyncDisposable
{
    private const int MostWaiting = 1000;

    private readonly HttpExchange http;
    private readonly TimeProvider time;
    private readonly TimeSpan writeTimeout;
    private readonly TimeSpan keepAliveInterval;
    private readonly TimeSpan retryInterval;
    private readonly SemaphoreSlim turn = new(1, 1);
    private readonly CancellationTokenSource gone = new();
    private readonly ITimer clock;
    private readonly TaskCompletionSource finished = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private long writingSince;
    private volatile bool isWriting;
    private int waiting;
    private int ended;
    private volatile bool closed;

    /// <summary>Begins the stream; its headers leave with the first event or comment.</summary>
    public HttpEventStream(HttpExchange http, McpServerOptions server, McpHttpOptions options)
    {
        this.http = http;
        time = server.TimeProvider;
        writeTimeout = server.Limits.WriteTimeout;
        keepAliveInterval = options.KeepAliveInterval;
        retryInterval = options.RetryInterval;
        http.HasResponse = true;
        http.SetResponseHeader("Content-Type", "text/event-stream");
        http.SetResponseHeader("Cache-Control", "no-cache");

        // SHOULD: tells proxies that hold back what they pass on to pass it on at once.
        http.SetResponseHeader("X-Accel-Buffering", "no");

        // On a connection that stays open the last bytes would wait for the client's acknowledgement: 44 ms, measured.
        http.CloseAfterResponse();
        http.BeginStream();

        // One timer for both: a stream is either silent, or something is being written to it.
        clock = time.CreateTimer(static stream => ((HttpEventStream)stream!).Ring(), this, keepAliveInterval, Timeout.InfiniteTimeSpan);
    }

    /// <summary>Is cancelled when the client is known to be gone.</summary>
    public CancellationToken Gone => gone.Token;

    /// <summary>Completes when the stream has ended, on whichever side.</summary>
    public Task Finished => finished.Task;

    /// <summary>Sends a message as an event.</summary>
    /// <exception cref="TransportClosedException">The client is gone.</exception>
    public ValueTask SendAsync(JsonRpcMessage message, CancellationToken cancellationToken = default)
    {
        var bytes = new PooledBuffer();
        SseWriter.WriteMessage(bytes, message);
        return WriteAsync(bytes);
    }

    /// <summary>Sends a message that is written already; with an id where the stream can be resumed.</summary>
    /// <exception cref="TransportClosedException">The client is gone.</exception>
    public ValueTask SendAsync(ReadOnlyMemory<byte> message, string? id)
    {
        var bytes = new PooledBuffer(message.Length + 128);
        SseWriter.WriteMessage(bytes, message.Span, id);
        return WriteAsync(bytes);
    }

    /// <summary>Sends an event that holds nothing but the id to resume with, and how long to wait before.</summary>
    /// <exception cref="TransportClosedException">The client is gone.</exception>
    public ValueTask SendEmptyAsync(string id, TimeSpan? retry)
    {
        var bytes = new PooledBuffer(128);
        SseWriter.WriteEvent(bytes, "", id: id, retry: retry ?? retryInterval);
        return WriteAsync(bytes);
    }

    /// <summary>Sends an event of another name.</summary>
    /// <exception cref="TransportClosedException">The client is gone.</exception>
    public ValueTask SendEventAsync(string name, string data)
    {
        var bytes = new PooledBuffer();
        SseWriter.WriteEvent(bytes, data, name);
        return WriteAsync(bytes);
    }

    /// <summary>Sends a comment: the headers leave with it, or it shows whether the client is still there.</summary>
    /// <exception cref="TransportClosedException">The client is gone.</exception>
    public ValueTask SendCommentAsync()
    {
        var bytes = new PooledBuffer(16);
        SseWriter.WriteComment(bytes);
        return WriteAsync(bytes);
    }

    /// <summary>Ends the stream when what is being written has left.</summary>
    public async ValueTask DisposeAsync()
    {
        if (Interlocked.Exchange(ref ended, 1) != 0)
            return;

        if (!gone.IsCancellationRequested && await TakeTurnAsync().ConfigureAwait(false))
        {
            // Whoever waits for a turn learns that there is none any more.
            closed = true;
            BeginWriting();
            http.Complete();
            turn.Release();
        }

        await clock.DisposeAsync().ConfigureAwait(false);
        finished.TrySetResult();
    }

    /// <summary>Breaks off a write that its client holds up, and the stream with it; a stream that is at rest ends in good order.</summary>
    public void BreakOffIfWriting()
    {
        if (turn.CurrentCount == 0)
            GiveUp();
    }

    /// <summary>Stays until the stream ends on the client's side, by replacement, or because the server stops.</summary>
    public async Task WaitAsync(CancellationToken stopping)
    {
        using var stop = stopping.UnsafeRegister(static stream => _ = ((HttpEventStream)stream!).DisposeAsync().AsTask(), this);
        await Finished.ConfigureAwait(false);
    }

    private async ValueTask WriteAsync(PooledBuffer bytes)
    {
        if (!await TakeTurnAsync().ConfigureAwait(false))
            throw Closed();

        try
        {
            BeginWriting();
            var writing = http.WriteAsync(bytes.Written, CancellationToken.None);
            if (!writing.IsCompleted)
            {
                // A writer that nobody can end must not hold its caller; then the bytes are left to it.
                await writing.AsTask().WaitAsync(gone.Token).ConfigureAwait(false);
            }
            else
            {
                await writing.ConfigureAwait(false);
            }

            bytes.Dispose();
        }
        catch (Exception fault) when (fault is TransportClosedException or OperationCanceledException)
        {
            GiveUp();
            throw Closed(fault);
        }
        finally
        {
            isWriting = false;
            clock.Change(keepAliveInterval, Timeout.InfiniteTimeSpan);
            turn.Release();
        }
    }

    /// <summary>Waits for the writers before; false if the client is gone meanwhile, or lets too many wait.</summary>
    private async ValueTask<bool> TakeTurnAsync()
    {
        if (Interlocked.Increment(ref waiting) > MostWaiting)
            GiveUp();
        try
        {
            await turn.WaitAsync(gone.Token).ConfigureAwait(false);
            if (!gone.IsCancellationRequested && !closed)
                return true;
            turn.Release();
        }
        catch (OperationCanceledException)
        {
            // The client is gone.
        }
        finally
        {
            Interlocked.Decrement(ref waiting);
        }

        return false;
    }

    private void BeginWriting()
    {
        writingSince = time.GetTimestamp();
        isWriting = true;
        clock.Change(writeTimeout, Timeout.InfiniteTimeSpan);
    }

    /// <summary>The stream has been silent for long, or a write takes long: whoever is writing shows just as well whether the client is there.</summary>
    private void Ring()
    {
        if (!isWriting)
            _ = SendAsync();
        else if (writeTimeout - time.GetElapsedTime(writingSince) is var left && left > TimeSpan.Zero)
            clock.Change(left, Timeout.InfiniteTimeSpan); // It rang for the silence before.
        else
            GiveUp();

        async Task SendAsync() =>
            await SendCommentAsync().AsTask().ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }

    private void GiveUp()
    {
        http.Abort(0);
        _ = gone.CancelAsync();
        finished.TrySetResult();
    }

    private static TransportClosedException Closed(Exception? fault = null) => new("The client of this event stream is gone.", fault);
}
