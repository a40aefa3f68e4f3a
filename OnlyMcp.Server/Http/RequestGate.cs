using System.Globalization;
using OnlyMcp.Protocol.JsonRpc;
using OnlyMcp.Server.Eras;

namespace OnlyMcp.Server.Http;

/// <summary>Counts what is being served, lets no more in than there is room for, and nothing at all once it is closed.</summary>
internal sealed class RequestGate(int most, string what)
{
    private readonly TaskCompletionSource empty = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private int inside;
    private volatile bool closed;

    /// <summary>How many are inside.</summary>
    public int Inside => Volatile.Read(ref inside);

    /// <exception cref="RefusedRequestException">There is no room, or the server is stopping (503).</exception>
    public void Enter()
    {
        if (Interlocked.Increment(ref inside) <= most && !closed)
            return;

        Leave();
        throw new RefusedRequestException(503, ErrorCode.InternalError, closed
            ? "The server is stopping."
            : string.Create(CultureInfo.InvariantCulture, $"The server is busy: it serves {most} {what} at the same time, and no more."));
    }

    /// <summary>One is done.</summary>
    public void Leave()
    {
        if (Interlocked.Decrement(ref inside) == 0 && closed)
            empty.TrySetResult();
    }

    /// <summary>Lets nobody in any more; the task completes when the last one has left.</summary>
    public Task CloseAsync()
    {
        closed = true;
        if (Inside == 0)
            empty.TrySetResult();
        return empty.Task;
    }
}
