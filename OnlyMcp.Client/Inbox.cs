using System.Text.Json;
using Microsoft.Extensions.Logging;
using OnlyMcp.Client.Subscriptions;
using OnlyMcp.Protocol.JsonRpc;
using OnlyMcp.Protocol.Revisions;
using OnlyMcp.Protocol.Schema;
using OnlyMcp.Protocol.Transport;

namespace OnlyMcp.Client;

/// <summary>Takes what arrives from a server to whoever waits for it. Nothing that a server sends makes it throw.</summary>
/// <remarks>Spec: 2026-07-28 basic/transports/streamable-http §Receiving Messages</remarks>
internal sealed class Inbox : IMessageReceiver
{
    private readonly McpClientOptions options;
    private readonly ILogger logger;

    public Inbox(McpClientOptions options)
    {
        this.options = options;
        logger = options.LoggerFactory.CreateLogger<McpClient>();
        Conversation = new Conversation(options.TimeProvider, LogCallback);
        Subscribers = new Subscribers(Conversation, Report);
    }

    public Conversation Conversation { get; }

    /// <summary>The revision that is spoken; null until it is settled.</summary>
    public Revision? Revision { get; set; }

    /// <summary>Answers requests of the server, in an era in which it may send them.</summary>
    public Action<JsonRpcRequest>? RequestReceived { get; set; }

    /// <summary>Takes notifications that an era alone knows; true if it took this one.</summary>
    public Func<JsonRpcNotification, bool>? NotificationReceived { get; set; }

    /// <summary>Who hears of progress.</summary>
    public ProgressListeners Listeners { get; } = new();

    /// <summary>Who hears of changes.</summary>
    public Subscribers Subscribers { get; }

    public void Receive(JsonRpcMessage message) => Take(message, null);

    public void Receive(JsonRpcMessage message, RequestId request) => Take(message, request);

    public void ReceiveAnswer(JsonRpcMessage message, RequestId request) => TakeResponse(message, request, inline: true);

    public void ReceiveMalformed(MalformedMessageException fault, ReadOnlyMemory<byte> bytes)
    {
        if (Revision?.AcceptsBatches == true && JsonRpcReader.IsArray(bytes.Span) && TakeBatch(bytes))
            return;

        TakeBroken(fault, bytes);
    }

    private void TakeBroken(MalformedMessageException fault, ReadOnlyMemory<byte> bytes)
    {
        var broken = new ProtocolFaultException($"The server sent no valid message: {fault.Message}", bytes.Span, fault);
        Report(broken);

        // A broken response is all that its request will get.
        if (fault is { IsResponse: true, Id: { } id })
            Conversation.Pending.Find(id)?.Fail(broken);
    }

    public void Closed(TransportClosedException reason) => Conversation.End(reason);

    /// <summary>Tells the host that the server broke the protocol.</summary>
    public void Report(ProtocolFaultException fault)
    {
        logger.LogWarning("{Fault} Offending text: {Text}", fault.Message, fault.OffendingText);
        Tell(() => options.OnProtocolFault?.Invoke(fault));
    }

    private void Report(string what, JsonRpcMessage message) => Report(new ProtocolFaultException(what, JsonRpcWriter.ToBytes(message)));

    /// <summary>Calls back; what the callback lets out is its own affair.</summary>
    public void Tell(Action? callback)
    {
        try
        {
            callback?.Invoke();
        }
        catch (Exception fault)
        {
            LogCallback(fault);
        }
    }

    private void LogCallback(Exception fault) => logger.LogError(fault, "A callback failed.");

    public void LogInput(string method, Exception fault) => logger.LogError(fault, "The handler of '{Method}' failed.", method);

    public void LogMiddleware(Exception fault) => logger.LogError(fault, "A middleware failed.");

    public void LogCache(Exception fault) => logger.LogWarning(fault, "The cache of results failed; the server is asked instead.");

    public void LogFarewell(Exception fault) => logger.LogDebug(fault, "A task that nobody waits for any more could not be cancelled.");

    public void LogUnanswered(JsonRpcMessage message, Exception fault) => logger.LogDebug(fault, "Cancelled, and not answered: {Message}", message);

    public void LogUnsent(JsonRpcMessage message, Exception fault) => logger.LogDebug(fault, "Not delivered: {Message}", message);

