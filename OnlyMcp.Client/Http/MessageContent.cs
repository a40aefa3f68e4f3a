using System.Net;
using OnlyMcp.Protocol.JsonRpc;

namespace OnlyMcp.Client.Http;

/// <summary>A message as the body of a POST, in a buffer of the pool: whoever sends it says when that may be given back.</summary>
/// <remarks>It outlives the request that carries it: after a redirect, or with a new token, it is sent again.</remarks>
internal sealed class MessageContent : HttpContent
{
    private const int Released = int.MinValue / 2;

    private readonly PooledBuffer buffer = new();
    private int writes; // Negative once the buffer has been given back.

    public MessageContent(JsonRpcMessage message)
    {
        Message = message;
        JsonRpcWriter.Write(buffer, message);
        Headers.TryAddWithoutValidation("Content-Type", "application/json");
    }

    public JsonRpcMessage Message { get; }

    /// <summary>Gives the buffer back: the message has been answered, or is not wanted any more.</summary>
    public void Release()
    {
        // Where the answer overtook the body, the connection may still be reading from the buffer: then it is left to the garbage collector.
        if (Interlocked.CompareExchange(ref writes, Released, 0) == 0)
            buffer.Dispose();
    }

    protected override Task SerializeToStreamAsync(Stream stream, TransportContext? context) =>
        SerializeToStreamAsync(stream, context, CancellationToken.None);

    protected override async Task SerializeToStreamAsync(Stream stream, TransportContext? context, CancellationToken cancellationToken)
    {
        ObjectDisposedException.ThrowIf(Interlocked.Increment(ref writes) < 0, this);
        await stream.WriteAsync(buffer.Written, cancellationToken).ConfigureAwait(false);
        Interlocked.Decrement(ref writes);
    }

    protected override bool TryComputeLength(out long length)
    {
        length = buffer.Length;
        return true;
    }
}
