using Microsoft.Extensions.Logging;
using OnlyMcp.Protocol.JsonRpc;
using OnlyMcp.Protocol.Transport;

namespace OnlyMcp.Server.Stdio;

/// <summary>The requests of one pipe: enters them, refuses those that may not be entered, and knows when all are done.</summary>
/// <param name="server">Answers them.</param>
/// <param name="conversation">What they belong to.</param>
/// <param name="output">Takes what belongs to no request.</param>
/// <param name="drain">Waits until all that was sent has left.</param>
/// <param name="logger">Is told of what nobody else hears of.</param>
internal sealed class PipeRequests(
    McpServer server, Conversation conversation, IResponseStream output, Func<Task> drain, ILogger logger) : IDisposable
{
    private readonly CancellationTokenSource ended = new();
    private readonly TaskCompletionSource finished = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly int most = server.Options.Limits.MaxConcurrentRequestsPerConversation;
    private int leaving;
    private int running = 1; // One for the reader, who may still bring more.

    public McpServer Server => server;

    public Conversation Conversation => conversation;

    public ILogger Logger => logger;

    /// <summary>Takes a message: a request is entered and returned, anything else is dealt with.</summary>
    /// <param name="message">The message.</param>
    /// <param name="stream">Takes the answer.</param>
    public ValueTask<PipeRequest?> ReceiveAsync(JsonRpcMessage message, IResponseStream stream) =>
        message is not JsonRpcRequest request ? HandleAsync(message, stream)
        : Volatile.Read(ref leaving) >= most ? EnterLaterAsync(request, stream)
        : Enter(request, stream);

    /// <summary>Answers bytes that are no message.</summary>
    public async ValueTask RefuseAsync(MalformedMessageException fault, ReadOnlyMemory<byte> bytes, IResponseStream stream)
    {
        server.ReceiveMalformed(fault, bytes, ExchangeOn(stream));
        logger.LogWarning("A malformed message came: {Fault}", fault.Message);
        if (!fault.IsResponse)
            await ReplyAsync(new JsonRpcErrorResponse(fault.Id, fault.Error), stream).ConfigureAwait(false);
    }

    /// <summary>Sends the answer to a request that has left the table already.</summary>
    public ValueTask AnswerAsync(JsonRpcMessage answer, IResponseStream stream, CancellationToken cancellationToken)
    {
        var sending = stream.SendAsync(answer, cancellationToken);
        return sending.IsCompleted ? sending : LeaveAsync(sending);
    }

    /// <summary>Waits until every request that was entered has been answered, for so long at most and while anybody listens.</summary>
    public async Task FinishAsync(TimeSpan timeout, Task nobodyListens)
    {
        Finish();
        using var late = new CancellationTokenSource(timeout, server.Options.TimeProvider);
        try
        {
            await Task.WhenAny(HaveLeftAsync(), nobodyListens).WaitAsync(late.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException)
        {
            logger.LogWarning(
                "{Count} requests were not answered within {Timeout}; they are cancelled.", conversation.InFlight.Count, timeout);
        }
    }

    /// <summary>Completes when all requests have ended, once the end was announced.</summary>
    public Task Finished => finished.Task;

    /// <summary>Cancels what comes too late: a request that was read while the pipe ended.</summary>
    public void End()
    {
        _ = ended.CancelAsync();
        conversation.InFlight.CancelAll();
    }

    public void Dispose() => ended.Dispose();

    internal void Start() => Interlocked.Increment(ref running);

    internal void Finish()
    {
        if (Interlocked.Decrement(ref running) == 0)
            finished.TrySetResult();
    }

    internal Exchange ExchangeOn(IResponseStream stream) =>
        new(stream) { Conversation = conversation, UnrelatedStream = server.Outgoing(output), Closing = conversation.Closing };

    /// <summary>Counts an answer that waits to leave until it has.</summary>
    private async ValueTask LeaveAsync(ValueTask sending)
    {
        Interlocked.Increment(ref leaving);
        try
        {
            await sending.ConfigureAwait(false);
        }
        finally
        {
            Interlocked.Decrement(ref leaving);
        }
    }

    /// <summary>Completes when the last answer has left, which may have waited for others.</summary>
    private async Task HaveLeftAsync()
    {
        await finished.Task.ConfigureAwait(ConfigureAwaitOptions.ForceYielding);
        await drain().ConfigureAwait(false);
    }

    private async ValueTask<PipeRequest?> HandleAsync(JsonRpcMessage message, IResponseStream stream)
    {
        try
        {
            await server.HandleAsync(message, ExchangeOn(stream), ended.Token).ConfigureAwait(false);
        }
        catch (Exception fault)
        {
            logger.LogError(fault, "A message could not be handled: {Message}", message);
        }

        return null;
    }

    /// <summary>A client that reads slowly is read slowly: only so many answers wait to leave.</summary>
    private async ValueTask<PipeRequest?> EnterLaterAsync(JsonRpcRequest request, IResponseStream stream)
    {
        await drain().ConfigureAwait(false);
        return await Enter(request, stream).ConfigureAwait(false);
    }

    private ValueTask<PipeRequest?> Enter(JsonRpcRequest request, IResponseStream stream)
    {
        try
        {
            if (conversation.InFlight.Count >= most)
                throw new JsonRpcException(
                    ErrorCode.InternalError, $"{most} requests are being answered on this pipe, which is the limit; wait for one of them.");

            var entry = conversation.InFlight.Add(request, CancellationToken.None);
            if (ended.IsCancellationRequested)
                conversation.InFlight.Cancel(request.Id); // End came before it was entered.
            return new(new PipeRequest(this, entry, stream));
        }
        catch (JsonRpcException refused)
        {
            return RefuseAsync(new JsonRpcErrorResponse(request.Id, refused.Error), stream);
        }
    }

    private async ValueTask<PipeRequest?> RefuseAsync(JsonRpcErrorResponse refusal, IResponseStream stream)
    {
        await ReplyAsync(refusal, stream).ConfigureAwait(false);
        return null;
    }

    /// <summary>
    /// The reader waits until its own answers have been taken: a client that sends without ever reading fills no memory.
    /// </summary>
    private async ValueTask ReplyAsync(JsonRpcErrorResponse answer, IResponseStream stream)
    {
        try
        {
            await server.Outgoing(stream).SendAsync(answer, CancellationToken.None).ConfigureAwait(false);
        }
        catch (TransportClosedException)
        {
            // The pipe ends: its writer has told those who care.
        }
    }
}
