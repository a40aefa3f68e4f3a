using Microsoft.Extensions.Logging;
using OnlyMcp.Server.Changes;

namespace OnlyMcp.Server;

// Spec: 2026-07-28 server/tools §List Changed Notification
public sealed partial class McpServer
{
    /// <summary>
    /// Tells the clients that subscribed to a resource that what it holds has changed, over whatever transport and in whatever
    /// revision. That its list of resources, tools or prompts changed, the server tells by itself.
    /// </summary>
    /// <remarks>
    /// Several updates of a resource that a client has not been told of yet become one. Done when the news is on its way.
    /// Spec: 2026-07-28 server/resources §Subscriptions
    /// </remarks>
    /// <param name="uri">The resource's address, letter by letter as clients know it.</param>
    /// <param name="cancellationToken">Stops the publishing.</param>
    /// <exception cref="Exception">Whatever the bus throws (<see cref="McpServerOptions.Changes"/>); the default throws nothing.</exception>
    public ValueTask NotifyResourceUpdatedAsync(string uri, CancellationToken cancellationToken = default)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(uri);
        return Options.Changes.PublishAsync(new Change(ChangeKind.ResourceUpdated, uri), cancellationToken);
    }

    /// <summary>Publishes the changes of what the server offers; the eras tell their clients.</summary>
    private void PublishChanges()
    {
        var publications = new Publications(Options.Changes, Options.LoggerFactory.CreateLogger<Publications>());
        Tools.Changed += (_, _) => publications.Hear(new Change(ChangeKind.ToolsListChanged));
        Prompts.Changed += (_, _) => publications.Hear(new Change(ChangeKind.PromptsListChanged));
        Resources.Changed += (_, _) => publications.Hear(new Change(ChangeKind.ResourcesListChanged));
        ResourceTemplates.Changed += (_, _) => publications.Hear(new Change(ChangeKind.ResourcesListChanged));
    }
}
