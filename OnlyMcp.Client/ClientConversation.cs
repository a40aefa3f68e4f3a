using System.Runtime.CompilerServices;
using OnlyMcp.Client.Authorization;
using OnlyMcp.Client.Inputs;
using OnlyMcp.Protocol.JsonRpc;
using OnlyMcp.Protocol.Middleware;
using OnlyMcp.Protocol.Schema;
using OnlyMcp.Protocol.Transport;

namespace OnlyMcp.Client;

/// <summary>One conversation with a server over one transport: asks, waits, and takes back what is no longer wanted.</summary>
/// <remarks>Spec: 2026-07-28 basic/patterns/cancellation §Transport-Specific Cancellation</remarks>
internal sealed class ClientConversation : IAsyncDisposable
{
    private static readonly TimeSpan FarewellTime = TimeSpan.FromSeconds(5);

    private readonly Conversation conversation;
    private readonly long opened;
    private int ended;

    /// <summary>The transport, under the tap and the middleware if there are any: all that is sent, and all that arrives, passes here.</summary>
    private readonly IClientTransport wire;

    public ClientConversation(IClientTransport transport, string server, McpClientOptions options)
    {
        Server = server;
        Transport = transport;
        Options = options;
        Inbox = new Inbox(options);
        wire = options.WireTap?.Around(transport) ?? transport;
        wire = MessagePipeline.Of(options.MessageMiddleware, Inbox.LogMiddleware)?.Around(wire) ?? wire;
        conversation = Inbox.Conversation;
        Icons = new SafeIcons(Inbox.Report);
        Inputs = new InputHandlers(options, Icons);
        opened = options.TimeProvider.GetTimestamp();
    }

    /// <summary>Where the server is, in words that may be shown.</summary>
    public string Server { get; }

    /// <summary>The transport itself, never what stands around it: an era may know its own.</summary>
    public IClientTransport Transport { get; }

    public McpClientOptions Options { get; }

    public Inbox Inbox { get; }

    /// <summary>Gets the tokens that the server wants; null where nothing does.</summary>
    public Authorizer? Authorizer { get; init; }

    /// <summary>Drops what is remembered of the server: it has answered as none of its era would. Null where nothing is.</summary>
    public Action? Contradicted { get; set; }

    /// <summary>Takes unsafe icons away.</summary>
    public SafeIcons Icons { get; }

    /// <summary>Answers what the server asks.</summary>
    public InputHandlers Inputs { get; }

    /// <summary>Whether nothing can be asked any more: the line is gone, or was closed here.</summary>
    public bool HasEnded => conversation.Closing.IsCancellationRequested;

    /// <summary>What telemetry says of the conversation.</summary>
    public PeerFacts Facts => new()
    {
        IsHttp = Transport.Address is not null,
        Server = Transport.Address,
        SessionId = Transport.SessionId,
        ProtocolVersion = Inbox.Revision?.Version,
    };

    private bool ClosingCancels => Transport.HasResponseStreams && Inbox.Revision?.DisconnectCancels == true;

    public Task StartAsync(CancellationToken cancellationToken) => wire.StartAsync(Inbox, cancellationToken);

    /// <summary>Asks and waits for the result.</summary>
    public ValueTask<JsonBody> AskAsync(Question question, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        var id = conversation.Pending.NextId();
        var request = new JsonRpcRequest(id, question.Method, RequestStamp.Apply(question, id));
        var measured = MeasuredRequest.Asking(request, Options.TimeProvider);
        request = measured?.Traced ?? request;
        var entry = conversation.Pending.Add(request, question.Timeouts, conversation.Notifications);
        var listening = Inbox.Listeners.Add(id, question.Listener);
        var hearing = Inbox.Subscribers.Add(id, question.Subscriber);
        if (question.Task is { } task)
            Inbox.Listeners.Add(id, task);

        // Not disposed: the transport may still look at its token when the answer is here, and it holds no timer.
        // On a pipe there is nothing to close, and half a line written would spoil all that follow.
        var stream = Transport.HasResponseStreams ? new CancellationTokenSource() : null;
        if (conversation.Ended is { } reason)
            entry.Fail(reason);
        else
            _ = SendAsync(request, entry, stream?.Token ?? CancellationToken.None);
        return WaitAsync(entry, stream, measured, listening, hearing, question.Late, question.MayBeCancelled, cancellationToken);
    }

