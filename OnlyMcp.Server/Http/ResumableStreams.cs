using System.Security.Cryptography;
using OnlyMcp.Protocol.JsonRpc;
using OnlyMcp.Protocol.Revisions;
using OnlyMcp.Server.Eras;

namespace OnlyMcp.Server.Http;

/// <summary>The streams of one session: one for each request that is answered with events, and one for what belongs to no request.</summary>
/// <remarks>Spec: 2025-11-25 basic/transports §Resumability and Redelivery</remarks>
internal sealed class ResumableStreams
{
    private readonly Lock gate = new();
    private Dictionary<string, ResumableStream>? open; // Made with the first request that is answered with events.
    private readonly string session = RandomNumberGenerator.GetHexString(32, lowercase: true);
    private readonly Revision revision;
    private bool ended;

    public ResumableStreams(KeptEvents events, Revision revision)
    {
        this.revision = revision;
        Events = events;
        Standalone = new ResumableStream(NewId(), this);
    }

    /// <summary>What was sent.</summary>
    public KeptEvents Events { get; }

    /// <summary>The stream of what belongs to no request. Its messages wait while no client is connected.</summary>
    public ResumableStream Standalone { get; }

    /// <summary>Whether events carry ids.</summary>
    public bool HaveIds => revision.StreamsAreResumable;

    /// <summary>Whether a stream begins with an empty event, and may be closed for its client to come back.</summary>
    public bool Primes => revision.PrimesSseStreams;

    /// <summary>A stream for the answer to a request, which begins on this connection.</summary>
    public ResumableStream Begin(HttpEventStream connection)
    {
        var id = NewId();
        lock (gate)
        {
            return ended
                ? ResumableStream.Ended(id, this)
                : (open ??= [])[id.Stream] = new ResumableStream(id, this, connection);
        }
    }

    /// <summary>Finds the stream that a client wants to resume.</summary>
    /// <exception cref="RefusedRequestException">There is no such stream in this session, or nothing of it is left (400).</exception>
    public async ValueTask<ResumableStream> FindAsync(EventId last)
    {
        lock (gate)
        {
            if (!ended && last.Stream == Standalone.Name)
                return Standalone;
            if (open?.TryGetValue(last.Stream, out var stream) == true)
                return stream;
        }

        var id = new EventStreamId(session, last.Stream);
        return await Events.ReadAsync(id, last.Position, 1).ConfigureAwait(false) is not null
            ? ResumableStream.Ended(id, this)
            : throw Unknown();
    }

    // Choice: an id that leads nowhere is refused. A stream that stays silent would let the client wait for ever for a response that
    // nobody has any more; and 404 would mean that its session is gone.
    public static RefusedRequestException Unknown() => new(
        400, ErrorCode.InvalidRequest,
        "Last-Event-ID names no stream of this session, or one that ended long ago. Send the request again if that is safe, or GET without it.");

    /// <summary>The stream has ended.</summary>
    public void Remove(ResumableStream stream)
    {
        lock (gate)
            open?.Remove(stream.Name);
    }

    /// <summary>Ends all of them, and forgets what they carried.</summary>
    public async Task EndAsync()
    {
        ResumableStream[] streams;
        lock (gate)
        {
            ended = true;
            streams = open is null ? [Standalone] : [Standalone, .. open.Values];
        }

        foreach (var stream in streams)
            await stream.BreakOffAsync().ConfigureAwait(false);
        await Events.ForgetAsync(session).ConfigureAwait(false);
    }

    private EventStreamId NewId() => new(session, EventId.NewStream());
}
