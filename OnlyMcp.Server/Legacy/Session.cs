using System.Collections.Concurrent;
using System.Security.Claims;
using OnlyMcp.Protocol.JsonRpc;
using OnlyMcp.Protocol.Revisions;
using OnlyMcp.Protocol.Schema;
using OnlyMcp.Protocol.Transport;
using OnlyMcp.Server.Http;
using OnlyMcp.Server.Legacy.Tasks;
using OnlyMcp.Server.Tasks;

namespace OnlyMcp.Server.Legacy;

/// <summary>What was agreed by <c>initialize</c>, and what is kept until the conversation ends.</summary>
/// <remarks>Spec: 2025-11-25 basic/lifecycle §Initialization</remarks>
internal sealed class Session(Conversation conversation, Revision revision, IResponseStream unrelated)
{
    /// <summary>How many pages are remembered: news of their end that nobody can be told is no fault.</summary>
    private const int MostPages = 1000;

    /// <summary>The pages that tasks had its client show, by the ids of the elicitations; none as a rule, and then it takes no room.</summary>
    private ConcurrentDictionary<string, bool>? shownPages;

    /// <summary>The tables and the order of the conversation.</summary>
    public Conversation Conversation { get; } = conversation;

    /// <summary>The revision that was agreed.</summary>
    public Revision Revision { get; } = revision;

    /// <summary>Who the client says it is.</summary>
    public required Implementation ClientInfo { get; init; }

    /// <summary>What the client can do.</summary>
    public required ClientCapabilities ClientCapabilities { get; init; }

    /// <summary>On whose behalf the session was opened; nobody else may use it.</summary>
    public ClaimsPrincipal? Principal { get; init; }

    /// <summary>Choice: before a client sets a level, it hears what is worth a note to a person.</summary>
    public LoggingLevel LogLevel { get; set; } = LoggingLevel.Info;

    /// <summary>Its event streams over Streamable HTTP; null where the transport itself is the conversation.</summary>
    public ResumableStreams? Streams { get; init; }

    /// <summary>Those of them that answer requests, where such can be resumed.</summary>
    public ResumableStreams? ResponseStreams => Revision.StreamsAreResumable ? Streams : null;

    /// <summary>Takes what belongs to no request of the client, whatever the transport.</summary>
    public IResponseStream Unrelated { get; } = unrelated;

    /// <summary>Whether somebody is there to take it.</summary>
    public bool IsListenedTo => Streams is null or { Standalone.IsConnected: true };

    /// <summary>Is raised when somebody has begun to take it.</summary>
    public event Action? ListenedTo;

    /// <summary>When a request last named the session, as <see cref="TimeProvider.GetTimestamp"/> counts.</summary>
    public long LastUsed { get; set; }

    /// <summary>Whether a request has named it since it was opened.</summary>
    public bool WasUsed { get; set; }

    /// <summary>Whether something goes on in it, however long ago the last request came.</summary>
    public bool IsBusy => Conversation.InFlight.Count > TaskWaits.Lost || Streams is { Standalone.IsConnected: true };

    /// <summary>Whether calls may become tasks: the revision has them, and the server declared them.</summary>
    public bool HasTasks { get; init; }

    /// <summary>How it speaks of tasks; null if it has none.</summary>
    public ITaskForm? TaskForm { get; set; }

    /// <summary>The requests that wait for the results of tasks.</summary>
    public TaskWaits TaskWaits { get; } = new(conversation.InFlight);

    /// <summary>How many pages are shown whose end was not told yet; at most <see cref="MostPages"/> are remembered.</summary>
    public int ShownPages => shownPages?.Count ?? 0;

    /// <summary>What handlers keep for the session.</summary>
    public SessionItems Items { get; } = new();

    /// <summary>Remembers that a task had the client show a page.</summary>
    public void Show(string elicitationId)
    {
        var pages = LazyInitializer.EnsureInitialized(ref shownPages, static () => new());
        if (pages.Count < MostPages)
            pages[elicitationId] = true;
    }

    /// <summary>The page's end is to be told: true for whoever asks first, if it was shown here.</summary>
    public bool TryHide(string elicitationId) => shownPages?.TryRemove(elicitationId, out _) == true;

    /// <summary>Says that the client listens now to what belongs to no request.</summary>
    public void BeginListening() => ListenedTo?.Invoke();

    /// <summary>Ends it: what is in flight is cancelled, its streams are closed and what they carried is forgotten.</summary>
    public void End(string reason)
    {
        Conversation.End(new TransportClosedException(reason));
        _ = Streams?.EndAsync();
    }
}
