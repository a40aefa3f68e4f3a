using System.Runtime.CompilerServices;
using System.Text.Json;
using OnlyMcp.Client.Eras;
using OnlyMcp.Client.Http;
using OnlyMcp.Client.Subscriptions;
using OnlyMcp.Client.Tasks;
using OnlyMcp.Protocol.JsonRpc;
using OnlyMcp.Protocol.Revisions;
using OnlyMcp.Protocol.Schema;
using OnlyMcp.Protocol.Schema.Legacy;
using OnlyMcp.Protocol.Transport;

namespace OnlyMcp.Client.Legacy;

/// <summary>Asks within a session, which a server may forget: then it is opened anew, once for all who notice.</summary>
/// <remarks>
/// Spec: 2025-11-25 basic/lifecycle §Operation
/// Spec: 2025-11-25 basic/transports §Session Management
/// </remarks>
internal sealed class LegacyEra : IClientEra
{
    private readonly ClientConversation conversation;
    private readonly SessionTransport? http;
    private readonly RequiredPages pages;
    private readonly SessionSubscriptions subscriptions;
    private readonly SemaphoreSlim reopening = new(1);
    private bool hasSession;

    public LegacyEra(ClientConversation conversation)
    {
        this.conversation = conversation;
        http = conversation.Transport as SessionTransport;
        conversation.Inbox.RequestReceived = new ServerRequests(conversation, this).Receive;
        pages = new RequiredPages(conversation, this);
        subscriptions = new SessionSubscriptions(conversation, this);
        if (http is not null)
        {
            http.StreamLost = subscriptions.Forget;
            http.StreamSkipped = conversation.Inbox.Subscribers.Miss;
            http.StreamBroken = conversation.Inbox.Report;
        }

        conversation.Inbox.NotificationReceived = told => pages.Receive(told) || TakeTask(told);
        Tasks = new RequestedTasks(this);
    }

    public ClientConversation Conversation => conversation;

    public ITaskForm Tasks { get; }

    public Revision Revision => conversation.Inbox.Revision!;

    public ServerDescription Server { get; private set; } = new(null, new ServerCapabilities(), null);

    /// <summary>Who asks the client; what for is never said.</summary>
    public InputContext Context => new() { Server = conversation.Server, ServerInfo = Server.Info };

    private McpClientOptions Options => conversation.Options;

    /// <summary>Ends the handshake: from here on the client may ask.</summary>
    public async Task BeginAsync(Revision revision, JsonBody answer, CancellationToken cancellationToken)
    {
        Server = Describe(answer, conversation.Icons);
        Session = new object();
        conversation.Inbox.Revision = revision;
        http?.Begin(revision);

        // MUST: the client tells that it is ready before anything else.
        await conversation.TellAsync(new JsonRpcNotification(Methods.Initialized), cancellationToken).ConfigureAwait(false);
        hasSession = http?.SessionId is not null;
        http?.Listen();
        if (Options.LogLevel is { } level && Server.Capabilities.Logging is not null)
            await SetLogLevelAsync(level, cancellationToken).ConfigureAwait(false);
    }

    public ValueTask<JsonBody> AskAsync(string method, JsonBody parameters, RequestOptions options, CancellationToken cancellationToken) =>
        Revision.UrlElicitationHasId
            ? pages.RunAsync(method, () => AskInSessionAsync(method, parameters, options, cancellationToken), cancellationToken)
            : AskInSessionAsync(method, parameters, options, cancellationToken);

    public async Task PingAsync(RequestOptions options, CancellationToken cancellationToken) =>
        await AskAsync(Methods.Ping, default, options, cancellationToken).ConfigureAwait(false);

    public Task ListenAsync(Subscriber subscriber, CancellationToken cancellationToken) => subscriptions.ListenAsync(subscriber, cancellationToken);

    /// <summary>Where the session's stream was lost, finds out whether the session is still there, and opens what is missing.</summary>
    public async Task RestoreStreamAsync(CancellationToken cancellationToken)
    {
        if (http is not { HasLostStream: true })
            return;

        await PingAsync(RequestOptions.Default, cancellationToken).ConfigureAwait(false);
        if (http.HasLostStream)
            http.Listen();
    }

    /// <summary>Stands for the session: another object after each handshake.</summary>
    public object? Session { get; private set; }

    /// <summary>Choice: what only reads is asked again without a word. A tool's call may have had an effect already.</summary>
    public bool MayRepeat(string method, JsonBody parameters, bool wasSent) => !HoldsCursor(parameters) && (!wasSent || OnlyReads(method));

