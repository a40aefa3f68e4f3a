using Microsoft.Extensions.Logging;
using OnlyMcp.Protocol.JsonRpc;
using OnlyMcp.Protocol.Revisions;
using OnlyMcp.Protocol.Schema;
using OnlyMcp.Server.Changes;
using OnlyMcp.Server.Eras;
using OnlyMcp.Server.Legacy.Tasks;
using OnlyMcp.Server.Tasks;

namespace OnlyMcp.Server.Legacy;

/// <summary>Tells the client of a session what it was promised by <c>initialize</c>, of the resources that it subscribed to, and of its tasks.</summary>
/// <remarks>
/// All of it belongs to no request: it never leaves on the answer to one. While the session has no stream for it, it waits, and is
/// told once.
/// Spec: 2025-11-25 server/resources §Subscriptions
/// Spec: 2025-11-25 server/tools §List Changed Notification
/// Spec: 2025-11-25 basic/utilities/tasks §Task Status Notification
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
    private readonly ITaskStore store;
    private readonly int mostTasks;

    /// <summary>The tasks that the session has made, oldest first, and how far it was told that they had come.</summary>
    private readonly OrderedDictionary<string, McpTaskStatus> tasks = new(StringComparer.Ordinal);
    private IDisposable? hearing;
    private bool ended;

    public SessionChanges(Session session, McpServer server, ILogger logger)
        : base(logger)
    {
        this.session = session;
        bus = server.Options.Changes;
        most = server.Options.Limits.MaxSubscribedResources;
        store = server.Options.Tasks.Store;
        mostTasks = server.Options.Limits.MaxSubscribedTasks;
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

    /// <summary>
    /// Adds a task that a call of the session has become: its client hears when its status changes, until it ends. MAY: where there are
    /// too many, it hears no more of the oldest.
    /// </summary>
    public void Watch(string taskId)
    {
        lock (gate)
        {
            if (tasks.Count >= mostTasks)
                tasks.RemoveAt(0);
            tasks[taskId] = McpTaskStatus.Working;
        }

        // It may have gone on before anybody heard of it.
        Begin();
        Hear(new Change(ChangeKind.TaskChanged, TaskId: taskId));
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
                ChangeKind.TaskChanged => change.TaskId is not null && tasks.ContainsKey(change.TaskId),
                _ => false,
            };
        }
    }

    protected override ValueTask TellAsync(Change change) => change is { Kind: ChangeKind.TaskChanged, TaskId: { } taskId }
        ? TellAsync(taskId)
        : session.Unrelated.SendAsync(ChangeNotification.Of(change), session.Conversation.Closing);

    // MAY: it is told. Choice: a change of status alone; how far a task has come within one, the notifications of its progress say.
    private async ValueTask TellAsync(string taskId)
    {
        if (await store.FindAsync(taskId, session.Conversation.Closing).ConfigureAwait(false) is not { } task)
        {
            Enter(taskId, null);
            return;
        }

        if (!Enter(taskId, task))
            return;

        // SHOULD NOT: no related-task metadata, for the task stands in the parameters.
        var news = JsonBody.Of(TaskRecords.Notification(task), McpJson.Wire.LegacyTaskStatusNotificationParams);
        await session.Unrelated.SendAsync(new JsonRpcNotification(Methods.TasksStatus, news), session.Conversation.Closing).ConfigureAwait(false);
    }

    /// <summary>Enters what the client is told; false if it knows already. Of a task that has ended, or is gone, there will be no more.</summary>
    private bool Enter(string taskId, StoredTask? task)
    {
        lock (gate)
        {
            if (!tasks.TryGetValue(taskId, out var told))
                return false;

            if (task is null or { IsEnded: true })
                tasks.Remove(taskId);
            else
                tasks[taskId] = task.Status;
            return task is not null && task.Status != told;
        }
    }
}
