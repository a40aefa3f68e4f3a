using System.Collections.Concurrent;
using System.Text.Json;
using OnlyMcp.Protocol.JsonRpc;
using OnlyMcp.Protocol.Middleware;
using OnlyMcp.Protocol.Schema;
using OnlyMcp.Protocol.Schema.Legacy;
using OnlyMcp.Protocol.Transport;
using OnlyMcp.Server.Inputs;
using OnlyMcp.Server.Legacy.Tasks;

namespace OnlyMcp.Server.Legacy;

/// <summary>
/// Asks the client of a session with requests of the server's own, which leave on the stream of the request that they belong to.
/// </summary>
/// <remarks>
/// Spec: 2025-11-25 client/elicitation §Protocol Messages
/// Spec: 2025-11-25 basic/transports §Sending Messages to the Server
/// </remarks>
/// <param name="session">The session.</param>
/// <param name="options">How long to wait for an answer, and by which clock.</param>
/// <param name="taskId">The task that asks; null for a request that asks itself.</param>
internal sealed class ServerRequests(Session session, McpServerOptions options, string? taskId = null) : IInputSource, IInputChannel
{
    private ConcurrentDictionary<string, string>? elicitationIds; // Made when it is needed: most requests ask nothing.

    private ConcurrentDictionary<string, string> ElicitationIds => LazyInitializer.EnsureInitialized(ref elicitationIds, static () => new());

    private PendingRequests Pending => session.Conversation.Pending;

    public RequestInputs Begin(RequestContext context) => new(context, options.ReplayHandlers ? null : this);

    /// <summary>Requests of a session are not sent again with answers: whatever looks like that is no part of these revisions.</summary>
    public void Resume(RequestContext context, IReadOnlyDictionary<string, JsonElement>? responses, string? requestState)
    {
    }

    public async Task<JsonElement> AskAsync(
        RequestContext context, string key, InputRequest question, Func<JsonElement, string?>? check, CancellationToken cancellationToken)
    {
        // The request's own end ends the wait too, whether or not the handler hands its token on.
        using var either = CancellationTokenSource.CreateLinkedTokenSource(
            cancellationToken, context.Exchange.InFlight?.CancellationToken ?? CancellationToken.None);
        var fitting = Downgrade.ToFit(question, session.Revision, () => IdOf(key));
        var id = Pending.NextId();
        var request = new JsonRpcRequest(id, fitting.Method, WithMetadata(fitting.Params, id));
        var measured = MeasuredRequest.Asking(request, options.TimeProvider);
        request = measured?.Traced ?? request;
        using var entry = Pending.Add(request, options.InputTimeouts, session.Conversation.Notifications);
        try
        {
            if (session.Conversation.Closing.IsCancellationRequested)
                throw new TransportClosedException($"The conversation is over: nobody answers '{question.Method}' any more.");

            await context.SendInOrderAsync(request, either.Token).ConfigureAwait(false);
            var result = await entry.WaitAsync(either.Token).ConfigureAwait(false);
            measured?.Answered(result, McpServer.FactsOf(context.Exchange));
            return result.ToElement();
        }
        catch (Exception fault)
        {
            measured?.Failed(fault, McpServer.FactsOf(context.Exchange));
            if (fault is OperationCanceledException or RequestTimedOutException)
                await TakeBackAsync(context, id, fault).ConfigureAwait(false);

            // What the client did wrong here is no error of the request that it waits for.
            if (fault is MalformedMessageException)
                throw new ProtocolFaultException(
                    $"The client's answer to '{question.Method}' ('{key}') is none: {fault.Message}", innerException: fault);
            throw;
        }
    }

    public Task CompleteElicitationAsync(RequestContext context, string key, CancellationToken cancellationToken)
    {
        // MUST: the news names the elicitation, and goes to the client alone that was asked.
        if (!ElicitationIds.TryGetValue(key, out var id))
            return Task.CompletedTask;

        var done = new ElicitationCompleteNotificationParams { ElicitationId = id };
        var news = JsonBody.Of(done, McpJson.Wire.ElicitationCompleteNotificationParams);
        return context.IsCompleted
            ? session.Unrelated.SendAsync(new JsonRpcNotification(Methods.ElicitationComplete, news), cancellationToken).AsTask()
            : context.NotifyAsync(Methods.ElicitationComplete, news, cancellationToken);
    }

    /// <summary>The error that has the client show a page, and send its request again afterwards.</summary>
    /// <exception cref="MissingClientCapabilityException">The client, or its revision, opens no pages.</exception>
    public JsonRpcException ErrorFor(UrlElicitationRequiredException required, RequestContext context)
    {
        var page = InputRequests.PageOf(required.Message, required.Url);
        context.Require(InputQuestion.Needs(page));

        // MUST: each has an id.
        var data = new UrlElicitationRequiredErrorData { Elicitations = [page with { ElicitationId = IdOf(required.Key) }] };
        return JsonRpcException.With(
            ErrorCode.UrlElicitationRequired, required.Message, data, McpJson.Wire.UrlElicitationRequiredErrorData);
    }

    private string IdOf(string key)
    {
        if (taskId is null)
            return ElicitationIds.GetOrAdd(key, static _ => Guid.NewGuid().ToString());

        var id = RelatedTask.ElicitationIdOf(taskId, key);
        session.Show(id);
        return id;
    }

    /// <summary>SHOULD: what is no longer waited for is cancelled, beside the request if nothing may be sent for that any more.</summary>
    private async Task TakeBackAsync(RequestContext context, RequestId id, Exception reason)
    {
        var news = new CancelledNotificationParams
        {
            RequestId = id,
            Reason = reason is RequestTimedOutException ? "No answer came in time." : "The answer is no longer needed.",
        };
        var cancelled = new JsonRpcNotification(Methods.Cancelled, JsonBody.Of(news, McpJson.Wire.CancelledNotificationParams));
        try
        {
            if (context.IsCompleted || context.Exchange.InFlight is not { IsCancelled: false })
                await session.Unrelated.SendAsync(cancelled, CancellationToken.None).ConfigureAwait(false);
            else
                await context.SendInOrderAsync(cancelled, CancellationToken.None).ConfigureAwait(false);
        }
        catch (TransportClosedException)
        {
            // The client is gone, and waits for nothing any more.
        }
    }

    /// <summary>Lets the client report progress, which keeps the wait alive. MUST: what a task asks carries the task.</summary>
    private JsonBody WithMetadata(JsonElement? parameters, RequestId id)
    {
        var bytes = new System.Buffers.ArrayBufferWriter<byte>();
        using (var writer = new Utf8JsonWriter(bytes))
        {
            writer.WriteStartObject();
            foreach (var member in parameters?.EnumerateObject().Where(member => member.Name != "_meta") ?? [])
                member.WriteTo(writer);
            writer.WriteStartObject("_meta");
            foreach (var member in parameters?.TryGetProperty("_meta", out var meta) == true ? meta.EnumerateObject().Where(NotToken) : [])
                member.WriteTo(writer);
            writer.WriteNumber(MetaKeys.ProgressToken, id.Number!.Value);
            if (taskId is not null)
                RelatedTask.Write(writer, taskId);
            writer.WriteEndObject();
            writer.WriteEndObject();
        }

        return new JsonBody(bytes.WrittenMemory);

        bool NotToken(JsonProperty member) => member.Name != MetaKeys.ProgressToken && (taskId is null || member.Name != MetaKeys.RelatedTask);
    }
}
