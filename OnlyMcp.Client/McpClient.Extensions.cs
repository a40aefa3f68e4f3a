using System.Text.Json;
using OnlyMcp.Protocol.JsonRpc;
using OnlyMcp.Protocol.Schema;
using OnlyMcp.Protocol.Transport;

namespace OnlyMcp.Client;

// Spec: 2026-07-28 basic §Notifications
public sealed partial class McpClient
{
    /// <summary>
    /// Whether both sides speak an extension of the protocol: the server said so, and <see cref="McpClientOptions.Capabilities"/> do, or,
    /// of tasks, <see cref="McpClientOptions.Tasks"/>.
    /// </summary>
    /// <param name="id">Its identifier, such as <c>com.example/hats</c>.</param>
    public bool HasExtension(string id) => ServerExtension(id) is not null
        && (options.Capabilities.Extensions?.ContainsKey(id) == true || (id == TasksExtension.Id && options.Tasks.IsEnabled));

    /// <summary>The settings with which the server speaks an extension, an object; null if it does not speak it.</summary>
    /// <param name="id">Its identifier, such as <c>com.example/hats</c>.</param>
    public JsonElement? ServerExtension(string id) => ServerCapabilities.Extensions?.TryGetValue(id, out var settings) == true ? settings : null;

    /// <summary>Tells the server something that it does not answer; returns when the server, or the line to it, has taken it.</summary>
    /// <param name="method">Its name, such as <c>notifications/com.example/hat_off</c>.</param>
    /// <param name="parameters">An object, or absent.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <exception cref="ArgumentException">It is one that the client sends by itself when it is time.</exception>
    /// <exception cref="RequestTimedOutException">The server did not take it in time.</exception>
    /// <exception cref="TransportClosedException">The server is gone.</exception>
    public Task SendNotificationAsync(string method, JsonBody parameters = default, CancellationToken cancellationToken = default)
    {
        ArgumentException.ThrowIfNullOrEmpty(method);
        ObjectDisposedException.ThrowIf(disposed != 0, this);
        if (method is Methods.Initialized or Methods.Cancelled)
            throw new ArgumentException($"The client sends '{method}' itself; cancel a call by its token.", nameof(method));

        return era.Conversation.TellAsync(new JsonRpcNotification(method, parameters), cancellationToken);
    }
}
