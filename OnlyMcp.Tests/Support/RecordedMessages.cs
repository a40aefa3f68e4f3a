using System.Text;
using System.Threading.Channels;
using OnlyMcp.Protocol.JsonRpc;
using OnlyMcp.Protocol.Transport;

namespace OnlyMcp.Tests.Support;

/// <summary>A client's ear that keeps what it hears.</summary>
internal sealed class RecordedMessages : IMessageReceiver
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private readonly Channel<JsonRpcMessage> messages = Channel.CreateUnbounded<JsonRpcMessage>();
    private readonly Channel<(MalformedMessageException Fault, string Text)> malformed =
        Channel.CreateUnbounded<(MalformedMessageException, string)>();

    private readonly TaskCompletionSource<TransportClosedException> closed = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public Task<TransportClosedException> WhyClosed => closed.Task.WaitAsync(Patience);

    public Task<JsonRpcMessage> NextAsync() => messages.Reader.ReadAsync().AsTask().WaitAsync(Patience);

    public Task<(MalformedMessageException Fault, string Text)> NextMalformedAsync() => malformed.Reader.ReadAsync().AsTask().WaitAsync(Patience);

    public void Receive(JsonRpcMessage message) => messages.Writer.TryWrite(message);

    public void ReceiveMalformed(MalformedMessageException fault, ReadOnlyMemory<byte> bytes) =>
        malformed.Writer.TryWrite((fault, Encoding.UTF8.GetString(bytes.Span)));

    public void Closed(TransportClosedException reason) => closed.SetResult(reason);
}