    public async ValueTask DisposeAsync()
    {
        if (http is not null)
            await http.EndAsync().ConfigureAwait(false);
    }

    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    private async ValueTask<JsonBody> AskInSessionAsync(
        string method, JsonBody parameters, RequestOptions options, CancellationToken cancellationToken)
    {
        var question = new Question(method, parameters)
        {
            Options = options,
            Timeouts = options.Timeouts ?? Options.Timeouts,
            Listener = options.Task is null ? options : null,
            Task = options.Task,

            // MUST: a request that asks to become a task is cancelled as a task alone.
            MayBeCancelled = options.Task is null,
        };
        try
        {
            // Waits for the one who opens a new session, and takes it up where that one failed.
            if (hasSession && http!.SessionId is null)
            {
                await ReopenAsync(null, cancellationToken).ConfigureAwait(false);
                if (!MayRepeat(method, parameters, wasSent: false))
                    throw new SessionLostException(method, null);
            }

            var session = http?.SessionId;
            try
            {
                return await conversation.AskAsync(question, cancellationToken).ConfigureAwait(false);
            }
            catch (Exception fault) when (session is not null && SaysSessionIsLost(fault))
            {
                await ReopenAsync(session, cancellationToken).ConfigureAwait(false);
                if (!MayRepeat(method, parameters, wasSent: true))
                    throw new SessionLostException(method, fault);
            }

            return await conversation.AskAsync(question, cancellationToken).ConfigureAwait(false);
        }
        catch (Exception fault) when (fault is ConnectException or HttpStatusException { Status: 400 or 404 or 405 })
        {
            // A server of this era would not have answered so.
            conversation.Contradicted?.Invoke();
            throw;
        }
    }

    // Cancelling a task twice does no more than once.
    private static bool OnlyReads(string method) => method
        is Methods.ToolsList or Methods.PromptsList or Methods.ResourcesList or Methods.ResourcesTemplatesList
        or Methods.PromptsGet or Methods.ResourcesRead or Methods.CompletionComplete or Methods.Ping
        or Methods.TasksGet or Methods.TasksResult or Methods.TasksList or Methods.TasksCancel;

    /// <summary>Tells those who listen how far a task has come; whoever hears all notifications hears this one too.</summary>
    private bool TakeTask(JsonRpcNotification told)
    {
        if (told.Method == Methods.TasksStatus)
            conversation.Inbox.Subscribers.Tell(new TaskChanged(RequestedTasks.StateOf(told.Params.Read(McpJson.Wire.LegacyTaskStatusNotificationParams))));
        return false;
    }

    /// <summary>MUST NOT: a cursor is kept beyond its session, so the listing begins anew, which only its reader can have it do.</summary>
    private static bool HoldsCursor(JsonBody parameters) =>
        !parameters.IsAbsent
        && parameters.ToElement() is { ValueKind: JsonValueKind.Object } members
        && members.TryGetProperty("cursor", out _);

    private static bool SaysSessionIsLost(Exception fault) =>
        fault is HttpStatusException { Status: 404 } or JsonRpcException { ReceivedHttpStatus: 404 };

    /// <summary>MUST: a 404 to a request with a session means that the session is over, and a new one is opened without its id.</summary>
    private async Task ReopenAsync(string? lost, CancellationToken cancellationToken)
    {
        await reopening.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            // Another caller noticed first, and has opened it.
            if (!hasSession || (http!.SessionId is { } now && now != lost))
                return;

            http.Forget();
            conversation.Inbox.Conversation.InFlight.StartOver();
            var offer = new LegacyEntrance().Opening(Revision, Options);
            var answer = await conversation.AskAsync(offer, cancellationToken).ConfigureAwait(false);
            await BeginAsync(Negotiated(answer), answer, cancellationToken).ConfigureAwait(false);
        }
        finally
        {
            reopening.Release();
        }

        subscriptions.Forget();
        conversation.Inbox.Tell(Options.OnSessionLost);
    }

    private Revision Negotiated(JsonBody answer) =>
        EraProbe.Judge(new ProbeStep.Try(Approach.Initialize, Revision), ProbeAnswer.Of(answer), Options.Allowed) switch
        {
            ProbeStep.Settle settled => settled.Revision,
            ProbeStep.GiveUp gaveUp =>
                throw new ConnectException($"The session was lost, and no new one came about. {gaveUp.Reason}", null, null),
            _ => Revision,
        };

    private async Task SetLogLevelAsync(LoggingLevel level, CancellationToken cancellationToken)
    {
        var wish = JsonBody.Of(new SetLevelRequestParams { Level = level }, McpJson.Wire.SetLevelRequestParams);
        var question = new Question(Methods.LoggingSetLevel, wish) { Timeouts = Options.Timeouts };
        try
        {
            await conversation.AskAsync(question, cancellationToken).ConfigureAwait(false);
        }
        catch (JsonRpcException refusal)
        {
            // Nobody asked for this one call, and without it there is only more or less to read.
            conversation.Inbox.Report(new ProtocolFaultException(
                $"The server has declared 'logging', and refuses the level '{level}': {refusal.Message}"));
        }
    }

    private static ServerDescription Describe(JsonBody answer, SafeIcons icons)
    {
        try
        {
            var result = answer.Read(McpJson.Wire.InitializeResult);
            return new(icons.Of(result.ServerInfo), result.Capabilities, result.Instructions);
        }
        catch (JsonException fault)
        {
            throw new ProtocolFaultException($"The answer to 'initialize' has another shape: {fault.Message}", answer.ToUtf8().Span, fault);
        }
    }
}
