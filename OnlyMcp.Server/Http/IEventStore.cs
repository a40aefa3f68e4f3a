namespace OnlyMcp.Server.Http;

/// <summary>
/// Keeps the messages that a server sends to a client on event streams for a while, so that a client whose connection broke gets what
/// it missed. One process needs none but <see cref="InMemoryEventStore"/>; servers that stand for one share a store of their own, in
/// a database for example.
/// </summary>
/// <remarks>
/// Each stream has one writer, which appends one event after another; readers may come at any time, and the events of different
/// streams at the same time. A store is bounded: it may forget the oldest events of a session, and those of any that nobody asked for
/// in time. One that throws, or does not answer within <see cref="ServerLimits.WriteTimeout"/>, costs messages their second delivery;
/// the first goes on without it, and one that did not answer is left alone for as long.
/// Spec: 2025-11-25 basic/transports §Resumability and Redelivery
/// </remarks>
public interface IEventStore
{
    /// <summary>Keeps an event behind those that its stream has; false if there is no room for it, however many others are forgotten.</summary>
    ValueTask<bool> AppendAsync(EventStreamId stream, StoredEvent added, CancellationToken cancellationToken = default);

    /// <summary>Reads what comes behind a position of a stream, the oldest first; null if nothing of the stream is kept (any more).</summary>
    /// <param name="stream">The stream.</param>
    /// <param name="after">The position; 0 for the beginning. Events that stood there or before may be forgotten by now.</param>
    /// <param name="most">How many events to read.</param>
    /// <param name="cancellationToken">Stops the reading.</param>
    ValueTask<IReadOnlyList<StoredEvent>?> ReadAsync(
        EventStreamId stream, long after, int most, CancellationToken cancellationToken = default);

    /// <summary>Forgets all streams of a session: it has ended, and nobody will ask any more.</summary>
    ValueTask ForgetAsync(string session, CancellationToken cancellationToken = default);
}

/// <summary>Names a stream in the store.</summary>
/// <param name="Session">
/// Whose stream it is: ASCII letters and digits, at random. Not the session's id, which whoever reads the store could use.
/// </param>
/// <param name="Stream">Which one: ASCII letters and digits, at random.</param>
public readonly record struct EventStreamId(string Session, string Stream);

/// <summary>A message as it was sent on a stream.</summary>
/// <param name="Position">Where it stands in its stream: positions grow, though not always by one.</param>
/// <param name="Message">The message, one JSON object in UTF-8. Never changed once it is here.</param>
public sealed record StoredEvent(long Position, ReadOnlyMemory<byte> Message);
