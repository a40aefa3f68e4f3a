using System.Collections.Frozen;
using System.Text.Json;
using Microsoft.Extensions.Logging;
using OnlyMcp.Protocol.JsonRpc;
using OnlyMcp.Protocol.Schema;
using OnlyMcp.Server.Changes;
using OnlyMcp.Server.Eras;
using OnlyMcp.Server.Tasks;

namespace OnlyMcp.Server.Modern;

/// <summary>One <c>subscriptions/listen</c> that is open: what was granted, and the way to its client.</summary>
/// <remarks>
/// Spec: 2026-07-28 basic/patterns/subscriptions §Acknowledgment
/// Spec: 2026-07-28 basic/patterns/subscriptions §Receiving Notifications
/// </remarks>
internal sealed class Subscription : ChangeFeed
{
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(1);

    private readonly RequestContext context;
    private readonly ILogger logger;
    private readonly SubscriptionFilter granted;
    private readonly FrozenSet<string> resources;
    private readonly FrozenSet<string> tasks;
    private volatile bool acknowledged;

    public Subscription(RequestContext context, SubscriptionFilter granted, ILogger logger)
        : base(logger)
    {
        this.context = context;
        this.granted = granted;
        this.logger = logger;
        resources = (granted.ResourceSubscriptions ?? []).ToFrozenSet(StringComparer.Ordinal);
        tasks = (granted.TaskIds ?? []).ToFrozenSet(StringComparer.Ordinal);

        // MUST: every message of a subscription names it: by its request's id, a number or a string as that was.
        Meta = new Dictionary<string, JsonElement>
        {
            [MetaKeys.SubscriptionId] = JsonSerializer.SerializeToElement(context.Request.Id, McpJson.Wire.RequestId),
        };
    }

    /// <summary>What each of its messages carries.</summary>
    public IReadOnlyDictionary<string, JsonElement> Meta { get; }

    // MUST NOT: nothing comes before the acknowledgment.
    protected override bool CanTell => acknowledged;

    /// <summary>Tells the client what it will hear of, and from then on tells it.</summary>
    public async Task AcknowledgeAsync(CancellationToken cancellationToken)
    {
        var parameters = new SubscriptionsAcknowledgedNotificationParams { Notifications = granted, Meta = Meta };
        await context.NotifyAsync(
            Methods.SubscriptionsAcknowledged,
            JsonBody.Of(parameters, McpJson.Wire.SubscriptionsAcknowledgedNotificationParams),
            cancellationToken).ConfigureAwait(false);
        acknowledged = true;

        // Choice: how far each task has come by now is told at once. It may have ended while nobody listened, and never change again.
        foreach (var taskId in tasks)
            Hear(new Change(ChangeKind.TaskChanged, TaskId: taskId));
        Tell();
    }

    /// <summary>Tells the client, where all of its requests share one way, that the server ends the subscription.</summary>
    public Task CancelAsync(CancellationToken cancellationToken)
    {
        var parameters = new CancelledNotificationParams
        {
            RequestId = context.Request.Id,
            Reason = "The server ends its subscriptions.",
            Meta = Meta,
        };
        return context.NotifyAsync(
            Methods.Cancelled, JsonBody.Of(parameters, McpJson.Wire.CancelledNotificationParams), cancellationToken);
    }

    // MUST NOT: nothing that was not asked for, and nothing that was not granted.
    // Choice: an update concerns the subscriptions to exactly this address. One that lies above it hears nothing: its client would be
    // told addresses that it may not know of.
    protected override bool Wants(Change change) => change.Kind switch
    {
        ChangeKind.ToolsListChanged => granted.ToolsListChanged == true,
        ChangeKind.PromptsListChanged => granted.PromptsListChanged == true,
        ChangeKind.ResourcesListChanged => granted.ResourcesListChanged == true,
        ChangeKind.ResourceUpdated => change.Uri is not null && resources.Contains(change.Uri),
        ChangeKind.TaskChanged => change.TaskId is not null && tasks.Contains(change.TaskId),
        _ => false,
    };

    protected override ValueTask TellAsync(Change change)
    {
        if (change is { Kind: ChangeKind.TaskChanged, TaskId: { } taskId })
            return TellAsync(taskId);

        var notification = ChangeNotification.Of(change, Meta);
        return new(context.NotifyAsync(notification.Method, notification.Params));
    }

    private async ValueTask TellAsync(string taskId)
    {
        if (await FindAsync(taskId).ConfigureAwait(false) is not { } task)
            return;

        var news = JsonBody.Of(TaskRecords.Notification(task, Meta), McpJson.Wire.TaskStatusNotificationParams);
        await context.NotifyAsync(Methods.Tasks, news).ConfigureAwait(false);
    }

    private async ValueTask<StoredTask?> FindAsync(string taskId)
    {
        try
        {
            return await context.Server.Tasks.TryFindAsync(taskId, context, CancellationToken.None).ConfigureAwait(false);
        }
        catch (Exception fault) when (!context.IsCompleted)
        {
            logger.LogError(fault, "A client could not be told of the task {TaskId} yet.", taskId);
            _ = HearAgainAsync(taskId);
            return null;
        }
    }

    // It may have been the last change that there will be.
    private async Task HearAgainAsync(string taskId)
    {
        await Task.Delay(Pause, context.Server.Options.TimeProvider).ConfigureAwait(false);
        Hear(new Change(ChangeKind.TaskChanged, TaskId: taskId));
    }
}
