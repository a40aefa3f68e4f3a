using System.Text.Json.Serialization.Metadata;
using OnlyMcp.Protocol.JsonRpc;
using OnlyMcp.Protocol.Schema;

namespace OnlyMcp.Server;

// Spec: 2026-07-28 basic §Requests
public sealed partial class McpServer
{
    /// <summary>Methods of extensions and of the server's own, and how results are written that the protocol does not have.</summary>
    public CustomMethods<RequestContext> CustomMethods { get; } = new();

    /// <summary>Answers a request that the protocol does not have, in every revision; may be added while the server runs.</summary>
    /// <param name="method">Its name, such as <c>com.example/hats/list</c>; no name of the protocol's own.</param>
    /// <param name="handler">Answers it; what it throws becomes an error response.</param>
    /// <param name="paramsType">Reads the parameters; what does not fit is refused with <c>-32602</c> before the handler sees it.</param>
    /// <param name="resultType">Writes the result.</param>
    /// <exception cref="ArgumentException">The name is the protocol's, or is taken.</exception>
    public void AddMethod<TParams, TResult>(
        string method,
        Func<TParams, RequestContext, CancellationToken, ValueTask<TResult>> handler,
        JsonTypeInfo<TParams> paramsType,
        JsonTypeInfo<TResult> resultType)
        where TParams : class
        where TResult : Result => CustomMethods.Add(method, handler, paramsType, resultType);

    /// <summary>The same for a handler that reads the parameters itself.</summary>
    /// <param name="method">Its name, such as <c>com.example/hats/list</c>; no name of the protocol's own.</param>
    /// <param name="handler">Answers it; what it throws becomes an error response.</param>
    /// <param name="resultTypes">Write the types of results that are not the protocol's own.</param>
    /// <exception cref="ArgumentException">The name is the protocol's, or is taken.</exception>
    public void AddMethod(string method, RequestHandler<RequestContext> handler, params ReadOnlySpan<JsonTypeInfo> resultTypes) =>
        CustomMethods.Add(method, handler, resultTypes);
}
