using OnlyMcp.Protocol.JsonRpc;
using OnlyMcp.Protocol.Schema;

namespace OnlyMcp.Client;

// Spec: 2025-11-25 client/roots §Root List Changes
public sealed partial class McpClient
{
    /// <summary>
    /// Changes the folders that the server may know of, and tells it so where its revision has a word for that. Only a client that was
    /// given <see cref="McpClientOptions.Roots"/>, maybe none, can do so: the capability is declared at the start.
    /// </summary>
    /// <exception cref="ArgumentException">A root is no <c>file://</c> URI.</exception>
    /// <exception cref="InvalidOperationException">The client was connected without roots.</exception>
    public Task SetRootsAsync(IReadOnlyList<Root> roots, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(roots);
        ObjectDisposedException.ThrowIf(disposed != 0, this);
        Conversation.Inputs.Roots.Set(roots);
        return era.Revision.AnnouncesRootChanges
            ? Conversation.TellAsync(new JsonRpcNotification(Methods.RootsListChanged), cancellationToken)
            : Task.CompletedTask;
    }

    /// <summary>
    /// Says that the user is done on a web page that a call waits for, where the server does not say so itself; false if no such page
    /// is open. 2025-11-25 only.
    /// </summary>
    /// <param name="elicitationId">The <see cref="ElicitRequestUrlParams.ElicitationId"/> of the page.</param>
    public bool CompleteElicitUrl(string elicitationId) => Conversation.Inputs.Pages.Complete(elicitationId);
}
