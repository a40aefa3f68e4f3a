using System.Text.Json;
using Microsoft.Extensions.Logging;
using OnlyMcp.Protocol.JsonRpc;
using OnlyMcp.Protocol.Middleware;
using OnlyMcp.Protocol.Revisions;
using OnlyMcp.Protocol.Schema;
using OnlyMcp.Protocol.Schema.Legacy;
using OnlyMcp.Protocol.Transport;
using OnlyMcp.Server.Eras;
using OnlyMcp.Server.Http;
using OnlyMcp.Server.Inputs;
using OnlyMcp.Server.Legacy.Tasks;

namespace OnlyMcp.Server.Legacy;

/// <summary>Serves conversations that <c>initialize</c> opens: each is a session, on its pipe or under its id.</summary>
/// <remarks>Spec: 2025-11-25 basic/lifecycle §Lifecycle Phases</remarks>
internal sealed class LegacyEra : IServerEra
{
    private readonly McpServer server;
    private readonly ILogger logger;
    private readonly OpenSessions sessions;
    private readonly InitializeHandler initialize;
    private readonly Dispatcher<RequestContext> dispatcher;

    public LegacyEra(McpServer server)
    {
        this.server = server;
        logger = server.Options.LoggerFactory.CreateLogger<LegacyEra>();
        var events = server.Options.EventStore ?? new InMemoryEventStore(time: server.Options.TimeProvider);
        initialize = new InitializeHandler(server, new KeptEvents(events, server.Options));
        sessions = new OpenSessions(server, logger);
        var (subscribe, unsubscribe) = (new SubscribeHandler(server), new UnsubscribeHandler(server));
        dispatcher = new Dispatcher<RequestContext>(
        [
            .. server.Features,
            new(Methods.Initialize, (request, context, _) => new(Initialize(request, context.Exchange))),
            new(Methods.Ping, PingHandler.HandleAsync),
            new(Methods.LoggingSetLevel, (request, context, _) => new(SetLevelHandler.Handle(request, sessions.Of(context.Exchange)!))),
            new(Methods.ResourcesSubscribe, (request, context, _) => new(subscribe.Handle(request, context, sessions.ChangesOf(context.Exchange)))),
            new(Methods.ResourcesUnsubscribe, (request, context, _) => new(unsubscribe.Handle(request, sessions.ChangesOf(context.Exchange)))),
            new(Methods.TasksGet, new TasksGetHandler(server).HandleAsync),
            new(Methods.TasksResult, new TasksResultHandler(server).HandleAsync),
            new(Methods.TasksList, new TasksListHandler(server).HandleAsync),
            new(Methods.TasksCancel, new TasksCancelHandler(server).HandleAsync),
        ],
            server.Options.HandlerMiddleware,
            server.CustomMethods);
    }

    public Era Era => Era.Legacy;

