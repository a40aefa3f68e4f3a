using OnlyMcp.Protocol.JsonRpc;
using OnlyMcp.Protocol.Transport;
using OnlyMcp.Server.Stdio;

namespace OnlyMcp.Server.InMemory;

/// <summary>One message of a client, from its bytes to whatever comes back for it.</summary>
/// <param name="way">Where it came from.</param>
/// <param name="requests">Where a request is entered.</param>
/// <param name="limits">What is too long or too deep.</param>
/// <param name="bytes">The message. Given back when a request has been answered; whoever handles anything else may look at it later.</param>
/// <param name="id">The id of a request; null for any other message.</param>
internal sealed class InMemoryMessage(
    InMemoryTransport way, PipeRequests requests, ServerLimits limits, PooledBuffer bytes, RequestId? id) : IResponseStream, IThreadPoolWorkItem
{
    private TaskCompletionSource? taken;
    private PipeRequest? request;
    private JsonRpcMessage? answer;

    /// <summary>Gives it to the server: a request is entered when this returns, anything else is dealt with when it ends.</summary>
    public Task HandOverAsync()
    {
        if (id is not null)
            return ReceiveAsync();

        taken = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        ThreadPool.UnsafeQueueUserWorkItem(this, preferLocal: false);
        return taken.Task;
    }

    /// <summary>Goes on, as a work item of the thread pool: nothing of the server runs on the stack of the one who sent.</summary>
    public void Execute() => _ = request is null ? TakeAsync() : AnswerAsync(request);

    /// <summary>Hands a notification or a request of the server over; an answer waits until there is nothing left to do for it.</summary>
    public ValueTask SendAsync(JsonRpcMessage message, CancellationToken cancellationToken)
    {
        way.ThrowIfClosed();
        switch (message)
        {
            case JsonRpcResultResponse { Result: var result } response:
                answer = new JsonRpcResultResponse(response.Id, Own(result));
                break;
            case JsonRpcErrorResponse { Error: var error } refusal:
                // A message that cannot be read is refused without its id, under which somebody waits here.
                answer = new JsonRpcErrorResponse(refusal.Id ?? id, error with { Data = Own(error.Data) });
                break;
            default:
                lock (this) // A client is told of one message at a time.
                    way.Deliver(message, id);
                break;
        }

        return ValueTask.CompletedTask;
    }

    /// <summary>Content that stays as it is. Bytes may be a view of the request, whose buffer is given back before the client looks at them.</summary>
    private static JsonBody Own(JsonBody content) => new(content.Value is null ? content.ToUtf8().ToArray() : content.ToUtf8());

    private async Task ReceiveAsync()
    {
        try
        {
            request = await requests.ReceiveAsync(Read(), this).ConfigureAwait(false);
        }
        catch (MalformedMessageException fault)
        {
            await requests.RefuseAsync(fault, bytes.Written, this).ConfigureAwait(false);
        }

        if (request is null)
            Answer();
        else
            ThreadPool.UnsafeQueueUserWorkItem(this, preferLocal: false); // In turn: who is asked last must not be served first.
    }

    private JsonRpcMessage Read() => bytes.Length <= limits.MaxMessageBytes
        ? JsonRpcReader.Parse(bytes.Written, limits.MaxDepth)
        : throw JsonRpcReader.TooLong(bytes.Written[..LineReader.HeadBytes], limits.MaxMessageBytes);

    private async Task TakeAsync()
    {
        await ReceiveAsync().ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        taken!.SetResult();
    }

    private async Task AnswerAsync(PipeRequest entered)
    {
        await entered.AnswerAsync().ConfigureAwait(false);
        bytes.Dispose();
        Answer();
    }

    private void Answer()
    {
        if (answer is not null)
            way.Answer(answer, id);
    }
}
