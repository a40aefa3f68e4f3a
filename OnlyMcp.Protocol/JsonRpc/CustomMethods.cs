using System.Collections.Concurrent;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using OnlyMcp.Protocol.Schema;

namespace OnlyMcp.Protocol.JsonRpc;

/// <summary>Methods that the protocol does not have, by name, and who answers them: for extensions and for oneself.</summary>
/// <remarks>Spec: 2026-07-28 basic §Requests</remarks>
public sealed class CustomMethods<TContext>
{
    private readonly ConcurrentDictionary<string, RequestHandler<TContext>> handlers = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<Type, JsonTypeInfo> results = new();

    /// <summary>How many there are.</summary>
    public int Count => handlers.Count;

    /// <summary>Adds a method.</summary>
    /// <param name="method">Its name, such as <c>com.example/hats/list</c>; no name of the protocol's own.</param>
    /// <param name="handler">Answers it; what it throws becomes an error response.</param>
    /// <param name="paramsType">Reads the parameters; what does not fit is refused with <c>-32602</c> before the handler sees it.</param>
    /// <param name="resultType">Writes the result.</param>
    /// <exception cref="ArgumentException">The name is the protocol's, or is taken.</exception>
    public void Add<TParams, TResult>(
        string method,
        Func<TParams, TContext, CancellationToken, ValueTask<TResult>> handler,
        JsonTypeInfo<TParams> paramsType,
        JsonTypeInfo<TResult> resultType)
        where TParams : class
        where TResult : Result
    {
        ArgumentNullException.ThrowIfNull(handler);
        ArgumentNullException.ThrowIfNull(paramsType);
        Add(
            method,
            async (request, context, cancellationToken) =>
                await handler(Read(request, paramsType), context, cancellationToken).ConfigureAwait(false),
            resultType);
    }

    /// <summary>Adds a method whose handler reads the parameters itself.</summary>
    /// <param name="method">Its name, such as <c>com.example/hats/list</c>; no name of the protocol's own.</param>
    /// <param name="handler">Answers it; what it throws becomes an error response.</param>
    /// <param name="resultTypes">Write the types of results that are not the protocol's own.</param>
    /// <exception cref="ArgumentException">The name is the protocol's, or is taken.</exception>
    public void Add(string method, RequestHandler<TContext> handler, params ReadOnlySpan<JsonTypeInfo> resultTypes)
    {
        ArgumentNullException.ThrowIfNull(handler);
        Methods.RequireCustom(method);
        foreach (var type in resultTypes)
            AddResult(type);
        if (!handlers.TryAdd(method, handler))
            throw new ArgumentException($"The method '{method}' has been added before.", nameof(method));
    }

    /// <summary>Makes a type of results known that is not the protocol's own, for any method: a tool may end in one too.</summary>
    public void AddResult(JsonTypeInfo type)
    {
        ArgumentNullException.ThrowIfNull(type);
        if (!type.Type.IsAssignableTo(typeof(Result)))
            throw new ArgumentException($"{type.Type} is no result: derive it from {typeof(Result)}.", nameof(type));
        results[type.Type] = type;
    }

    /// <summary>How a result is written.</summary>
    /// <exception cref="InvalidOperationException">Nobody has said.</exception>
    public JsonTypeInfo TypeInfoOf(Result result)
    {
        ArgumentNullException.ThrowIfNull(result);
        return McpJson.Wire.GetTypeInfo(result.GetType()) ?? results.GetValueOrDefault(result.GetType()) ?? throw new InvalidOperationException(
            $"Nobody has said how a {result.GetType()} is written: give its JsonTypeInfo together with the method's handler.");
    }

    /// <summary>
    /// A result as it goes out. One that is not the protocol's is written at once and looked over, since a converter of a user's may write
    /// what is no JSON: the other side would refuse the whole message, and its request would never be answered.
    /// </summary>
    /// <exception cref="InvalidOperationException">Nobody has said how it is written.</exception>
    /// <exception cref="JsonException">A converter wrote what is no JSON.</exception>
    public JsonBody BodyOf(Result result)
    {
        ArgumentNullException.ThrowIfNull(result);
        return McpJson.Wire.GetTypeInfo(result.GetType()) is { } known
            ? JsonBody.Of(result, known)
            : JsonBody.Written(result, TypeInfoOf(result));
    }

    /// <summary>Who answers a method; null for nobody.</summary>
    public RequestHandler<TContext>? Find(string method) => handlers.GetValueOrDefault(method);

    private static TParams Read<TParams>(JsonRpcRequest request, JsonTypeInfo<TParams> type)
        where TParams : class
    {
        try
        {
            return request.Params.Read(type);
        }
        catch (JsonException fault)
        {
            throw new JsonRpcException(ErrorCode.InvalidParams, $"The params of '{request.Method}' do not fit: {fault.Message}", fault);
        }
    }
}
