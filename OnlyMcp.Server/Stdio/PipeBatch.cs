using OnlyMcp.Protocol.JsonRpc;
using OnlyMcp.Protocol.Transport;

namespace OnlyMcp.Server.Stdio;

/// <summary>Several messages on one line of a pipe, and the one array that answers those of them that are requests.</summary>
/// <remarks>Spec: 2025-03-26 basic §Batching</remarks>
internal sealed class PipeBatch(PipeRequests pipe, LineWriter output) : IPipeMessage, IResponseStream
{
    private readonly List<PipeRequest> requests = [];
    private readonly List<JsonRpcMessage> answers = [];

    /// <summary>Deals with what is no request, in order, and enters the requests; null if there is nothing more to do.</summary>
    /// <exception cref="MalformedMessageException">The line is no batch.</exception>
    public static async ValueTask<IPipeMessage?> ReceiveAsync(
        ReadOnlyMemory<byte> line, PipeRequests pipe, ServerLimits limits, LineWriter output)
    {
        var batch = new PipeBatch(pipe, output);
        foreach (var message in Batch.Split(line, limits.MaxBatchCount, limits.MaxDepth))
            await batch.AddAsync(message, limits.MaxDepth).ConfigureAwait(false);

        if (batch.requests.Count > 0)
        {
            // The array is something to finish too: it leaves after the last of its requests is done.
            pipe.Start();
            return batch;
        }

        await batch.SendAnswersAsync().ConfigureAwait(false);
        return null;
    }

    public async Task AnswerAsync()
    {
        try
        {
            await Task.WhenAll(requests.Select(request => request.AnswerAsync())).ConfigureAwait(false);
            await SendAnswersAsync().ConfigureAwait(false);
        }
        finally
        {
            pipe.Finish();
        }
    }

    /// <summary>Keeps an answer until all are there; what else a handler has to say leaves at once.</summary>
    public ValueTask SendAsync(JsonRpcMessage message, CancellationToken cancellationToken)
    {
        if (message is not (JsonRpcResultResponse or JsonRpcErrorResponse))
            return output.SendAsync(message, cancellationToken);

        var written = Batch.Written(message);
        lock (answers)
            answers.Add(written);
        return ValueTask.CompletedTask;
    }

    private async ValueTask AddAsync(ReadOnlyMemory<byte> bytes, int maxDepth)
    {
        try
        {
            var message = JsonRpcReader.Parse(bytes, maxDepth);

            // MUST NOT: initialize is no part of a batch.
            if (message is JsonRpcRequest { Method: Methods.Initialize, Id: var id })
                throw new MalformedMessageException(ErrorCode.InvalidRequest, "'initialize' must not be part of a batch.", id);

            if (await pipe.ReceiveAsync(message, this).ConfigureAwait(false) is { } request)
                requests.Add(request);
        }
        catch (MalformedMessageException fault)
        {
            await pipe.RefuseAsync(fault, bytes, this).ConfigureAwait(false);
        }
    }

    private async ValueTask SendAnswersAsync()
    {
        if (answers.Count == 0)
            return;

        var line = new PooledBuffer();
        Batch.Write(line, answers);
        try
        {
            await output.SendAsync(line, CancellationToken.None).ConfigureAwait(false);
        }
        catch (TransportClosedException)
        {
            // The pipe ends: its writer has told those who care.
        }
    }
}
