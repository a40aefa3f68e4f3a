using OnlyMcp.Protocol.JsonRpc;
using OnlyMcp.Protocol.Transport;

namespace OnlyMcp.Protocol.Middleware;

/// <summary>A server's stream of answers with middleware before it.</summary>
internal sealed class PassedStream(IResponseStream stream, MessagePipeline pipeline) : IResponseStream
{
    private readonly Func<JsonRpcMessage, CancellationToken, ValueTask> send = stream.SendAsync;

    public ValueTask SendAsync(JsonRpcMessage message, CancellationToken cancellationToken) =>
        pipeline.SendAsync(message, send, cancellationToken);
}
