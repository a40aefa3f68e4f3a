using System.Text.Json;
using OnlyMcp.Client.Inputs;
using OnlyMcp.Protocol.JsonRpc;
using OnlyMcp.Protocol.Middleware;
using OnlyMcp.Protocol.Schema;
using OnlyMcp.Protocol.Transport;

namespace OnlyMcp.Client.Legacy;

/// <summary>Answers what a server asks: whether the client is there, its user, its language model, its folders.</summary>
/// <remarks>
/// Spec: 2025-11-25 basic/utilities/ping §Behavior Requirements
/// Spec: 2025-11-25 basic/lifecycle §Capability Negotiation
/// Spec: 2025-11-25 client/elicitation §Elicitation Requests
/// </remarks>
internal sealed class ServerRequests(ClientConversation conversation, LegacyEra era)
{
    private static readonly Dispatcher<ServerRequests> Dispatcher = new(
    [
        new(Methods.Ping, (_, _, _) => new ValueTask<Result>(new EmptyResult())),
        new(Methods.ElicitationCreate, AskAsync),
        new(Methods.SamplingCreateMessage, AskAsync),
        new(Methods.RootsList, AskAsync),
    ]);

    private int refusals;

    private InFlightRequests InFlight => conversation.Inbox.Conversation.InFlight;

    /// <summary>Starts answering a request; does not hold up the one who reads.</summary>
    public void Receive(JsonRpcRequest request)
    {
        var limit = conversation.Options.Limits.MaxServerRequests;
        if (InFlight.Count < limit)
        {
            _ = AnswerAsync(request);
            return;
        }

        var refuses = Volatile.Read(ref refusals) < limit;
        conversation.Inbox.Report(new ProtocolFaultException(
            $"The server has {limit} requests under way, which is the limit; '{request.Method}' is {(refuses ? "refused" : "not answered")}.",
            JsonRpcWriter.ToBytes(request)));
        if (refuses)
            _ = RefuseAsync(request, limit);
    }

    /// <summary>Says why at once, so that the server need not wait; one that does not take even that is told so often and no more.</summary>
    private async Task RefuseAsync(JsonRpcRequest request, int limit)
    {
        Interlocked.Increment(ref refusals);
        var error = new JsonRpcError(
            ErrorCode.InternalError, $"{limit} requests are being answered here, which is the limit: ask again when some have been.");
        await conversation.TryTellAsync(new JsonRpcErrorResponse(request.Id, error)).ConfigureAwait(false);
        Interlocked.Decrement(ref refusals);
    }

    private async Task AnswerAsync(JsonRpcRequest request)
    {
        JsonRpcMessage answer;
        InFlightRequest? entry = null;
        var measured = MeasuredRequest.Answering(request, conversation.Options.TimeProvider);
        try
        {
            entry = InFlight.Add(request, CancellationToken.None);
            var result = await DispatchAsync(request, entry.CancellationToken).ConfigureAwait(false);
            var answered = new JsonRpcResultResponse(request.Id, JsonBody.Of(result, conversation.Options.Methods.TypeInfoOf(result)));
            measured?.Answered(answered.Result, conversation.Facts);
            answer = answered;
        }
        catch (JsonRpcException refusal)
        {
            measured?.Failed(refusal, conversation.Facts);
            answer = new JsonRpcErrorResponse(request.Id, refusal.Error);
        }
        catch (Exception fault)
        {
            measured?.Failed(fault, conversation.Facts);
            if (entry?.IsCancelled != true)
                conversation.Inbox.LogInput(request.Method, fault);
            answer = new JsonRpcErrorResponse(request.Id, new JsonRpcError(ErrorCode.InternalError, "Internal error."));
        }

        // SHOULD NOT: a request that was cancelled is not answered. The entry stays until the answer has left, so that the limit holds.
        if (entry?.IsCancelled != true)
            await conversation.TryTellAsync(answer).ConfigureAwait(false);
        entry?.Dispose();
    }

    private ValueTask<Result> DispatchAsync(JsonRpcRequest request, CancellationToken cancellationToken)
    {
        // SHOULD NOT: before the handshake is over a server pings, and asks nothing else.
        if (conversation.Inbox.Revision is null && request.Method != Methods.Ping)
            throw new JsonRpcException(ErrorCode.InvalidRequest, "Nothing but 'ping' is asked before 'initialize' has been answered.");

        return DispatchKnownAsync(request, cancellationToken);
    }

    private ValueTask<Result> DispatchKnownAsync(JsonRpcRequest request, CancellationToken cancellationToken) =>
        conversation.Options.Methods.Find(request.Method) is { } custom
            ? OffTheReader((context, stop) => conversation.Options.HandlerMiddleware.Around(custom)(request, context, stop))(era.Context, cancellationToken)
            : Dispatcher.DispatchAsync(request, this, cancellationToken);

    private static ValueTask<Result> AskAsync(JsonRpcRequest request, ServerRequests own, CancellationToken cancellationToken) =>
        own.AskAsync(request, cancellationToken);

    private async ValueTask<Result> AskAsync(JsonRpcRequest request, CancellationToken cancellationToken)
    {
        JsonElement? parameters = request.Params.IsAbsent ? null : request.Params.ToElement();
        var handler = OffTheReader(conversation.Inputs.Find(request.Method, parameters, era.Revision, request.Id));
        var taskId = RelatedTask.In(request.Params);
        var context = era.Context with { TaskId = taskId };

        // Choice: the time that a user takes does not count against the call that asks, which cannot be answered meanwhile.
        using var held = conversation.Inbox.Conversation.Pending.Hold();
        var answer = PageIn(parameters) is { } page
            ? await VisitAsync(page, handler, context, cancellationToken).ConfigureAwait(false)
            : await handler(context, cancellationToken).ConfigureAwait(false);
        return taskId is null ? answer : RelatedTask.Mark(answer, taskId);
    }

    /// <summary>A handler that blocks, on the console for instance, must not keep everything else from being read.</summary>
    private static InputHandler OffTheReader(InputHandler handler) => async (context, cancellationToken) =>
    {
        await Task.CompletedTask.ConfigureAwait(ConfigureAwaitOptions.ForceYielding);
        return await handler(context, cancellationToken).ConfigureAwait(false);
    };

    /// <summary>A page is open from before the question, since a user may be quick, until the server says that the user is done.</summary>
    private async ValueTask<Result> VisitAsync(string page, InputHandler handler, InputContext context, CancellationToken cancellationToken)
    {
        _ = conversation.Inputs.Pages.Open(page);
        Result? answer = null;
        try
        {
            return answer = await handler(context, cancellationToken).ConfigureAwait(false);
        }
        finally
        {
            if (answer is not ElicitResult { Action: ElicitAction.Accept })
                conversation.Inputs.Pages.Forget(page);
        }
    }

    /// <summary>The id of the web page that the user is asked to go to, if that is what is asked.</summary>
    private static string? PageIn(JsonElement? parameters) =>
        parameters is { ValueKind: JsonValueKind.Object } asked
        && asked.TryGetProperty("elicitationId", out var id) && id.ValueKind == JsonValueKind.String
            ? id.GetString()
            : null;
}
