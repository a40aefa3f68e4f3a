using System.Text.Json;
using System.Text.Json.Serialization;

namespace OnlyMcp.Protocol.Schema;

// Spec: 2026-07-28 basic/patterns/subscriptions §Opening a Stream
/// <summary>
/// The wish to hear of changes for as long as the request is open (<c>subscriptions/listen</c>). Since 2026-07-28.
/// </summary>
public sealed record SubscriptionsListenRequestParams : RequestParams
{
    /// <summary>The changes to hear of.</summary>
    public required SubscriptionFilter Notifications { get; init; }
}

// Spec: 2026-07-28 basic/patterns/subscriptions §Notification Filter
/// <summary>A choice of changes to hear of. What is null is not chosen. Since 2026-07-28.</summary>
public sealed record SubscriptionFilter
{
    /// <summary>The list of tools.</summary>
    public bool? ToolsListChanged { get; init; }

    /// <summary>The list of prompts.</summary>
    public bool? PromptsListChanged { get; init; }

    /// <summary>The list of resources.</summary>
    public bool? ResourcesListChanged { get; init; }

    /// <summary>The resources with these addresses.</summary>
    public IReadOnlyList<string>? ResourceSubscriptions { get; init; }

    // Spec: ext-tasks tasks §Task Status Notifications
    /// <summary>The tasks of these names, where both sides speak the extension for tasks.</summary>
    public IReadOnlyList<string>? TaskIds { get; init; }

    /// <summary>What extensions of the protocol let choose; usually null.</summary>
    [JsonExtensionData]
    public IDictionary<string, JsonElement>? Other { get; set; } // not init: the serializer fills it in after construction
}

// Spec: 2026-07-28 basic/patterns/subscriptions §Acknowledgment
/// <summary>
/// The first message of a subscription, in which the server says what of it it will do
/// (<c>notifications/subscriptions/acknowledged</c>). Since 2026-07-28.
/// </summary>
public sealed record SubscriptionsAcknowledgedNotificationParams : NotificationParams
{
    /// <summary>The changes that the client will hear of: those that it chose and the server knows.</summary>
    public required SubscriptionFilter Notifications { get; init; }
}

// Spec: 2026-07-28 basic/patterns/subscriptions §Graceful Closure
/// <summary>
/// The last message of a subscription that the server itself ends; its metadata names the subscription under
/// <see cref="MetaKeys.SubscriptionId"/>. Since 2026-07-28.
/// </summary>
public sealed record SubscriptionsListenResult : Result;