    /// <summary>Waits for the result. What it holds meanwhile is held by every request that is under way: no more than it needs.</summary>
    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    private async ValueTask<JsonBody> WaitAsync(
        PendingRequest? entry,
        CancellationTokenSource? stream,
        MeasuredRequest? measured,
        IDisposable? listening,
        IDisposable? hearing,
        Action<JsonBody>? late,
        bool mayBeCancelled,
        CancellationToken cancellationToken)
    {
        var request = entry!.Request;
        try
        {
            var result = await entry.WaitAsync(cancellationToken).ConfigureAwait(false);
            measured?.Answered(result, Facts);
            return result;
        }
        catch (Exception fault)
        {
            measured?.Failed(fault, Facts);
            if (fault is OperationCanceledException or RequestTimedOutException)
                Abandon(request, mayBeCancelled, fault, stream);
            else if (fault is TransportClosedException)
                stream?.Cancel();
            if (fault is OperationCanceledException && late is not null && !ClosingCancels)
                (_, entry) = (LateAnswer.AwaitAsync(entry, late, Options.TimeProvider, Inbox), null);
            throw;
        }
        finally
        {
            hearing?.Dispose();
            listening?.Dispose();
            entry?.Dispose();
        }
    }

    /// <summary>Tells the server something, or answers it.</summary>
    /// <exception cref="RequestTimedOutException">The server did not take it in the time that requests have.</exception>
    public async Task TellAsync(JsonRpcMessage message, CancellationToken cancellationToken)
    {
        using var limit = new CancellationTokenSource(Options.Timeouts.Timeout, Options.TimeProvider);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, cancellationToken);
        try
        {
            await wire.SendAsync(message, either.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (limit.IsCancellationRequested && !cancellationToken.IsCancellationRequested)
        {
            throw new RequestTimedOutException(message is JsonRpcNotification told ? told.Method : "a response", Options.Timeouts.Timeout);
        }
    }

    /// <summary>Sends something that nobody waits for: what goes wrong is not worth more than a line in the log.</summary>
    public async Task TryTellAsync(JsonRpcMessage message)
    {
        using var limit = new CancellationTokenSource(FarewellTime, Options.TimeProvider);
        try
        {
            await TellAsync(message, limit.Token).ConfigureAwait(false);
        }
        catch (Exception fault)
        {
            Inbox.LogUnsent(message, fault);
        }
    }

    public async ValueTask DisposeAsync()
    {
        // One that never came about was no conversation.
        if (Interlocked.Exchange(ref ended, 1) == 0 && Inbox.Revision is not null)
            Telemetry.ClientEnded(Options.TimeProvider.GetElapsedTime(opened), Facts);
        conversation.End(new TransportClosedException("The client was disposed."));
        await wire.DisposeAsync().ConfigureAwait(false);
    }

    private async Task SendAsync(JsonRpcRequest request, PendingRequest entry, CancellationToken stream)
    {
        try
        {
            await wire.SendAsync(request, stream).ConfigureAwait(false);
        }
        catch (Exception fault)
        {
            // Counts only if no answer has come: the first end is the one that the caller sees.
            entry.Fail(fault);
        }
    }

    private void Abandon(JsonRpcRequest request, bool tellsServer, Exception reason, CancellationTokenSource? stream)
    {
        // MUST: where each request has its own stream, closing it is the cancellation, and no message is expected.
        if (tellsServer && !ClosingCancels)
            _ = CancelAsync(request, reason, stream);
        else
            stream?.Cancel();
    }

    /// <summary>Runs beside the caller, who wants to go on.</summary>
    private async Task CancelAsync(JsonRpcRequest request, Exception reason, CancellationTokenSource? stream)
    {
        var news = new CancelledNotificationParams
        {
            RequestId = request.Id,
            Reason = reason is RequestTimedOutException ? "The request timed out." : "The request was cancelled.",
        };
        await TryTellAsync(new JsonRpcNotification(
            Methods.Cancelled, JsonBody.Of(news, McpJson.Wire.CancelledNotificationParams))).ConfigureAwait(false);
        stream?.Cancel();
    }
}
