using Microsoft.Extensions.Logging;
using OnlyMcp.Protocol.JsonRpc;
using OnlyMcp.Protocol.Transport;

namespace OnlyMcp.Server.Stdio;

/// <summary>The requests of one pipe: enters them, refuses those that may not be entered, and knows when all are done.</summary>
internal sealed class PipeRequests(McpServer server, Conversation conversation, LineWriter output, ILogger logger) : IDisposable
{
    private readonly CancellationTokenSource ended = new();
    private readonly TaskCompletionSource finished = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly int most = server.Options.Limits.MaxConcurrentRequestsPerConversation;
    private int leaving;
    private int running = 1; // One for the reader, who may still bring more.

    public McpServer Server => server;

    public Conversation Conversation => conversation;

    /// <summary>Takes a message: a request is entered and returned, anything else is dealt with.</summary>
    /// <param name="message">The message.</param>
    /// <param name="stream">Takes the answer.</param>
    public async ValueTask<PipeRequest?> ReceiveAsync(JsonRpcMessage message, IResponseStream stream)
    {
        if (message is JsonRpcRequest request)
            return await EnterAsync(request, stream).ConfigureAwait(false);

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

    /// <summary>Answers bytes that are no message.</summary>
    public async ValueTask RefuseAsync(MalformedMessageException fault, ReadOnlyMemory<byte> bytes, IResponseStream stream)
    {
        server.ReceiveMalformed(fault, bytes, ExchangeOn(stream));
        logger.LogWarning("A malformed message came: {Fault}", fault.Message);
        if (!fault.IsResponse)
            await ReplyAsync(new JsonRpcErrorResponse(fault.Id, fault.Error), stream).ConfigureAwait(false);
    }

    /// <summary>Sends the answer to a request that has left the table already.</summary>
    public async ValueTask AnswerAsync(JsonRpcMessage answer, IResponseStream stream, CancellationToken cancellationToken)
    {
        Interlocked.Increment(ref leaving);
        try
        {
            await stream.SendAsync(answer, cancellationToken).ConfigureAwait(false);
        }
        finally
        {
            Interlocked.Decrement(ref leaving);
        }
    }

    /// <summary>Waits until every request that was entered has been answered, for so long at most and while anybody listens.</summary>
    public async Task FinishAsync(TimeSpan timeout, Task nobodyListens)
    {
        Finish();
        using var late = new CancellationTokenSource(timeout, server.Options.TimeProvider);
        try
        {
            await Task.WhenAny(LeaveAsync(), nobodyListens).WaitAsync(late.Token).ConfigureAwait(false);
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

    /// <summary>Completes when the last answer has left, which may have waited for others.</summary>
    private async Task LeaveAsync()
    {
        await finished.Task.ConfigureAwait(ConfigureAwaitOptions.ForceYielding);
        await output.DrainAsync().ConfigureAwait(false);
    }

    private async ValueTask<PipeRequest?> EnterAsync(JsonRpcRequest request, IResponseStream stream)
    {
        // A client that reads slowly is read slowly: only so many answers wait to leave.
        if (Volatile.Read(ref leaving) >= most)
            await output.DrainAsync().ConfigureAwait(false);

        try
        {
            if (conversation.InFlight.Count >= most)
                throw new JsonRpcException(
                    ErrorCode.InternalError, $"{most} requests are being answered on this pipe, which is the limit; wait for one of them.");

            var entry = conversation.InFlight.Add(request, CancellationToken.None);
            if (ended.IsCancellationRequested)
                conversation.InFlight.Cancel(request.Id); // End came before it was entered.
            return new PipeRequest(this, entry, stream, logger);
        }
        catch (JsonRpcException refused)
        {
            await ReplyAsync(new JsonRpcErrorResponse(request.Id, refused.Error), stream).ConfigureAwait(false);
            return null;
        }
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
