using Microsoft.Extensions.Logging;
using OnlyMcp.Protocol.JsonRpc;
using OnlyMcp.Protocol.Transport;
using OnlyMcp.Server.Stdio;

namespace OnlyMcp.Server.InMemory;

/// <summary>
/// A client's way to a server in the same process: <c>McpClient.ConnectAsync(new InMemoryTransport(server))</c>. For one client; a server
/// takes any number of them.
/// </summary>
/// <remarks>
/// Whatever is sent is written as JSON and read again: so each side has a message of its own, and the server checks what it is asked, and
/// bounds it (<see cref="ServerLimits"/>), as if it came from afar. Only the pipe is missing, and what stands at its ends: each request
/// starts on the thread pool, beside the others and outside its caller's <see cref="ExecutionContext"/>, and the caller goes on where the
/// answer was written. Disposing it cancels what is being answered, and waits for a second at most until that has ended.
/// Spec: 2026-07-28 basic/transports §Custom Transports
/// </remarks>
public sealed class InMemoryTransport : IClientTransport
{
    private static readonly TimeSpan TimeAfterCancellation = TimeSpan.FromSeconds(1);

    private readonly McpServer server;
    private readonly Conversation conversation;
    private readonly PipeRequests requests; // Not disposed: what is still on its way looks at it, and it holds no timer.
    private volatile IMessageReceiver? client;
    private volatile TransportClosedException? closed;
    private int disposed;

    /// <summary>Makes a way to <paramref name="server"/>, on which nothing happens until a client starts it.</summary>
    public InMemoryTransport(McpServer server)
    {
        this.server = server ?? throw new ArgumentNullException(nameof(server));
        conversation = server.NewConversation();
        requests = new PipeRequests(
            server, conversation, new UnrelatedStream(this), () => Task.CompletedTask, server.Options.LoggerFactory.CreateLogger<InMemoryTransport>());
    }

    /// <inheritdoc/>
    public Task StartAsync(IMessageReceiver receiver, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(receiver);
        ObjectDisposedException.ThrowIf(disposed != 0, this);
        cancellationToken.ThrowIfCancellationRequested();
        if (Interlocked.CompareExchange(ref client, receiver, null) is not null)
            throw new InvalidOperationException("A client has been given this way already: make a transport for each.");

        return server.TakeUpTasksAsync();
    }

    /// <inheritdoc/>
    public Task SendAsync(JsonRpcMessage message, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        ThrowIfClosed();
        return new InMemoryMessage(this, requests, server.Options.Limits, Write(message), (message as JsonRpcRequest)?.Id).HandOverAsync();
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        if (Interlocked.Exchange(ref disposed, 1) != 0)
            return;

        closed = new TransportClosedException("The client has closed its side.");
        conversation.End(closed);
        requests.End();
        requests.Finish();
        await requests.Finished.WaitAsync(TimeAfterCancellation, CancellationToken.None).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        client?.Closed(new TransportClosedException("The transport was closed here."));
    }

    /// <exception cref="TransportClosedException">The client is gone.</exception>
    internal void ThrowIfClosed()
    {
        if (closed is { } reason)
            throw new TransportClosedException(reason.Message, reason);
    }

    /// <summary>Hands the client a notification or a request of the server's, which may belong to a request of its own.</summary>
    internal void Deliver(JsonRpcMessage message, RequestId? request)
    {
        using var bytes = Write(message);
        var utf8 = bytes.Written.ToArray();
        try
        {
            var own = JsonRpcReader.Parse(utf8);
            if (request is { } id)
                client!.Receive(own, id);
            else
                client!.Receive(own);
        }
        catch (MalformedMessageException fault)
        {
            client!.ReceiveMalformed(fault, utf8.AsMemory(0, Math.Min(utf8.Length, LineReader.HeadBytes)));
        }
    }

    /// <summary>Hands the client the answer to a request, whose content is bytes already; whoever waits for it goes on here.</summary>
    internal void Answer(JsonRpcMessage answer, RequestId? request)
    {
        if (request is { } id)
            client!.ReceiveAnswer(answer, id);
        else
            client!.Receive(answer);
    }

    private static PooledBuffer Write(JsonRpcMessage message)
    {
        var bytes = new PooledBuffer();
        try
        {
            JsonRpcWriter.Write(bytes, message);
            return bytes;
        }
        catch
        {
            bytes.Dispose();
            throw;
        }
    }

    /// <summary>Takes what belongs to no request.</summary>
    private sealed class UnrelatedStream(InMemoryTransport way) : IResponseStream
    {
        public ValueTask SendAsync(JsonRpcMessage message, CancellationToken cancellationToken)
        {
            way.ThrowIfClosed();
            lock (this) // A client is told of one message at a time.
                way.Deliver(message, request: null);
            return ValueTask.CompletedTask;
        }
    }
}
