using OnlyMcp.Protocol.JsonRpc;
using OnlyMcp.Protocol.Transport;

namespace OnlyMcp.Server.Http;

/// <summary>
/// The answer to one POST: a single JSON object if the response is all there is to say, an event stream from the first notification
/// on, or when a request whose client may leave at any time has been silent for a while.
/// </summary>
/// <remarks>Spec: 2026-07-28 basic/transports/streamable-http §Receiving Messages</remarks>
internal sealed class HttpResponseStream : IResponseStream, IAsyncDisposable
{
    private readonly HttpExchange http;
    private readonly AcceptHeader accept;
    private readonly McpHttpHandler handler;
    /// <summary>Is locked, too, where two want to change the answer: nobody else has it, and a lock of its own would be one more object for each request.</summary>
    private readonly CancellationTokenSource cancellation;
    private HttpEventStream? events;
    private ResumableStream? resumable;
    private CancellationTokenRegistration ending;
    private bool isJson;
    private bool isAnswered;
    private bool ended;

    public HttpResponseStream(HttpExchange http, AcceptHeader accept, McpHttpHandler handler, CancellationToken cancellationToken)
    {
        this.http = http;
        this.accept = accept;
        this.handler = handler;
        Exchange = new Exchange(this) { Http = http, Principal = http.Caller, Closing = handler.Stopping, Answer = this };
        cancellation = cancellationToken.CanBeCanceled ? CancellationTokenSource.CreateLinkedTokenSource(cancellationToken) : new();
        handler.Answers.Add(this);
    }

    /// <summary>What the server is told about the message.</summary>
    public Exchange Exchange { get; }

    /// <summary>Is cancelled when the server ends, and when the client left and that means that it wants no answer.</summary>
    public CancellationToken Cancellation => cancellation.Token;

    /// <summary>Whether anything has been sent or decided.</summary>
    public bool HasBegun => isJson || events is not null;

    /// <summary>Whether the client takes an event stream for an answer.</summary>
    public bool TakesEvents => accept.Events;

    /// <summary>Whether the client is gone from the event stream that is its answer, as far as is known, and has not come back.</summary>
    public bool IsLost => resumable is { } stream ? !stream.IsConnected : events is { Finished.IsCompleted: true };

    /// <summary>Where messages go as events: the connection itself, or what outlives it.</summary>
    private IResponseStream? Events => resumable is not null ? resumable : events;

    /// <summary>Its place among the silent answers.</summary>
    internal OpenAnswers.Place Place;

    private bool ClientMayLeave => Exchange.Revision?.DisconnectCancels == true;

    /// <inheritdoc/>
    public async ValueTask SendAsync(JsonRpcMessage message, CancellationToken cancellationToken)
    {
        var isResponse = message is JsonRpcResultResponse or JsonRpcErrorResponse;
        isAnswered |= isResponse;
        var stream = Choose(message, isResponse);
        try
        {
            if (stream is not null)
                await stream.SendAsync(message, cancellationToken).ConfigureAwait(false);
            else if (message is JsonRpcRequest)
                throw CannotAsk();
            else if (isResponse)
                await HttpReply.SendAsync(http, message, StatusOf(message), handler.Server.Options).ConfigureAwait(false);
        }
        catch (TransportClosedException)
        {
            Leave();
            if (ClientMayLeave || message is JsonRpcRequest)
                throw;

            // MUST NOT: until then a client that left has not cancelled its request; the handler goes on, and learns of it only where it
            // asks what nobody is there to answer.
        }
    }

    /// <summary>Sends the responses to several requests: as one array, or one by one if the answer is an event stream by now.</summary>
    public async ValueTask SendAsync(IReadOnlyList<JsonRpcMessage> responses)
    {
        if (Choose(responses[0], isResponse: true) is not { } stream)
        {
            using var body = new PooledBuffer();
            Batch.Write(body, responses);
            await HttpReply.SendAsync(http, body, 200, handler.Server.Options).ConfigureAwait(false);
            return;
        }

        foreach (var response in responses)
            await stream.SendAsync(response, CancellationToken.None).ConfigureAwait(false);
        await EndEventsAsync().ConfigureAwait(false);
    }

    /// <summary>
    /// Closes the connection of an event stream that the client can resume, and not the stream; the answer becomes one for that if it
    /// is nothing yet. Does nothing where the client could not come back.
    /// </summary>
    public async ValueTask CloseConnectionAsync(TimeSpan? retry)
    {
        lock (cancellation)
        {
            if (Exchange.Streams is not { Primes: true } || !accept.Events || ended || isJson)
                return;
            if (events is null)
                Open();
        }

        if (resumable is not null)
            await resumable.CloseConnectionAsync(retry).ConfigureAwait(false);
    }

