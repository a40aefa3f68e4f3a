using System.Text;
using OnlyMcp.Protocol.JsonRpc;
using OnlyMcp.Protocol.Middleware;
using OnlyMcp.Protocol.Transport;

namespace OnlyMcp.Protocol.Testing;

/// <summary>
/// Keeps every message that passes, in both directions, to compare or to print. Put <see cref="OfClient"/> or <see cref="OfServer"/>
/// into the options of the one that you watch; both may write to one recorder.
/// </summary>
/// <param name="capacity">How many messages are kept; of more the oldest are forgotten.</param>
public sealed class WireRecorder(int capacity = 10_000)
{
    private readonly Lock gate = new();
    private readonly Queue<RecordedMessage> messages = new();

    /// <summary>Middleware for <c>McpClientOptions.MessageMiddleware</c>.</summary>
    public MessageMiddleware OfClient => (passing, next, cancellationToken) =>
        PassAsync(passing, next, passing.Direction == MessageDirection.Outgoing ? WireDirection.ToServer : WireDirection.ToClient, cancellationToken);

    /// <summary>Middleware for <c>McpServerOptions.MessageMiddleware</c>.</summary>
    public MessageMiddleware OfServer => (passing, next, cancellationToken) =>
        PassAsync(passing, next, passing.Direction == MessageDirection.Incoming ? WireDirection.ToServer : WireDirection.ToClient, cancellationToken);

    /// <summary>What has passed so far, oldest first.</summary>
    public IReadOnlyList<RecordedMessage> Messages
    {
        get
        {
            lock (gate)
                return [.. messages];
        }
    }

    /// <summary>Keeps a message.</summary>
    public void Record(WireDirection direction, JsonRpcMessage message)
    {
        // Written now: the bytes of a message that was received are gone when it has been handled.
        var json = JsonRpcWriter.ToBytes(message);
        lock (gate)
        {
            if (messages.Count == capacity)
                messages.Dequeue();
            messages.Enqueue(new RecordedMessage(direction, JsonRpcReader.Parse(json, maxDepth: 1000)));
        }
    }

    /// <summary>Forgets what has passed so far.</summary>
    public void Clear()
    {
        lock (gate)
            messages.Clear();
    }

    /// <summary>
    /// What has passed as a transcript that <see cref="ScriptedPeer.PlayAsync"/> can play: a message a line, behind <c>--&gt; </c> on
    /// its way to the server and <c>&lt;-- </c> on its way to the client.
    /// </summary>
    public override string ToString()
    {
        var text = new StringBuilder();
        foreach (var message in Messages)
            text.Append(message).Append('\n');
        return text.ToString();
    }

    private ValueTask PassAsync(PassingMessage passing, MessageStep next, WireDirection direction, CancellationToken cancellationToken)
    {
        Record(direction, passing.Message);
        return next(passing, cancellationToken);
    }
}

/// <summary>A message that has passed.</summary>
/// <param name="Direction">Which way it went.</param>
/// <param name="Message">The message.</param>
public sealed record RecordedMessage(WireDirection Direction, JsonRpcMessage Message)
{
    /// <summary>The message as a line of a transcript.</summary>
    public override string ToString() => $"{(Direction == WireDirection.ToServer ? "-->" : "<--")} {Message}";
}
