using Microsoft.Extensions.Logging;
using OnlyMcp.Server.Changes;

namespace OnlyMcp.Server;

// Spec: 2026-07-28 server/tools §List Changed Notification
public sealed partial class McpServer
{
    /// <summary>Publishes the changes of what the server offers; the eras tell their clients.</summary>
    private void PublishChanges()
    {
        Tools.Changed += (_, _) => Publish(new Change(ChangeKind.ToolsListChanged));
        Prompts.Changed += (_, _) => Publish(new Change(ChangeKind.PromptsListChanged));
        Resources.Changed += (_, _) => Publish(new Change(ChangeKind.ResourcesListChanged));
        ResourceTemplates.Changed += (_, _) => Publish(new Change(ChangeKind.ResourcesListChanged));
    }

    private void Publish(Change change) => _ = PublishAsync(change);

    private async Task PublishAsync(Change change)
    {
        try
        {
            await Options.Changes.PublishAsync(change).ConfigureAwait(false);
        }
        catch (Exception fault)
        {
            // Whoever changed the list has done so; that a bus is out of reach is no fault of theirs.
            logger.LogError(fault, "{Change} could not be published.", change);
        }
    }
}
