using OnlyMcp.Protocol.Schema;

namespace OnlyMcp.Client.Subscriptions;

/// <summary>One attempt to listen: what is wanted, whether the server has granted it, and where to put what it tells.</summary>
internal sealed class Subscriber(SubscriptionFilter wanted, ChangeBuffer buffer, bool isAgain)
{
    private readonly TaskCompletionSource started = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public SubscriptionFilter Wanted => wanted;

    /// <summary>Completes when the server has said what it grants.</summary>
    public Task Started => started.Task;

    public bool HasStarted => started.Task.IsCompleted;

    /// <summary>Takes what the server grants. SHOULD: it is held against what was asked for, and the listener told.</summary>
    public void Start(SubscriptionFilter granted)
    {
        if (!started.TrySetResult())
            return;

        buffer.Add(new ListeningStarted(granted, Without(granted)));
        if (isAgain)
            Miss();
    }

    /// <summary>Whether a change is one that was asked for.</summary>
    public bool Wants(ServerChange change) => change switch
    {
        ToolsListChanged => wanted.ToolsListChanged == true,
        PromptsListChanged => wanted.PromptsListChanged == true,
        ResourcesListChanged => wanted.ResourcesListChanged == true,
        TaskChanged changed => wanted.TaskIds?.Contains(changed.Task.Id, StringComparer.Ordinal) == true,
        ResourceUpdated updated => wanted.ResourceSubscriptions?.Any(uri => LiesBelow(updated.Uri, uri)) == true,
        _ => false,
    };

    public void Take(ServerChange change) => buffer.Add(change);

    /// <summary>Something may have been said that did not arrive.</summary>
    public void Miss() => buffer.Add(new ChangesMissed());

    private SubscriptionFilter Without(SubscriptionFilter granted) => new()
    {
        ToolsListChanged = Without(wanted.ToolsListChanged, granted.ToolsListChanged),
        PromptsListChanged = Without(wanted.PromptsListChanged, granted.PromptsListChanged),
        ResourcesListChanged = Without(wanted.ResourcesListChanged, granted.ResourcesListChanged),
        ResourceSubscriptions = [.. (wanted.ResourceSubscriptions ?? []).Except(granted.ResourceSubscriptions ?? [], StringComparer.Ordinal)],
        TaskIds = wanted.TaskIds is null ? null : [.. wanted.TaskIds.Except(granted.TaskIds ?? [], StringComparer.Ordinal)],
    };

    private static bool? Without(bool? wanted, bool? granted) => wanted == true && granted != true ? true : null;

    /// <summary>The same address, or one that goes on behind it where an address has its joints.</summary>
    private static bool LiesBelow(string uri, string above) => uri.StartsWith(above, StringComparison.Ordinal)
        && (uri.Length == above.Length || above.EndsWith('/') || uri[above.Length] is '/' or '?' or '#');
}
