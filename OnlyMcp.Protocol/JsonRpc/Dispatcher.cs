using System.Collections.Frozen;
using System.Diagnostics.CodeAnalysis;
using OnlyMcp.Protocol.Middleware;
using OnlyMcp.Protocol.Schema;

namespace OnlyMcp.Protocol.JsonRpc;

/// <summary>Answers one method: takes the request and what is known about it, returns the result.</summary>
public delegate ValueTask<Result> RequestHandler<in TContext>(JsonRpcRequest request, TContext context, CancellationToken cancellationToken);

/// <summary>From a method's name to the handler that answers it: the table of contents of a server or a client.</summary>
/// <param name="handlers">The handlers that never change.</param>
/// <param name="middleware">Stands around each of them, and of the others.</param>
/// <param name="others">Methods that are not the protocol's; may grow.</param>
public sealed class Dispatcher<TContext>(
    IEnumerable<KeyValuePair<string, RequestHandler<TContext>>> handlers,
    IReadOnlyList<HandlerMiddleware<TContext>>? middleware = null,
    CustomMethods<TContext>? others = null)
{
    private readonly IReadOnlyList<HandlerMiddleware<TContext>> middleware = middleware ?? [];

    // MUST: method names are compared letter by letter.
    private readonly FrozenDictionary<string, RequestHandler<TContext>> handlers = Table(handlers, middleware ?? []);

    private static FrozenDictionary<string, RequestHandler<TContext>> Table(
        IEnumerable<KeyValuePair<string, RequestHandler<TContext>>> handlers, IReadOnlyList<HandlerMiddleware<TContext>> middleware)
    {
        var table = new Dictionary<string, RequestHandler<TContext>>(StringComparer.Ordinal);
        foreach (var (method, handler) in handlers)
            table.Add(method, middleware.Around(handler));
        return table.ToFrozenDictionary(StringComparer.Ordinal);
    }

    /// <summary>Finds the handler of a method; false if nobody answers it here.</summary>
    public bool TryFind(string method, [NotNullWhen(true)] out RequestHandler<TContext>? handler)
    {
        if (handlers.TryGetValue(method, out handler))
            return true;

        handler = others?.Find(method) is { } custom ? middleware.Around(custom) : null;
        return handler is not null;
    }

    /// <summary>Hands the request to the handler of its method.</summary>
    /// <exception cref="MethodNotFoundException">Nobody answers this method here.</exception>
    public ValueTask<Result> DispatchAsync(JsonRpcRequest request, TContext context, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(request);
        return TryFind(request.Method, out var handler)
            ? handler(request, context, cancellationToken)
            : throw new MethodNotFoundException(request.Method);
    }
}

/// <summary>Nobody answers the method here.</summary>
public sealed class MethodNotFoundException(string method)
    : JsonRpcException(ErrorCode.MethodNotFound, $"The method '{method}' is not available here.")
{
    /// <summary>The method that was asked for.</summary>
    public string Method { get; } = method;
}
