namespace OnlyMcp.Server.Http;

/// <summary>Keeps messages in the memory of this process, within <see cref="EventStoreLimits"/>.</summary>
/// <param name="limits">How much is kept, and for how long; the defaults if null.</param>
/// <param name="time">The clock; the system's if null.</param>
public sealed class InMemoryEventStore(EventStoreLimits? limits = null, TimeProvider? time = null) : IEventStore
{
    private readonly EventStoreLimits limits = limits ?? new EventStoreLimits();
    private readonly TimeProvider time = time ?? TimeProvider.System;
    private readonly Lock gate = new();
    private readonly LinkedList<Kept> byAge = new();
    private readonly Dictionary<string, SessionEvents> sessions = [];
    private ITimer? sweep;
    private long bytes;

    /// <summary>How many messages are kept.</summary>
    public int Count
    {
        get
        {
            lock (gate)
                return byAge.Count;
        }
    }

    /// <summary>How many bytes they hold.</summary>
    public long Bytes
    {
        get
        {
            lock (gate)
                return bytes;
        }
    }

    /// <inheritdoc/>
    public ValueTask<bool> AppendAsync(EventStreamId stream, StoredEvent added, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(added);
        lock (gate)
        {
            ForgetExpired();
            var size = added.Message.Length;
            if (size > Math.Min(limits.MaxBytesPerSession, limits.MaxBytes) || Math.Min(limits.MaxEventsPerSession, limits.MaxEvents) < 1)
                return new(false);

            if (!sessions.TryGetValue(stream.Session, out var session))
                session = sessions[stream.Session] = new SessionEvents();
            session.Add(byAge.AddLast(new Kept(stream, added, time.GetTimestamp())));
            bytes += size;
            while (session.Count > limits.MaxEventsPerSession || session.Bytes > limits.MaxBytesPerSession)
                ForgetOldestOf(session);
            while (byAge.Count > limits.MaxEvents || bytes > limits.MaxBytes)
                ForgetOldest();
            sweep ??= time.CreateTimer(_ => Sweep(), null, limits.Lifetime, Timeout.InfiniteTimeSpan);
            return new(true);
        }
    }

    /// <inheritdoc/>
    public ValueTask<IReadOnlyList<StoredEvent>?> ReadAsync(
        EventStreamId stream, long after, int most, CancellationToken cancellationToken = default)
    {
        lock (gate)
        {
            ForgetExpired();
            return new(sessions.GetValueOrDefault(stream.Session)?.Read(stream.Stream, after, most));
        }
    }

    /// <inheritdoc/>
    public ValueTask ForgetAsync(string session, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(session);
        lock (gate)
        {
            while (sessions.TryGetValue(session, out var events))
                ForgetOldestOf(events);
        }

        return ValueTask.CompletedTask;
    }

    private void Sweep()
    {
        lock (gate)
        {
            ForgetExpired();
            if (byAge.First is { } oldest)
            {
                sweep?.Change(limits.Lifetime - time.GetElapsedTime(oldest.Value.At), Timeout.InfiniteTimeSpan);
                return;
            }

            sweep?.Dispose();
            sweep = null;
        }
    }

    private void ForgetExpired()
    {
        while (byAge.First is { } oldest && time.GetElapsedTime(oldest.Value.At) >= limits.Lifetime)
            ForgetOldest();
    }

    /// <summary>The oldest of all is the oldest of its session too.</summary>
    private void ForgetOldest() => ForgetOldestOf(sessions[byAge.First!.Value.Stream.Session]);

    private void ForgetOldestOf(SessionEvents session)
    {
        var oldest = session.RemoveOldest();
        byAge.Remove(oldest);
        bytes -= oldest.Value.Event.Message.Length;
        if (session.Count == 0)
            sessions.Remove(oldest.Value.Stream.Session);
    }

    private readonly record struct Kept(EventStreamId Stream, StoredEvent Event, long At);

    /// <summary>The events of one session, by age and by stream.</summary>
    private sealed class SessionEvents
    {
        private readonly Queue<LinkedListNode<Kept>> byAge = new();
        private readonly Dictionary<string, Queue<StoredEvent>> byStream = [];

        public int Count => byAge.Count;

        public long Bytes { get; private set; }

        public void Add(LinkedListNode<Kept> added)
        {
            byAge.Enqueue(added);
            if (!byStream.TryGetValue(added.Value.Stream.Stream, out var stream))
                stream = byStream[added.Value.Stream.Stream] = new();
            stream.Enqueue(added.Value.Event);
            Bytes += added.Value.Event.Message.Length;
        }

        public LinkedListNode<Kept> RemoveOldest()
        {
            var oldest = byAge.Dequeue();
            var name = oldest.Value.Stream.Stream;
            byStream[name].Dequeue();
            if (byStream[name].Count == 0)
                byStream.Remove(name);
            Bytes -= oldest.Value.Event.Message.Length;
            return oldest;
        }

        public IReadOnlyList<StoredEvent>? Read(string stream, long after, int most) => byStream.TryGetValue(stream, out var events)
            ? [.. events.Where(kept => kept.Position > after).Take(most)]
            : null;
    }
}
