using System.Collections.Concurrent;
using OnlyMcp.Protocol.JsonRpc;

namespace OnlyMcp.Server;

// Spec: 2026-07-28 basic §Notifications
public sealed partial class McpServer
{
    private readonly ConcurrentDictionary<string, Func<JsonRpcNotification, NotificationContext, ValueTask>> notifications = new(StringComparer.Ordinal);

    /// <summary>
    /// Handles a notification that the protocol does not have, in every revision. Those of one pipe or session are handled one after
    /// another, in the order in which they came; what the handler throws is logged. May be added while the server runs.
    /// </summary>
    /// <param name="method">Its name, such as <c>notifications/com.example/hat_off</c>; no name of the protocol's own.</param>
    /// <param name="handler">Handles it. What it reads of the notification it reads before it returns.</param>
    /// <exception cref="ArgumentException">The name is the protocol's, or is taken.</exception>
    public void AddNotification(string method, Func<JsonRpcNotification, NotificationContext, ValueTask> handler)
    {
        ArgumentNullException.ThrowIfNull(handler);
        Methods.RequireCustom(method);
        if (!notifications.TryAdd(method, handler))
            throw new ArgumentException($"The notification '{method}' has been added before.", nameof(method));
    }

    /// <summary>Whether somebody handles the notification here.</summary>
    internal bool Handles(JsonRpcNotification notification) => notifications.ContainsKey(notification.Method);

    /// <summary>Handles a notification on the chain of the conversation that it is part of; null where it stands alone.</summary>
    internal ValueTask HandleAsync(JsonRpcNotification notification, NotificationContext context, Conversation? conversation, Exchange exchange)
    {
        var handler = notifications[notification.Method];
        var known = context with { Principal = exchange.Principal, CancellationToken = conversation?.Closing ?? exchange.Closing };
        var handled = (conversation ?? NewConversation()).Notifications.Add(() => handler(notification, known));

        // The bytes of a POST go back to their pool when it has been handled. The reader of a pipe waits for nobody's code.
        return exchange.IsOverHttp ? new ValueTask(handled) : ValueTask.CompletedTask;
    }
}
