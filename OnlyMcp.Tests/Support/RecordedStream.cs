using OnlyMcp.Protocol.JsonRpc;
using OnlyMcp.Protocol.Transport;

namespace OnlyMcp.Tests.Support;

/// <summary>A response stream that keeps what it is given.</summary>
internal sealed class RecordedStream : IResponseStream
{
    private readonly List<JsonRpcMessage> messages = [];

    public IReadOnlyList<JsonRpcMessage> Messages => messages;

    public ValueTask SendAsync(JsonRpcMessage message, CancellationToken cancellationToken)
    {
        lock (messages)
            messages.Add(message);
        return ValueTask.CompletedTask;
    }
}
