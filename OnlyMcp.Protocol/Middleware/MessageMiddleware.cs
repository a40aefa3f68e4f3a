using OnlyMcp.Protocol.JsonRpc;

namespace OnlyMcp.Protocol.Middleware;

/// <summary>
/// Stands on the way of every message, in both directions: may look at it, change it, hold it up, or refuse it by throwing.
/// </summary>
/// <remarks>
/// <para>
/// What it throws on an incoming request is the request's error response; on a notification it is logged; on an outgoing message the
/// sender gets it. A notification may be left where it is: do not call <paramref name="next"/>. A request or a response may not, since
/// somebody waits: the one who waits is then told that it failed.
/// </para>
/// <para>
/// Messages of one pipe, session or client pass in the order of their arrival, one after another, apart from the requests that a server
/// gets, which pass side by side. So never wait here for another message of the same conversation.
/// </para>
/// </remarks>
/// <param name="passing">The message, and which way it goes.</param>
/// <param name="next">
/// Passes it on, as it is or as <c>passing with { Message = other }</c>, once. For a request that a server has received it returns when
/// the request has been handled, or throws what the handler threw; for all else when the message has been taken.
/// </param>
/// <param name="cancellationToken">Is cancelled when the message is no longer wanted.</param>
public delegate ValueTask MessageMiddleware(PassingMessage passing, MessageStep next, CancellationToken cancellationToken);

/// <summary>Passes a message on to the next who stands on its way.</summary>
public delegate ValueTask MessageStep(PassingMessage passing, CancellationToken cancellationToken);

/// <summary>Which way a message goes, seen from here.</summary>
public enum MessageDirection
{
    /// <summary>The other side sent it.</summary>
    Incoming,

    /// <summary>It will be sent to the other side.</summary>
    Outgoing,
}

/// <summary>A message on its way in or out.</summary>
public sealed record PassingMessage
{
    internal PassingMessage(MessageDirection direction, JsonRpcMessage message, Passage passage)
    {
        Direction = direction;
        Message = message;
        Passage = passage;
    }

    /// <summary>Which way it goes.</summary>
    public MessageDirection Direction { get; }

    /// <summary>
    /// The message. Another one may take its place if it is of the same kind and, where it has an id, of the same id.
    /// </summary>
    public JsonRpcMessage Message { get; init; }

    internal Passage Passage { get; }
}
