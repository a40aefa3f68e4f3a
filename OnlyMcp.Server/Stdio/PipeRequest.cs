using Microsoft.Extensions.Logging;
using OnlyMcp.Protocol.JsonRpc;
using OnlyMcp.Protocol.Transport;

namespace OnlyMcp.Server.Stdio;

/// <summary>What was read from a pipe and waits to be answered: a request, or a batch of them.</summary>
internal interface IPipeMessage
{
    /// <summary>Runs the handler, on the stack of the caller, and sees to the answer.</summary>
    Task AnswerAsync();
}

/// <summary>One request of a pipe, from its entry into the table of those in flight to its answer.</summary>
internal sealed class PipeRequest : IPipeMessage, IResponseStream
{
    private readonly PipeRequests requests;
    private readonly InFlightRequest entry;
    private readonly IResponseStream stream;

    public PipeRequest(PipeRequests requests, InFlightRequest entry, IResponseStream stream)
    {
        this.requests = requests;
        this.entry = entry;
        this.stream = stream;
        requests.Start();
    }

    public string Method => entry.Request.Method;

    /// <summary>The bytes that the request is a view of, which nobody looks at once it has been answered.</summary>
    public Line Line { private get; set; }

    public async Task AnswerAsync()
    {
        try
        {
            var exchange = requests.ExchangeOn(this);
            exchange.InFlight = entry;
            await requests.Server.HandleAsync(entry.Request, exchange, entry.CancellationToken).ConfigureAwait(false);
        }
        catch (Exception fault) when (fault is TransportClosedException or OperationCanceledException)
        {
            requests.Logger.LogDebug("'{Method}' was not answered: {Reason}", Method, fault.Message);
        }
        catch (Exception fault)
        {
            requests.Logger.LogError(fault, "'{Method}' could not be answered.", Method);
        }
        finally
        {
            entry.Dispose();
            Line.Return();
            requests.Finish();
        }
    }

    public ValueTask SendAsync(JsonRpcMessage message, CancellationToken cancellationToken)
    {
        // MUST NOT: nothing is sent any more for a request that was cancelled.
        if (entry.IsCancelled)
            return ValueTask.CompletedTask;

        if (message is not (JsonRpcResultResponse or JsonRpcErrorResponse))
            return stream.SendAsync(message, cancellationToken);

        // The id is free again before the answer leaves: a client that has read the answer may use it at once.
        entry.Dispose();
        return requests.AnswerAsync(message, stream, cancellationToken);
    }
}