    /// <summary>Ends the answer, with what the messages have left unsaid.</summary>
    public async ValueTask EndAsync(JsonRpcMessage asked)
    {
        if (asked is JsonRpcRequest request && !isAnswered && handler.Ending.IsCancellationRequested)
            await SendAsync(ServerIsStopping(request), CancellationToken.None).ConfigureAwait(false);
        else if (asked is not JsonRpcRequest)
            await AcceptAsync().ConfigureAwait(false);
        else if (!isAnswered)
            await EndUnansweredAsync().ConfigureAwait(false);

        await EndEventsAsync().ConfigureAwait(false);
    }

    /// <summary>Answers what needs no answer.</summary>
    public ValueTask AcceptAsync()
    {
        // MUST: 202 without a body for a notification or response that was accepted.
        isJson = true;
        return HttpReply.SendEmptyAsync(http, 202);
    }

    /// <summary>Cancels what makes the answer, unless it is done.</summary>
    public void Cancel()
    {
        lock (cancellation)
        {
            if (!ended)
                _ = cancellation.CancelAsync();
        }
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        lock (cancellation)
            ended = true;
        handler.Answers.Remove(this);
        await ending.DisposeAsync().ConfigureAwait(false);
        await EndEventsAsync().ConfigureAwait(false);
        cancellation.Dispose();
    }

    private async ValueTask EndEventsAsync()
    {
        if (resumable is not null)
            await resumable.EndAsync().ConfigureAwait(false);
        if (events is not null)
            await events.DisposeAsync().ConfigureAwait(false);
    }

    /// <summary>MUST NOT: a cancelled request gets no response. Its POST must end somehow: with an event stream that holds none.</summary>
    private async ValueTask EndUnansweredAsync()
    {
        lock (cancellation)
        {
            // There is nothing to come back for.
            events ??= Begin();
        }

        if (!events.Finished.IsCompleted)
            await events.SendCommentAsync().ConfigureAwait(false);
    }

    private static JsonRpcErrorResponse ServerIsStopping(JsonRpcRequest request) =>
        new(request.Id, new JsonRpcError(ErrorCode.InternalError, "The server is stopping.")) { HttpStatus = 503 };

    private static int StatusOf(JsonRpcMessage message) => message is JsonRpcErrorResponse error ? error.HttpStatus : 200;

    private static JsonRpcException CannotAsk() => new(
        ErrorCode.InternalError, "The client takes no event stream for an answer (Accept), so that it cannot be asked anything meanwhile.");

    /// <summary>The event stream for this message; null for JSON, or for nothing at all.</summary>
    private IResponseStream? Choose(JsonRpcMessage message, bool isResponse)
    {
        lock (cancellation)
        {
            if (events is not null || isJson)
                return Events;

            // A status other than 200 can only be told before the first byte, with a body that is JSON.
            if (isResponse && (accept.Json || StatusOf(message) != 200))
                isJson = true;
            else if (accept.Events)
                return Open();

            // Choice: a client that takes no events gets its response, and no notifications: there is no place to put them.
            return null;
        }
    }

    /// <summary>Begins the event stream where nothing has been said yet and the client may leave or come back.</summary>
    internal void BreakSilence()
    {
        lock (cancellation)
        {
            // Before the revision is known, there is nothing to decide: it rings again.
            if (ended || HasBegun || !accept.Events || !(ClientMayLeave || Exchange.Streams is { Primes: true }))
                return;

            try
            {
                Open();
            }
            catch (Exception)
            {
                // A timer has no caller to tell. Where no stream can be begun any more, nobody waits for the answer either.
                _ = cancellation.CancelAsync();
                return;
            }
        }

        _ = SendFirstAsync();

        async Task SendFirstAsync()
        {
            var first = resumable is not null ? resumable.PrimeAsync().AsTask() : events!.SendCommentAsync().AsTask();
            await first.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private IResponseStream Open()
    {
        events = Begin();
        resumable = Exchange.Streams?.Begin(events);
        return Events!;
    }

    private HttpEventStream Begin()
    {
        // A stream may stay open for long: it is silent no more, and needs to be told itself when the server ends.
        handler.Answers.Remove(this);
        ending = handler.Ending.UnsafeRegister(answer => ((HttpResponseStream)answer!).Cancel(), this);
        var begun = new HttpEventStream(http, handler.Server.Options, handler.Options);
        begun.Gone.UnsafeRegister(stream => ((HttpResponseStream)stream!).Leave(), this);
        return begun;
    }

    private void Leave()
    {
        // MUST: since the stateless revision, a client that closes its response stream has cancelled the request.
        if (ClientMayLeave)
            Cancel();
    }
}