    public async ValueTask<JsonRpcResultResponse> ServeAsync(
        JsonRpcRequest request, Exchange exchange, CancellationToken cancellationToken)
    {
        // MUST: initialize comes first. MAY: ping, at any time.
        var session = request.Method == Methods.Initialize ? null : sessions.Of(exchange);
        if (session is null && request.Method is not (Methods.Initialize or Methods.Ping))
            throw NotInitialized();

        // A pipe has entered the request before it read on; over HTTP its requests meet in the session.
        exchange.Revision = session?.Revision ?? KnownRevisions.Newest(Era.Legacy);

        // SHOULD NOT: whoever polls a task is answered with no stream, however long that takes.
        exchange.Streams = request.Method == Methods.TasksGet ? null : session?.ResponseStreams;
        using var entered = exchange.InFlight is null && session is not null ? Enter(request, session, cancellationToken) : null;
        exchange.InFlight ??= entered;
        var channel = session is null ? null : new ServerRequests(session, server.Options);
        var context = ContextOf(request, exchange, session, channel);
        cancellationToken = exchange.InFlight?.CancellationToken ?? cancellationToken;
        try
        {
            var result = await dispatcher.DispatchAsync(request, context, cancellationToken).ConfigureAwait(false);
            if (result is InputRequiredResult asked)
                result = await AdapterOf(channel!, context).AnswerAsync(asked, cancellationToken).ConfigureAwait(false);

            return ResponseTo(request, result, context, session);
        }
        catch (UrlElicitationRequiredException required) when (channel is not null)
        {
            throw channel.ErrorFor(required, context);
        }
        finally
        {
            await context.CompleteAsync().ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    public ValueTask ReceiveAsync(JsonRpcNotification notification, Exchange exchange)
    {
        // MUST: a notification too is refused over HTTP where its session is missing or gone.
        var session = sessions.Of(exchange);

        // A cancellation carries no version. On a pipe it belongs to the request in flight that it names, of whichever era.
        if (notification.Method == Methods.Cancelled && (session?.Conversation ?? exchange.Conversation) is { } conversation)
            Cancellation.Receive(notification, conversation);
        else if (notification.Method == Methods.Initialized && session is not null)
            sessions.ChangesOf(session)?.Begin();
        else if (notification.Method == Methods.Progress && session is not null)
            Progressed(notification, session);
        else if (server.Handles(notification))
            return server.HandleAsync(notification, ContextOf(session), session?.Conversation ?? exchange.Conversation, exchange);
        else if (notification.Method is not (Methods.Cancelled or Methods.Initialized))
            logger.LogDebug("The notification '{Method}' is not handled here.", notification.Method);
        return ValueTask.CompletedTask;
    }

    public ValueTask ReceiveAsync(JsonRpcMessage response, Exchange exchange)
    {
        if (sessions.Of(exchange)?.Conversation.Pending.Complete(Kept(response)) != true)
            logger.LogDebug("A response came that nobody waits for: {Response}", response);
        return ValueTask.CompletedTask;
    }

    public Conversation? ConversationOf(Exchange exchange) =>
        exchange.Http?.Header(McpHeaders.SessionId) is { } id ? sessions.ByIds.Find(id, exchange.Principal)?.Conversation : null;

    /// <summary>Whether a message on this pipe may be an array.</summary>
    public bool AcceptsBatches(Conversation pipe) => sessions.Of(pipe)?.Revision.AcceptsBatches == true;

    public IEnumerable<IHttpEndpoint> HttpEndpoints(McpHttpHandler handler)
    {
        var served = server.Options.Revisions.Where(revision => revision.Era == Era.Legacy).ToArray();
        if (served.Any(revision => revision.HasStreamableHttp))
            yield return new SessionEndpoint(handler, sessions.ByIds);
        if (handler.Options.ServeHttpSse && served.Any(revision => !revision.HasStreamableHttp))
            yield return new HttpSseEndpoint(handler);
    }

    /// <summary>Whether the session that an HTTP request names takes arrays.</summary>
    public bool AcceptsBatches(Exchange exchange)
    {
        // The answer to the array as a whole is a stream of its session.
        var session = sessions.Of(exchange);
        exchange.Streams = session?.ResponseStreams;
        return session?.Revision.AcceptsBatches == true;
    }

    private JsonRpcResultResponse ResponseTo(JsonRpcRequest request, Result result, RequestContext context, Session? session)
    {
        var (revision, hasTasks) = (context.Exchange.Revision!, session is { HasTasks: true });
        if (context.Listed?.Find(result, revision, hasTasks) is { } written)
            return new JsonRpcResultResponse(request.Id, written);

        var fitting = TaskTools.Declare(Downgrade.ToFit(result, revision), server, session);
        var content = fitting is KeptResult kept ? kept.Content : server.BodyOf(fitting);
        return new JsonRpcResultResponse(request.Id, context.Listed?.Keep(content, result, revision, hasTasks) ?? content);
    }

    private InputRequiredAdapter AdapterOf(ServerRequests channel, RequestContext context) =>
        new(channel, context, token => dispatcher.DispatchAsync(context.Request, context, token));

    /// <summary>The one who waits for it reads it when its message has long been handled: it gets bytes of its own.</summary>
    private static JsonRpcMessage Kept(JsonRpcMessage response) => response is JsonRpcResultResponse result
        ? new JsonRpcResultResponse(result.Id, new JsonBody(result.Result.ToUtf8().ToArray()))
        : response;

    private static void Progressed(JsonRpcNotification notification, Session session)
    {
        try
        {
            var token = notification.Params.Read(McpJson.Wire.ProgressNotificationParams).ProgressToken;
            session.Conversation.Pending.Find(token.Value)?.Progressed();
        }
        catch (JsonException)
        {
            // MAY: what is no news of progress tells nothing; a notification has nobody to answer to.
        }
    }

    private InitializeResult Initialize(JsonRpcRequest request, Exchange exchange)
    {
        if (exchange.Conversation is not { } pipe)
        {
            if (exchange.Http is { } http)
                SessionHeaders.CheckVersionOfInitialize(http, server.Options);
            var conversation = server.NewConversation();
            var (session, result) = initialize.Handle(request, exchange, conversation);
            exchange.Revision = session.Revision;
            exchange.Http?.SetResponseHeader(McpHeaders.SessionId, sessions.Add(session, exchange));
            return result;
        }

        if (sessions.Of(pipe) is not null)
            throw new JsonRpcException(ErrorCode.InvalidRequest, "This conversation is initialized already; open another for another.");

        var (onPipe, answer) = initialize.Handle(request, exchange, pipe);
        sessions.Add(onPipe, pipe, exchange);
        return answer;
    }

    /// <exception cref="RefusedRequestException">The session has too many requests in flight (429).</exception>
    private InFlightRequest Enter(JsonRpcRequest request, Session session, CancellationToken cancellationToken)
    {
        var most = server.Options.Limits.MaxConcurrentRequestsPerConversation;
        return session.Conversation.InFlight.Count < most
            ? session.Conversation.InFlight.Add(request, cancellationToken)
            : throw new RefusedRequestException(429, ErrorCode.InternalError, $"The session has {most} requests in flight, and may not have more.");
    }

    private NotificationContext ContextOf(Session? session) => session is null
        ? new NotificationContext(server)
        : new NotificationContext(server) { ProtocolVersion = session.Revision.Version, ItemsOfSession = session.Items };

    private RequestContext ContextOf(JsonRpcRequest request, Exchange exchange, Session? session, ServerRequests? channel) =>
        new RequestContext(server, request, exchange)
        {
            ClientInfo = session?.ClientInfo,
            ClientCapabilities = session?.ClientCapabilities ?? new ClientCapabilities(),
            Meta = RequestMetadata.Parse(request.Meta),
            LogLevel = session?.LogLevel,
            Session = session,
            ItemsOfSession = session?.Items,
            InputSource = channel,
            TaskForm = session?.TaskForm,
        };

    private static RefusedRequestException NotInitialized() => new(
        400, ErrorCode.InvalidRequest,
        $"This conversation is not open yet: send '{Methods.Initialize}' first, or put '{MetaKeys.ProtocolVersion}' into params._meta.");
}
