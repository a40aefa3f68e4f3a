using System.Collections.Concurrent;
using System.Globalization;
using System.Text.Json;
using OnlyMcp.Client.Tasks;
using OnlyMcp.Protocol.JsonRpc;
using OnlyMcp.Protocol.Schema;
using OnlyMcp.Protocol.Transport;

namespace OnlyMcp.Client.Subscriptions;

/// <summary>Who listens in a conversation: to a subscription of its own, by the id of its request, or to all that a session is told.</summary>
/// <remarks>
/// Spec: 2026-07-28 basic/patterns/subscriptions §Multiple Concurrent Subscriptions
/// Spec: 2025-11-25 server/resources §Subscriptions
/// </remarks>
internal sealed class Subscribers(Conversation conversation, Action<ProtocolFaultException> report)
{
    private readonly ConcurrentDictionary<RequestId, Subscriber> byRequest = new();
    private readonly ConcurrentDictionary<Subscriber, byte> ofSession = new();

    /// <summary>Is told of every change, whoever listens.</summary>
    public Action<ServerChange>? Heard { get; set; }

    /// <summary>How many listen.</summary>
    public int Count => byRequest.Count + ofSession.Count;

    /// <summary>Whether somebody listens to all that the session is told.</summary>
    public bool IsSessionHeard => !ofSession.IsEmpty;

    /// <summary>Has the subscriber hear what belongs to this request until the result is disposed.</summary>
    public IDisposable? Add(RequestId id, Subscriber? subscriber)
    {
        if (subscriber is null)
            return null;

        byRequest[id] = subscriber;
        return new Entry(() => byRequest.TryRemove(id, out _));
    }

    /// <summary>Has the subscriber hear what the session is told until the result is disposed.</summary>
    public IDisposable Add(Subscriber subscriber)
    {
        ofSession[subscriber] = 0;
        return new Entry(() => ofSession.TryRemove(subscriber, out _));
    }

    /// <summary>Something may have been said to the session that did not arrive.</summary>
    public void Miss()
    {
        foreach (var subscriber in ofSession.Keys)
            subscriber.Miss();
    }

    /// <summary>Takes a notification; true if it is about a subscription itself, and nobody else's concern.</summary>
    /// <exception cref="JsonException">Its parameters have another shape.</exception>
    public bool Take(JsonRpcNotification notification, RequestId? stream)
    {
        switch (notification.Method)
        {
            case Methods.SubscriptionsAcknowledged:
                var granted = notification.Params.Read(McpJson.Wire.SubscriptionsAcknowledgedNotificationParams);
                Find(stream, granted.Meta)?.Start(granted.Notifications);
                return true;
            case Methods.Cancelled when !byRequest.IsEmpty:
                return End(notification.Params.Read(McpJson.Wire.CancelledNotificationParams).RequestId);
            default:
                if (ChangeIn(notification) is { } change)
                    Tell(change, stream, notification);
                return false;
        }
    }

    private static ServerChange? ChangeIn(JsonRpcNotification notification) => notification.Method switch
    {
        Methods.ToolsListChanged => new ToolsListChanged(),
        Methods.PromptsListChanged => new PromptsListChanged(),
        Methods.ResourcesListChanged => new ResourcesListChanged(),
        Methods.Tasks => new TaskChanged(StateOf(notification.Params.Read(McpJson.Wire.TaskStatusNotificationParams))),
        Methods.ResourcesUpdated => new ResourceUpdated(notification.Params.Read(McpJson.Wire.ResourceUpdatedNotificationParams).Uri),
        _ => null,
    };

    private static TaskSnapshot StateOf(TaskStatusNotificationParams task) => new()
    {
        Id = task.TaskId,
        Status = task.Status,
        StatusMessage = task.StatusMessage,
        CreatedAt = task.CreatedAt,
        LastUpdatedAt = task.LastUpdatedAt,
        TimeToLive = TaskSnapshot.Span(task.TtlMs),
        PollInterval = TaskSnapshot.Span(task.PollIntervalMs),
    };

    /// <summary>Tells whoever listens to the session.</summary>
    public void Tell(ServerChange change)
    {
        Heard?.Invoke(change);
        foreach (var subscriber in ofSession.Keys)
        {
            if (subscriber.Wants(change))
                subscriber.Take(change);
        }
    }

    private void Tell(ServerChange change, RequestId? stream, JsonRpcNotification notification)
    {
        Tell(change);

        if (byRequest.IsEmpty || Find(stream, MetaOf(notification)) is not { } own)
            return;

        if (own.Wants(change))
            own.Take(change);
        else
            report(new ProtocolFaultException($"A subscription was told what it did not ask for: '{notification.Method}'.", JsonRpcWriter.ToBytes(notification)));
    }

    /// <summary>
    /// Where a stream belongs to one request, what comes on it does too. MUST: on a pipe the subscription's id tells whose it is.
    /// </summary>
    private Subscriber? Find(RequestId? stream, IReadOnlyDictionary<string, JsonElement>? meta) =>
        (stream ?? IdIn(meta)) is { } id ? byRequest.GetValueOrDefault(id) : null;

    private static IReadOnlyDictionary<string, JsonElement>? MetaOf(JsonRpcNotification notification) =>
        notification.Params.IsAbsent ? null : notification.Params.Read(McpJson.Wire.ListChangedNotificationParams).Meta;

    // Our ids are numbers; a server that writes them as strings is understood.
    private static RequestId? IdIn(IReadOnlyDictionary<string, JsonElement>? meta)
    {
        if (meta is null || !meta.TryGetValue(MetaKeys.SubscriptionId, out var id))
            return null;

        var text = id.ValueKind is JsonValueKind.String ? id.GetString() : id.GetRawText();
        return long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number) ? number : null;
    }

    /// <summary>A server that ends a subscription sends this, the response, or both; either is a graceful end, and the first one counts.</summary>
    private bool End(RequestId? id)
    {
        if (id is not { } ended || !byRequest.ContainsKey(ended))
            return false;

        conversation.Pending.Complete(new JsonRpcResultResponse(ended, new JsonBody("{}"u8.ToArray())));
        return true;
    }

    private sealed class Entry(Action remove) : IDisposable
    {
        public void Dispose() => remove();
    }
}
