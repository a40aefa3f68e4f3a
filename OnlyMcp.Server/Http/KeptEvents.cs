using Microsoft.Extensions.Logging;
using OnlyMcp.Protocol.JsonRpc;
using OnlyMcp.Server.Eras;

namespace OnlyMcp.Server.Http;

/// <summary>The event store as streams see it: one that fails or dawdles costs messages their second delivery, and nothing else.</summary>
internal sealed class KeptEvents(IEventStore store, McpServerOptions options)
{
    private readonly ILogger logger = options.LoggerFactory.CreateLogger<KeptEvents>();
    private long? timedOut;

    /// <summary>Keeps an event; false if it could not be.</summary>
    public async ValueTask<bool> KeepAsync(EventStreamId stream, StoredEvent added)
    {
        // Else each message would wait for a store that hangs, one behind another.
        if (timedOut is { } then && options.TimeProvider.GetElapsedTime(then) < options.Limits.WriteTimeout)
            return false;

        try
        {
            return await WithinTimeAsync(store.AppendAsync(stream, added)).ConfigureAwait(false);
        }
        catch (Exception fault)
        {
            timedOut = fault is TimeoutException ? options.TimeProvider.GetTimestamp() : null;

            // Whoever is connected gets the message all the same.
            logger.LogError(fault, "A message could not be kept for a client that loses its connection.");
            return false;
        }
    }

    /// <summary>Reads what comes behind a position; null if nothing of the stream is kept.</summary>
    /// <exception cref="RefusedRequestException">The store cannot be read (503).</exception>
    public async ValueTask<IReadOnlyList<StoredEvent>?> ReadAsync(EventStreamId stream, long after, int most)
    {
        try
        {
            return await WithinTimeAsync(store.ReadAsync(stream, after, most)).ConfigureAwait(false);
        }
        catch (Exception fault)
        {
            logger.LogError(fault, "The messages that a client missed could not be read.");
            throw new RefusedRequestException(503, ErrorCode.InternalError, "What was missed cannot be read now; try again later.");
        }
    }

    /// <summary>Forgets what a session's streams carried.</summary>
    public async ValueTask ForgetAsync(string session)
    {
        try
        {
            await store.ForgetAsync(session).ConfigureAwait(false);
        }
        catch (Exception fault)
        {
            // A store forgets by itself in the end.
            logger.LogWarning(fault, "The messages of a session that has ended could not be forgotten.");
        }
    }

    private ValueTask<T> WithinTimeAsync<T>(ValueTask<T> answer) =>
        answer.IsCompleted ? answer : new(answer.AsTask().WaitAsync(options.Limits.WriteTimeout, options.TimeProvider));
}
