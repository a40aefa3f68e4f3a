using Microsoft.Extensions.Logging;
using OnlyMcp.Protocol.JsonRpc;
using OnlyMcp.Protocol.Middleware;
using OnlyMcp.Protocol.Transport;
using OnlyMcp.Server.Eras;

namespace OnlyMcp.Server;

public sealed partial class McpServer
{
    /// <summary>A stream whose messages pass the middleware before they leave; the stream itself where there is none.</summary>
    internal IResponseStream Outgoing(IResponseStream stream) => messages?.Around(stream) ?? stream;

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
