using OnlyMcp.Protocol.JsonRpc;
using OnlyMcp.Protocol.Schema;
using OnlyMcp.Protocol.Transport;

namespace OnlyMcp.Client.Legacy;

/// <summary>Answers what a server asks: whether the client is there. Everything else is refused until the client can do it.</summary>
/// <remarks>
/// Spec: 2025-11-25 basic/utilities/ping §Behavior Requirements
/// Spec: 2025-11-25 basic/lifecycle §Capability Negotiation
/// </remarks>
internal sealed class ServerRequests(ClientConversation conversation)
{
    private readonly Dispatcher<ClientConversation> dispatcher = new(
    [
        new(Methods.Ping, (_, _, _) => new ValueTask<Result>(new EmptyResult())),
    ]);

    private InFlightRequests InFlight => conversation.Inbox.Conversation.InFlight;

    /// <summary>Starts answering a request; does not hold up the one who reads.</summary>
    public void Receive(JsonRpcRequest request)
    {
        if (InFlight.Count >= conversation.Options.Limits.MaxServerRequests)
        {
            conversation.Inbox.Report(new ProtocolFaultException(
                $"The server has {InFlight.Count} requests under way, which is the limit; '{request.Method}' is not answered.",
                JsonRpcWriter.ToBytes(request)));
            return;
        }

        _ = AnswerAsync(request);
    }

    private async Task AnswerAsync(JsonRpcRequest request)
    {
        JsonRpcMessage answer;
        InFlightRequest? entry = null;
        try
        {
            entry = InFlight.Add(request, CancellationToken.None);
            var result = await dispatcher.DispatchAsync(request, conversation, entry.CancellationToken).ConfigureAwait(false);
            answer = new JsonRpcResultResponse(request.Id, JsonBody.Of(result, McpJson.Wire.Options.GetTypeInfo(result.GetType())));
        }
        catch (JsonRpcException refusal)
        {
            answer = new JsonRpcErrorResponse(request.Id, refusal.Error);
        }
        catch (Exception)
        {
            answer = new JsonRpcErrorResponse(request.Id, new JsonRpcError(ErrorCode.InternalError, "Internal error."));
        }

        // SHOULD NOT: a request that was cancelled is not answered. The entry stays until the answer has left, so that the limit holds.
        if (entry?.IsCancelled != true)
            await conversation.TryTellAsync(answer).ConfigureAwait(false);
        entry?.Dispose();
    }
}
