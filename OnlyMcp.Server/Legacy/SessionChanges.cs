using Microsoft.Extensions.Logging;
using OnlyMcp.Protocol.JsonRpc;
using OnlyMcp.Protocol.Revisions;
using OnlyMcp.Protocol.Schema;
using OnlyMcp.Server.Changes;
using OnlyMcp.Server.Eras;

namespace OnlyMcp.Server.Legacy;

/// <summary>Tells the client of a session what it was promised by <c>initialize</c>, and of the resources that it subscribed to.</summary>
/// <remarks>
/// All of it belongs to no request: it never leaves on the answer to one. While the session has no stream for it, it waits, and is
/// told once.
/// Spec: 2025-11-25 server/resources §Subscriptions
/// Spec: 2025-11-25 server/tools §List Changed Notification
/// </remarks>
internal sealed class SessionChanges : ChangeFeed, IDisposable
{
    private readonly Session session;
    private readonly IChangeBus bus;
    private readonly int most;
    private readonly ServerCapabilities declared;

    /// <summary>Never held while a change is heard: a bus may hold a lock of its own both then and while somebody subscribes.</summary>
    private readonly Lock beginning = new();
    private readonly Lock gate = new();
    private readonly HashSet<string> resources = new(StringComparer.Ordinal);
    private IDisposable? hearing;
    private bool ended;

    public SessionChanges(Session session, McpServer server, ILogger logger)
        : base(logger)
    {
        this.session = session;
        bus = server.Options.Changes;
        most = server.Options.Limits.MaxSubscribedResources;
        declared = server.CapabilitiesFor(Era.Legacy);
        session.ListenedTo += Tell;
    }

    protected override bool CanTell => session.IsListenedTo;

    /// <summary>
    /// Begins to tell. Choice: not before the client has said that it is initialized, for until then it has asked for nothing that could
    /// have changed since.
    /// </summary>
    public void Begin()
    {
        lock (beginning)
        {
            if (!ended)
                hearing ??= bus.Subscribe(Hear);
        }
    }

    /// <summary>Adds a resource whose changes the client wants to hear of.</summary>
    /// <exception cref="JsonRpcException">There are too many (-32602).</exception>
    public void Add(string uri)
    {
        lock (gate)
        {
            if (resources.Count >= most && !resources.Contains(uri))
                throw new JsonRpcException(ErrorCode.InvalidParams, $"A session subscribes to at most {most} resources: give one up with '{Methods.ResourcesUnsubscribe}'.");
            resources.Add(uri);
        }

        Begin();
    }

    /// <summary>Takes a resource away; what of it is not told yet is not told.</summary>
    public void Remove(string uri)
    {
        lock (gate)
            resources.Remove(uri);
    }

    /// <summary>The session is over.</summary>
    public void Dispose()
    {
        lock (beginning)
        {
            ended = true;
            hearing?.Dispose();
        }
    }

    // Choice: an update concerns the subscriptions to exactly its address. One that lies above it hears nothing: its client would be
    // told addresses that it may not know of.
    protected override bool Wants(Change change)
    {
        lock (gate)
        {
            return change.Kind switch
            {
                ChangeKind.ToolsListChanged => declared.Tools?.ListChanged == true,
                ChangeKind.PromptsListChanged => declared.Prompts?.ListChanged == true,
                ChangeKind.ResourcesListChanged => declared.Resources?.ListChanged == true,
                ChangeKind.ResourceUpdated => change.Uri is not null && resources.Contains(change.Uri),
                _ => false,
            };
        }
    }

    protected override ValueTask TellAsync(Change change) => session.Unrelated.SendAsync(ChangeNotification.Of(change), session.Conversation.Closing);
}
