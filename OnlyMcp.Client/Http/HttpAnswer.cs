using System.Runtime.CompilerServices;
using OnlyMcp.Protocol.JsonRpc;
using OnlyMcp.Protocol.Transport;

namespace OnlyMcp.Client.Http;

/// <summary>
/// The HTTP response to one request: finds the answer in it, hands over what comes before that, and says what is wrong if it is missing.
/// </summary>
/// <remarks>Spec: 2026-07-28 basic/transports/streamable-http §Receiving Messages</remarks>
internal sealed class HttpAnswer(
    HttpResponseMessage response, JsonRpcRequest request, IMessageReceiver receiver, ClientLimits limits, IStreamResumption? resumption = null)
{
    private byte[] last = [];

    private string Question => $"'{request.Method}'";

    /// <summary>Reads until the request's response has come, and returns it.</summary>
    /// <exception cref="HttpStatusException">The status is an error and the body is none of the protocol's.</exception>
    /// <exception cref="ProtocolFaultException">The body is not what the protocol allows, or holds no answer.</exception>
    /// <exception cref="TransportClosedException">The connection broke.</exception>
    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    public async ValueTask<JsonRpcMessage> ReadAsync(CancellationToken cancellationToken)
    {
        try
        {
            return response.IsSuccessStatusCode
                ? await ReadSuccessAsync(cancellationToken).ConfigureAwait(false)
                : await ReadErrorAsync(cancellationToken).ConfigureAwait(false);
        }
        catch (Exception fault) when (fault is IOException and not TransportClosedException or HttpRequestException)
        {
            throw new TransportClosedException($"The connection broke while the answer to {Question} was read: {fault.Message}", fault);
        }
    }

    /// <summary>The exception that a refused message deserves.</summary>
    public static async Task<HttpStatusException> RefusalAsync(
        string what, HttpResponseMessage response, CancellationToken cancellationToken)
    {
        var body = await BoundedBody.ReadBeginningAsync(response, cancellationToken).ConfigureAwait(false);
        return Refusal(what, response, body);
    }

    /// <summary>Nearly always the header says this and nothing more: then it need not be parsed.</summary>
    private string? MediaType =>
        response.Content.Headers.NonValidated.TryGetValues("Content-Type", out var written) && written.ToString() == "application/json"
            ? "application/json"
            : response.Content.Headers.ContentType?.MediaType;

    private ValueTask<JsonRpcMessage> ReadSuccessAsync(CancellationToken cancellationToken) => MediaType switch
    {
        "text/event-stream" => ReadEventsAsync(cancellationToken),
        "application/json" => ReadJsonAsync(cancellationToken),
        var type => RefuseTypeAsync(type, cancellationToken),
    };

    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    private async ValueTask<JsonRpcMessage> ReadJsonAsync(CancellationToken cancellationToken) =>
        Take(await BoundedBody.ReadAsync(response, limits.MaxMessageBytes, cancellationToken).ConfigureAwait(false)) ?? throw NoAnswer("The body");

    private async ValueTask<JsonRpcMessage> ReadEventsAsync(CancellationToken cancellationToken)
    {
        using var events = new AnswerEvents(response, resumption, limits);
        while (await events.ReadAsync(cancellationToken).ConfigureAwait(false) is { } received)
        {
            // An event without data only sets the id; events of other names are none of the protocol's.
            // The response ends the stream, whether or not the server closes it.
            if (received.Type == "message" && !received.Data.IsEmpty && Take(received.Data.ToArray()) is { } answer)
                return answer;
        }

        throw NoAnswer("The event stream", isCutShort: true);
    }

    private async ValueTask<JsonRpcMessage> ReadErrorAsync(CancellationToken cancellationToken)
    {
        var body = await BoundedBody.ReadBeginningAsync(response, cancellationToken).ConfigureAwait(false);
        var status = (int)response.StatusCode;

        // 401 and 403 ask for credentials, which their header describes, whatever the body says.
        if (status is 401 or 403 || ErrorIn(body) is not { } error)
            throw Refusal(Question, response, body);

        // The body of a refused POST is about that POST, even where its id could not be read or was made up.
        return new JsonRpcErrorResponse(request.Id, error.Error) { HttpStatus = status, RetryAfter = RetryAfter(response) };
    }

    private static HttpStatusException Refusal(string what, HttpResponseMessage response, byte[] body) =>
        new(what, response, ProtocolFaultException.Excerpt(body, 200)) { Error = ErrorIn(body)?.Error, RetryAfter = RetryAfter(response) };

    /// <summary>A point in time is left aside: whose clock it is by, nobody knows.</summary>
    private static TimeSpan? RetryAfter(HttpResponseMessage response) => response.Headers.RetryAfter?.Delta;

    private async ValueTask<JsonRpcMessage> RefuseTypeAsync(string? type, CancellationToken cancellationToken)
    {
        var body = await BoundedBody.ReadBeginningAsync(response, cancellationToken).ConfigureAwait(false);
        var what = body.Length == 0 ? "an empty body" : $"a body of type '{type ?? "none"}'";
        throw new ProtocolFaultException(
            $"{Question} was answered with HTTP {(int)response.StatusCode} and {what}; expected application/json or text/event-stream."
            + (body.Length > 0 ? $" It begins: {ProtocolFaultException.Excerpt(body, 200)}" : ""), body);
    }

    /// <summary>Returns the answer if these are its bytes, and hands over whatever else they are.</summary>
    private JsonRpcMessage? Take(byte[] utf8)
    {
        last = utf8;
        try
        {
            var message = JsonRpcReader.Parse(utf8, limits.MaxDepth);
            if (AnswerIn(message) is { } answer)
                return answer;

            receiver.Receive(message, request.Id);
        }
        catch (MalformedMessageException fault)
        {
            receiver.ReceiveMalformed(fault, utf8);
        }

        return null;
    }

    private JsonRpcMessage? AnswerIn(JsonRpcMessage message) => message switch
    {
        JsonRpcResultResponse result when result.Id == request.Id => result,

        // An error without an id, on the stream of one request, can be about nothing else.
        JsonRpcErrorResponse { Id: null } bare => new JsonRpcErrorResponse(request.Id, bare.Error),
        JsonRpcErrorResponse error when error.Id == request.Id => error,
        _ => null,
    };

    private ProtocolFaultException NoAnswer(string where, bool isCutShort = false) => new(
        $"{where} ended without the response to {Question} (id {request.Id})."
        + (last.Length > 0 ? $" Last came: {ProtocolFaultException.Excerpt(last, 200)}" : ""), last)
    {
        IsCutShort = isCutShort,
    };

    private static JsonRpcErrorResponse? ErrorIn(byte[] body)
    {
        try
        {
            return JsonRpcReader.Parse(body) as JsonRpcErrorResponse;
        }
        catch (MalformedMessageException)
        {
            return null;
        }
    }
}
