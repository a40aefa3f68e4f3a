using OnlyMcp.Protocol.JsonRpc;

namespace OnlyMcp.Protocol.Middleware;

/// <summary>The way of one message past every middleware to where it belongs, and how far it has come.</summary>
internal sealed class Passage(JsonRpcMessage message, Func<JsonRpcMessage, CancellationToken, ValueTask> deliver)
{
    private int begun;

    /// <summary>Whether the last middleware has passed the message on.</summary>
    public bool HasBegun => Volatile.Read(ref begun) != 0;

    /// <summary>Whether it was taken where it belongs: nothing more may be sent in its place.</summary>
    public bool HasArrived { get; private set; }

    public async ValueTask DeliverAsync(JsonRpcMessage passed, CancellationToken cancellationToken)
    {
        if (passed is null || passed.GetType() != message.GetType() || IdOf(passed) != IdOf(message))
            throw new InvalidOperationException("A middleware may change what a message says, but neither its kind nor its id.");
        if (Interlocked.Exchange(ref begun, 1) != 0)
            throw new InvalidOperationException("A middleware passes a message on once; the other side would get it twice.");

        await deliver(passed, cancellationToken).ConfigureAwait(false);
        HasArrived = true;
    }

    /// <summary>What is told to the one who waits for a message that a middleware left where it is.</summary>
    public InvalidOperationException NotPassedOn()
    {
        var what = message is JsonRpcRequest request ? $"the request '{request.Method}'" : "a response";
        return new InvalidOperationException(HasBegun
            ? $"A middleware caught what became of {what}, and threw nothing in its place; somebody waits for it."
            : $"A middleware did not pass on {what}, for which somebody waits: throw a JsonRpcException to refuse it.");
    }

    internal static RequestId? IdOf(JsonRpcMessage message) => message switch
    {
        JsonRpcRequest request => request.Id,
        JsonRpcResultResponse result => result.Id,
        JsonRpcErrorResponse error => error.Id,
        _ => null,
    };
}
