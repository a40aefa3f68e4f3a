using OnlyMcp.Client.Tasks;
using OnlyMcp.Protocol.Schema;

namespace OnlyMcp.Client.Subscriptions;

/// <summary>What a server tells of while a client listens: one of the records below.</summary>
/// <remarks>Spec: 2026-07-28 basic/patterns/subscriptions §Receiving Notifications</remarks>
public abstract record ServerChange
{
    private protected ServerChange()
    {
    }
}

/// <summary>From here on the server tells of what is granted. What was read before may have changed since: read it now.</summary>
/// <param name="Granted">What the server will tell of.</param>
/// <param name="Refused">What was asked for and the server does not tell of: read that again yourself now and then.</param>
public sealed record ListeningStarted(SubscriptionFilter Granted, SubscriptionFilter Refused) : ServerChange;

/// <summary>
/// Something may have happened that was not told: the way to the server was broken for a while, or more happened than was taken.
/// Read again whatever matters.
/// </summary>
public sealed record ChangesMissed : ServerChange;

/// <summary>The list of tools has changed.</summary>
public sealed record ToolsListChanged : ServerChange;

/// <summary>The list of prompts has changed.</summary>
public sealed record PromptsListChanged : ServerChange;

/// <summary>The list of resources, or of resource templates, has changed.</summary>
public sealed record ResourcesListChanged : ServerChange;

/// <summary>What a resource holds has changed.</summary>
/// <param name="Uri">Its address: one that was asked for, or one that lies below it.</param>
public sealed record ResourceUpdated(string Uri) : ServerChange;

/// <summary>How far a task has come. Its result is had by <see cref="ToolTask.WaitAsync"/>.</summary>
/// <param name="Task">The task, one of those that were asked for.</param>
/// <remarks>
/// Spec: ext-tasks tasks §Task Status Notifications
/// Spec: 2025-11-25 basic/utilities/tasks §Task Status Notification
/// </remarks>
public sealed record TaskChanged(TaskSnapshot Task) : ServerChange;
