using System.Globalization;
using OnlyMcp.Protocol.JsonRpc;
using OnlyMcp.Protocol.Transport;
using OnlyMcp.Server.Authorization;
using OnlyMcp.Server.Eras;

namespace OnlyMcp.Server.Http;

/// <summary>Answers that are one piece: a message as JSON, an error as JSON, or nothing.</summary>
/// <remarks>Spec: 2026-07-28 basic/transports/streamable-http §Sending Messages</remarks>
internal static class HttpReply
{
    /// <summary>Sends one message as the whole body.</summary>
    public static async ValueTask SendAsync(HttpExchange http, JsonRpcMessage message, int status, McpServerOptions options)
    {
        using var body = new PooledBuffer();
        JsonRpcWriter.Write(body, message);
        if (message is JsonRpcErrorResponse { RetryAfter: { } wait })
            http.SetResponseHeader("Retry-After", ((long)Math.Ceiling(wait.TotalSeconds)).ToString(CultureInfo.InvariantCulture));
        else if (status is 503 or 429)
            http.SetResponseHeader("Retry-After", "1");
        if (message is JsonRpcErrorResponse { NeededScopes: { } needed } && http.Grant is { } grant)
            http.SetResponseHeader(Challenges.Header, grant.ChallengeFor(needed));
        await SendAsync(http, body, status, options).ConfigureAwait(false);
    }

    /// <summary>Sends JSON as the whole body; a client that does not take it in time is given up.</summary>
    public static ValueTask SendAsync(HttpExchange http, PooledBuffer json, int status, McpServerOptions options)
    {
        http.HasResponse = true;

        // MUST: an answer to HEAD has no body. (HttpListener would send it.)
        ReadOnlyMemory<byte> body = http.Method == "HEAD" ? default : json.Written;
        if (!body.IsEmpty)
            http.SetResponseHeader("Content-Type", "application/json");
        var sending = http.RespondAsync(status, body, CancellationToken.None);

        // What left at once, as most does, costs no timer.
        return sending.IsCompleted ? sending : EndInTimeAsync(sending, http, status, options);
    }

    private static async ValueTask EndInTimeAsync(ValueTask sending, HttpExchange http, int status, McpServerOptions options)
    {
        using var overdue = options.TimeProvider.CreateTimer(
            _ => http.Abort(status), null, options.Limits.WriteTimeout, Timeout.InfiniteTimeSpan);
        await sending.ConfigureAwait(false);
    }

    /// <summary>Sends a status without a body.</summary>
    public static ValueTask SendEmptyAsync(HttpExchange http, int status)
    {
        http.HasResponse = true;
        return http.RespondAsync(status, default, CancellationToken.None);
    }

    /// <summary>Sends a refusal, without a body where there is no error to tell, to a client that may be gone.</summary>
    public static async ValueTask TryRefuseAsync(HttpExchange http, int status, JsonRpcError? error, RequestId? id, McpServerOptions options)
    {
        try
        {
            await RefuseAsync(http, status, error, id, options).ConfigureAwait(false);
        }
        catch (TransportClosedException)
        {
            http.Abort(0); // Nobody is left to be told.
        }
    }

    /// <summary>Sends a refusal, which ends the connection where the request's body was not read.</summary>
    private static async ValueTask RefuseAsync(HttpExchange http, int status, JsonRpcError? error, RequestId? id, McpServerOptions options)
    {
        // Without this the listener would read the rest on a thread of the pool before it lets the answer go.
        if (http.HasUnreadBody)
            http.CloseAfterResponse();

        // MAY: the body of an HTTP error is an error response, without id where the message's could not be read.
        if (error is null)
            await SendEmptyAsync(http, status).ConfigureAwait(false);
        else
            await SendAsync(http, new JsonRpcErrorResponse(id, error), status, options).ConfigureAwait(false);
        if (http.HasUnreadBody && !Framing.IsAmbiguous(http))
            await RequestBody.DrainAsync(http, status, options.TimeProvider).ConfigureAwait(false);
    }
}

/// <summary>Whether a request's end is where everybody thinks it is.</summary>
internal static class Framing
{
    /// <summary>
    /// Two lengths, or a coding that the version does not have: a proxy may have read another request out of these bytes.
    /// </summary>
    public static bool IsAmbiguous(HttpExchange http) =>
        http.Header("Transfer-Encoding") is not null && (http.IsHttp10 || http.Header("Content-Length") is not null);

    /// <exception cref="RefusedRequestException">The request's end is ambiguous (400).</exception>
    public static void Check(HttpExchange http)
    {
        if (IsAmbiguous(http))
        {
            throw new RefusedRequestException(
                400, ErrorCode.InvalidRequest, "Transfer-Encoding stands beside Content-Length, or in HTTP/1.0: the request's end is unclear.");
        }
    }
}
