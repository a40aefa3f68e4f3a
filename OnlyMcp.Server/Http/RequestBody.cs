using OnlyMcp.Protocol.JsonRpc;
using OnlyMcp.Protocol.Transport;
using OnlyMcp.Server.Eras;

namespace OnlyMcp.Server.Http;

/// <summary>Reads a request's body, as much as is allowed and as long as is allowed.</summary>
internal static class RequestBody
{
    /// <summary>How much of a refused body is read away, and for how long, so that its sender gets to see the answer.</summary>
    private const long MostToDrain = 64 * 1024 * 1024;
    private static readonly TimeSpan LongestDrain = TimeSpan.FromSeconds(2);

    /// <summary>Reads the whole body of a message into <paramref name="body"/>; false if it took too long, and its sender was told.</summary>
    /// <exception cref="RefusedRequestException">The body is no JSON (415) or too long, declared or counted (413).</exception>
    /// <exception cref="TransportClosedException">The client went away in the middle.</exception>
    public static ValueTask<bool> ReadAsync(
        HttpExchange http, PooledBuffer body, McpServerOptions options, CancellationToken cancellationToken)
    {
        CheckType(http);
        return ReadAsync(http, body, options.Limits.MaxMessageBytes, options.Limits.BodyTimeout, options.TimeProvider, cancellationToken);
    }

    /// <summary>Reads a whole body of at most so many bytes, in at most so much time; false if it took longer, and its sender was told.</summary>
    /// <exception cref="RefusedRequestException">The body is too long, declared or counted (413).</exception>
    /// <exception cref="TransportClosedException">The client went away in the middle.</exception>
    public static async ValueTask<bool> ReadAsync(
        HttpExchange http, PooledBuffer body, int mostBytes, TimeSpan longest, TimeProvider time, CancellationToken cancellationToken)
    {
        var declared = http.ContentLength;
        if (declared > mostBytes)
            throw TooLong(mostBytes);
        body.ExpectedLength = (int)(declared ?? 0);

        Deadline? deadline = null;
        try
        {
            while (true)
            {
                var reading = http.ReadAsync(body.GetMemory(RoomFor(declared, body)), cancellationToken);

                // A body that has arrived with its headers, as most have, costs no timer.
                if (!reading.IsCompleted)
                    deadline ??= new Deadline(http, longest, time);
                var count = await reading.ConfigureAwait(false);
                if (deadline is { IsOver: true })
                    return false;
                if (count == 0)
                    return http.BodyWasRead = true;
                body.Advance(count);
                if (body.Length > mostBytes)
                    throw TooLong(mostBytes);

                // Another read, to hear that nothing follows, would cost as much as this one did.
                if (body.Length == declared)
                    return http.BodyWasRead = true;
            }
        }
        catch (TransportClosedException) when (deadline is { IsOver: true })
        {
            return false;
        }
        finally
        {
            if (deadline is not null)
                await deadline.DisposeAsync().ConfigureAwait(false);
        }
    }

    /// <summary>Reads away what is left, within bounds: closing a connection on unread bytes would take the answer from its sender.</summary>
    public static async ValueTask DrainAsync(HttpExchange http, int status, TimeProvider time)
    {
        using var nowhere = new PooledBuffer(64 * 1024);
        var room = nowhere.GetMemory();
        using var deadline = time.CreateTimer(_ => http.Abort(status), null, LongestDrain, Timeout.InfiniteTimeSpan);
        try
        {
            for (long drained = 0; drained < MostToDrain;)
            {
                var count = await http.ReadAsync(room, CancellationToken.None).ConfigureAwait(false);
                if (count == 0)
                    return;
                drained += count;
            }
        }
        catch (TransportClosedException)
        {
            // It went away, or dawdled for too long.
        }
    }

    private static void CheckType(HttpExchange http)
    {
        // A page of another site may post text/plain, or no type at all, without asking the browser's leave: such a body is not read.
        var type = http.Header("Content-Type").AsSpan();
        var end = type.IndexOf(';');
        if (!(end < 0 ? type : type[..end]).Trim().Equals("application/json", StringComparison.OrdinalIgnoreCase))
            throw new RefusedRequestException(415, ErrorCode.InvalidRequest, "The Content-Type of a message is application/json.");
    }

    /// <summary>What was declared is no ground for setting aside much memory before any of it has come.</summary>
    private static int RoomFor(long? declared, PooledBuffer body) =>
        declared is { } length ? (int)Math.Clamp(length - body.Length, 1, 64 * 1024) : 4096;

    private static RefusedRequestException TooLong(int mostBytes) =>
        new(413, ErrorCode.InvalidRequest, $"A body holds at most {mostBytes} bytes here.");

    /// <summary>Nothing else ends a read for which no bytes come; the answer leaves with it.</summary>
    private sealed class Deadline : IAsyncDisposable
    {
        private readonly HttpExchange http;
        private readonly ITimer timer;
        private volatile bool isOver;

        public Deadline(HttpExchange http, TimeSpan longest, TimeProvider time)
        {
            this.http = http;
            timer = time.CreateTimer(deadline => ((Deadline)deadline!).Expire(), this, longest, Timeout.InfiniteTimeSpan);
        }

        public bool IsOver => isOver;

        public ValueTask DisposeAsync() => timer.DisposeAsync();

        private void Expire()
        {
            isOver = true;
            http.HasResponse = true;
            http.Abort(408);
        }
    }
}