    private bool TakeBatch(ReadOnlyMemory<byte> bytes)
    {
        try
        {
            // Choice: each request of a batch is answered by itself. The page allows an array of responses, and asks for none.
            foreach (var part in Batch.Split(bytes, maxDepth: options.Limits.MaxDepth))
                TakePart(part);
            return true;
        }
        catch (MalformedMessageException)
        {
            return false;
        }
    }

    private void TakePart(ReadOnlyMemory<byte> part)
    {
        try
        {
            Take(JsonRpcReader.Parse(part, options.Limits.MaxDepth), null);
        }
        catch (MalformedMessageException fault)
        {
            TakeBroken(fault, part);
        }
    }

    private void Take(JsonRpcMessage message, RequestId? stream)
    {
        switch (message)
        {
            case JsonRpcNotification notification:
                TakeNotification(notification, stream);
                break;
            case JsonRpcRequest request when RequestReceived is { } answer:
                answer(request);
                break;
            case JsonRpcRequest request:
                Report($"The server sent a request ('{request.Method}'), which servers of this revision must not.", message);
                break;
            default:
                TakeResponse(message, stream);
                break;
        }
    }

    private void TakeResponse(JsonRpcMessage response, RequestId? stream, bool inline = false)
    {
        var id = response is JsonRpcResultResponse result ? result.Id : ((JsonRpcErrorResponse)response).Id;
        if (stream is { } expected && id != expected)
            Report($"A response with the id {id} came on the response stream of the request {expected}.", response);

        // An answer that comes too late, after a time-out or a cancellation, is to be ignored.
        else if (!Conversation.Pending.Complete(response, inline) && (id is not { } unknown || !Conversation.Pending.WasIssued(unknown)))
            Report($"The server answered a request that was never sent (id {id?.ToString() ?? "missing"}).", response);
    }

    private void TakeNotification(JsonRpcNotification notification, RequestId? stream)
    {
        try
        {
            switch (notification.Method)
            {
                case Methods.Progress:
                    TakeProgress(notification.Params.Read(McpJson.Wire.ProgressNotificationParams), stream);
                    break;
                case Methods.Message when options.OnLog is { } log:
                    var line = notification.Params.Read(McpJson.Wire.LoggingMessageNotificationParams);
                    Relate(stream, () => Run(() => log(line)));
                    break;
                case Methods.Cancelled when RequestReceived is not null:
                    TakeCancelled(notification.Params.Read(McpJson.Wire.CancelledNotificationParams));
                    break;
                case not Methods.Message when Subscribers.Take(notification, stream):
                    break;
                case not Methods.Message when NotificationReceived?.Invoke(notification) == true:
                    break;
                case not Methods.Message when options.OnNotification is { } handle:
                    Conversation.Notifications.Add(() => handle(notification));
                    break;
            }
        }
        catch (JsonException fault)
        {
            Report($"A '{notification.Method}' has parameters of another shape: {fault.Message}", notification);
        }
    }

    private void TakeProgress(ProgressNotificationParams news, RequestId? stream)
    {
        var pending = Conversation.Pending.Find(news.ProgressToken.Value);
        pending?.Progressed();
        if (Listeners.FindTask(news.ProgressToken.Value) is { } task)
            Relate(stream, () => Run(() => task.Report(news)));

        // What comes after the answer belongs to nobody any more, unless the answer was a task.
        else if (pending is { } entry)
            TakeProgress(news, entry);
    }

    private void TakeProgress(ProgressNotificationParams news, PendingRequest entry)
    {
        if (Listeners.Find(entry.Request.Id) is { } listener)
            entry.Notify(() => Run(() => listener.Report(news)));
    }

    private void TakeCancelled(CancelledNotificationParams news)
    {
        if (news.RequestId is { } id)
            Conversation.InFlight.Cancel(id);
    }

    /// <summary>Handles a notification before the response that follows it. On a pipe nothing says whose it is: all wait for it.</summary>
    private void Relate(RequestId? stream, Func<ValueTask> handle)
    {
        if (stream is { } id && Conversation.Pending.Find(id) is { } entry)
            entry.Notify(handle);
        else
            Conversation.Pending.CompleteAfter(Conversation.Notifications.Add(handle));
    }

    private static ValueTask Run(Action action)
    {
        action();
        return ValueTask.CompletedTask;
    }
}
