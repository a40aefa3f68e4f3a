using Microsoft.Extensions.Logging;
using OnlyMcp.Protocol.JsonRpc;
using OnlyMcp.Protocol.Middleware;
using OnlyMcp.Protocol.Revisions;
using OnlyMcp.Protocol.Transport;
using OnlyMcp.Server.Eras;

namespace OnlyMcp.Server;

public sealed partial class McpServer
{
    /// <summary>
    /// A stream of what answers no message that came: it passes the middleware, and is shown, before it leaves. The stream itself where
    /// nobody asked for that.
    /// </summary>
    internal IResponseStream Outgoing(IResponseStream stream)
    {
        var shown = Options.WireTap?.Around(stream) ?? stream;
        return messages?.Around(shown) ?? shown;
    }

    /// <summary>Whether anybody wants to know how requests fare; if not, nothing stands between here and the era.</summary>
    private bool IsWatched => messages is not null || Telemetry.HearsOfAnswering || logger.IsEnabled(LogLevel.Debug);

    /// <summary>Serves a request, and tells those who want to know what became of it.</summary>
    private async ValueTask<JsonRpcResultResponse> WatchAsync(JsonRpcRequest request, Exchange exchange, CancellationToken cancellationToken)
    {
        var started = Options.TimeProvider.GetTimestamp();
        var measured = MeasuredRequest.Answering(request, Options.TimeProvider);
        try
        {
            var answer = messages is null
                ? await EraOf(request.Method, request.Meta, exchange).ServeAsync(request, exchange, cancellationToken).ConfigureAwait(false)
                : await PassAsync(request, exchange, cancellationToken).ConfigureAwait(false);
            measured?.Answered(answer.Result, FactsOf(exchange));
            logger.LogDebug("'{Method}' ({Id}) was answered after {Elapsed} ms.", request.Method, request.Id, ElapsedSince(started));
            return answer;
        }
        catch (Exception fault)
        {
            measured?.Failed(fault, FactsOf(exchange));
            logger.LogDebug("'{Method}' ({Id}) failed after {Elapsed} ms: {Reason}", request.Method, request.Id, ElapsedSince(started), fault.Message);
            throw;
        }
    }

    private double ElapsedSince(long started) => Options.TimeProvider.GetElapsedTime(started).TotalMilliseconds;

    /// <summary>What telemetry says of the conversation that a message is part of.</summary>
    internal static PeerFacts FactsOf(Exchange exchange) => new()
    {
        IsHttp = exchange.IsOverHttp,
        Client = exchange.Http?.RemoteAddress,
        ProtocolVersion = exchange.Revision?.Version,
        SessionId = exchange.Revision?.Era == Era.Legacy ? exchange.Http?.Header(McpHeaders.SessionId) : null,
    };

    /// <summary>Serves a request that has passed the middleware.</summary>
    private async ValueTask<JsonRpcResultResponse> PassAsync(JsonRpcRequest request, Exchange exchange, CancellationToken cancellationToken)
    {
        JsonRpcResultResponse? answer = null;
        await messages!.ReceiveAsync(request, ServeAsync, cancellationToken).ConfigureAwait(false);
        return answer!;

        async ValueTask ServeAsync(JsonRpcMessage message, CancellationToken stopped)
        {
            var passed = (JsonRpcRequest)message;
            answer = await EraOf(passed.Method, passed.Meta, exchange).ServeAsync(passed, exchange, stopped).ConfigureAwait(false);
        }
    }

    /// <summary>Takes a notification or a response that has passed the middleware.</summary>
    private async ValueTask PassAsync(JsonRpcMessage message, Exchange exchange)
    {
        var taken = false;
        try
        {
            await messages!.ReceiveAsync(message, TakeAsync, CancellationToken.None).ConfigureAwait(false);
        }
        catch (Exception fault) when (fault is not RefusedRequestException)
        {
            logger.LogError(fault, "A middleware failed on {Message}", message);

            // Whoever asked waits here, and learns what became of the answer.
            if (!taken && message is not JsonRpcNotification)
                await ReceiveAsync(MessagePipeline.InPlaceOf(message, fault), exchange).ConfigureAwait(false);
        }

        ValueTask TakeAsync(JsonRpcMessage passed, CancellationToken stopped)
        {
            taken = true;
            return ReceiveAsync(passed, exchange);
        }
    }
}
