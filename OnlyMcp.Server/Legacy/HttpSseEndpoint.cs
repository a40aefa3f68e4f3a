using System.Collections.Concurrent;
using System.Security.Claims;
using System.Security.Cryptography;
using System.Text;
using OnlyMcp.Protocol.JsonRpc;
using OnlyMcp.Protocol.Transport;
using OnlyMcp.Server.Eras;
using OnlyMcp.Server.Http;

namespace OnlyMcp.Server.Legacy;

/// <summary>HTTP+SSE: one event stream carries everything from the server, and says where the client posts its messages.</summary>
/// <remarks>Spec: 2024-11-05 basic/transports §HTTP with SSE</remarks>
internal sealed class HttpSseEndpoint(McpHttpHandler handler) : IHttpEndpoint
{
    private static readonly byte[] Accepted = Encoding.ASCII.GetBytes("Accepted");

    private readonly ConcurrentDictionary<string, Client> clients = new();

    public bool Claims(string method, string path) =>
        (method == "GET" && path == handler.Options.SsePath) || (method == "POST" && path == handler.Options.MessagePath);

    public ValueTask HandleAsync(HttpExchange http, CancellationToken cancellationToken) =>
        http.Method == "GET" ? OpenAsync(http) : PostAsync(http, cancellationToken);

    private async ValueTask OpenAsync(HttpExchange http)
    {
        if (!AcceptHeader.Parse(http.Header("Accept")).Events)
            throw new RefusedRequestException(406, ErrorCode.InvalidRequest, "The answer is text/event-stream, which Accept excludes.");

        var id = RandomNumberGenerator.GetHexString(32, lowercase: true);
        var stream = new HttpEventStream(http, handler.Server.Options, handler.Options);
        var client = clients[id] = new Client(handler.Server.NewConversation(), stream, http.Caller);
        await using (stream.ConfigureAwait(false))
        {
            try
            {
                // MUST: the first event is the address to post to.
                await stream.SendEventAsync("endpoint", AddressOf(id)).ConfigureAwait(false);
                await UntilAsync(stream, http.Until(handler.Stopping)).ConfigureAwait(false);
                if (handler.Stopping.IsCancellationRequested)
                    await UntilAnsweredAsync(client).ConfigureAwait(false);
            }
            finally
            {
                clients.TryRemove(id, out _);
                client.Conversation.End(new TransportClosedException("The client closed its event stream."));
            }
        }
    }

    private static async Task UntilAsync(HttpEventStream stream, CancellationToken closing)
    {
        var closed = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        using var close = closing.UnsafeRegister(static closed => ((TaskCompletionSource)closed!).TrySetResult(), closed);
        await Task.WhenAny(stream.Finished, closed.Task).ConfigureAwait(false);
    }

    /// <summary>What is in flight when the server stops may still be answered, for as long as the server waits.</summary>
    private async Task UntilAnsweredAsync(Client client)
    {
        while (client.Conversation.InFlight.Count > 0 && !client.Stream.Finished.IsCompleted && !handler.Ending.IsCancellationRequested)
            await Task.Delay(20).ConfigureAwait(false);
    }

    private async ValueTask PostAsync(HttpExchange http, CancellationToken cancellationToken)
    {
        var client = ClientOf(http);
        using var body = new PooledBuffer();
        if (!await RequestBody.ReadAsync(http, body, handler.Server.Options, cancellationToken).ConfigureAwait(false))
            return;

        // Choice: an array is refused, whatever revision was agreed on: those that this transport belongs to know none.
        var exchange = new Exchange(client.Stream)
        {
            Conversation = client.Conversation,
            UnrelatedStream = handler.Server.Outgoing(client.Stream),
            Closing = handler.Stopping,
            IsOverHttp = true,
            Principal = http.Caller,
            Grant = http.Grant,
        };
        var message = handler.Server.Parse(body.Written, exchange);

        // A request's answer leaves on the event stream, and may take long. Only what opens the conversation, and what has no answer,
        // is dealt with first: the client goes on when it reads that the message was accepted.
        var waits = message is not JsonRpcRequest { Method: not Methods.Initialize };
        if (!waits)
            await AcceptAsync(http).ConfigureAwait(false);

        using var entry = await EnterAsync(message, client).ConfigureAwait(false);
        if (!waits && entry is null)
            return;

        exchange.InFlight = entry;
        await handler.Server.HandleAsync(message, exchange, entry?.CancellationToken ?? handler.Ending).ConfigureAwait(false);
        if (waits)
            await AcceptAsync(http).ConfigureAwait(false);
    }

    /// <summary>Enters a request among those in flight; where it cannot be, its sender is told on the stream.</summary>
    private async ValueTask<InFlightRequest?> EnterAsync(JsonRpcMessage message, Client client)
    {
        if (message is not JsonRpcRequest { Method: not Methods.Initialize } request)
            return null;

        try
        {
            var most = handler.Server.Options.Limits.MaxConcurrentRequestsPerConversation;
            return client.Conversation.InFlight.Count < most
                ? client.Conversation.InFlight.Add(request, handler.Ending)
                : throw new JsonRpcException(ErrorCode.InternalError, $"{most} requests are in flight, and no more may be: wait for an answer.");
        }
        catch (JsonRpcException fault)
        {
            await client.Stream.SendAsync(new JsonRpcErrorResponse(request.Id, fault.Error)).ConfigureAwait(false);
            return null;
        }
    }

    /// <exception cref="RefusedRequestException">No stream is named (400), or one that is not open or somebody else's (404).</exception>
    private Client ClientOf(HttpExchange http)
    {
        if (SessionIdIn(http.Query) is not { Length: > 0 } id)
            throw new RefusedRequestException(400, ErrorCode.InvalidRequest, $"The address lacks sessionId: it is told on the event stream at {handler.Options.SsePath}.");

        return clients.TryGetValue(id, out var client) && PrincipalItems.KeyOf(client.Principal) == PrincipalItems.KeyOf(http.Caller)
            ? client
            : throw new RefusedRequestException(404, ErrorCode.InvalidRequest, "No event stream of that sessionId is open.");
    }

    private string AddressOf(string id) =>
        $"{handler.Options.PublicBaseAddress?.AbsoluteUri.TrimEnd('/')}{handler.Options.MessagePath}?sessionId={id}";

    private static string? SessionIdIn(string query) => query.Split('&')
        .Select(pair => pair.Split('=', 2))
        .FirstOrDefault(pair => pair is ["sessionId", _])?[1];

    private static async ValueTask AcceptAsync(HttpExchange http)
    {
        http.HasResponse = true;
        http.SetResponseHeader("Content-Type", "text/plain");
        await http.RespondAsync(202, Accepted, CancellationToken.None).ConfigureAwait(false);
        http.Complete();
    }

    private sealed record Client(Conversation Conversation, HttpEventStream Stream, ClaimsPrincipal? Principal);
}
