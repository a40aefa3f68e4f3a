using OnlyMcp.Protocol.JsonRpc;
using OnlyMcp.Protocol.Schema;

namespace OnlyMcp.Protocol.Middleware;

/// <summary>
/// Stands around the handlers of requests: may answer itself, change the request or the result, refuse by throwing, or measure.
/// </summary>
/// <remarks>
/// The first in a list is the outermost. A <see cref="JsonRpcException"/> is the error response to the request, word for word; what a
/// tool threw is no exception any more but a result with <c>isError</c>.
/// </remarks>
/// <param name="request">What was asked.</param>
/// <param name="context">What is known about it.</param>
/// <param name="next">The handler, or the middleware that stands nearer to it.</param>
/// <param name="cancellationToken">Is cancelled when the answer is no longer wanted.</param>
public delegate ValueTask<Result> HandlerMiddleware<TContext>(
    JsonRpcRequest request, TContext context, RequestHandler<TContext> next, CancellationToken cancellationToken);

/// <summary>Joins middleware and the handler that it stands around.</summary>
public static class HandlerPipeline
{
    /// <summary>The handler with all middleware around it; the handler itself if there is none.</summary>
    public static RequestHandler<TContext> Around<TContext>(
        this IReadOnlyList<HandlerMiddleware<TContext>> middleware, RequestHandler<TContext> handler)
    {
        ArgumentNullException.ThrowIfNull(middleware);
        ArgumentNullException.ThrowIfNull(handler);
        foreach (var outer in middleware.Reverse())
        {
            var next = handler;
            handler = (request, context, cancellationToken) => outer(request, context, next, cancellationToken);
        }

        return handler;
    }
}
