using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using OnlyMcp.Client.Authorization;
using OnlyMcp.Client.Caching;
using OnlyMcp.Client.Eras;
using OnlyMcp.Client.Http;
using OnlyMcp.Client.Tasks;
using OnlyMcp.Protocol.JsonRpc;
using OnlyMcp.Protocol.Middleware;
using OnlyMcp.Protocol.Revisions;
using OnlyMcp.Protocol.Schema;
using OnlyMcp.Protocol.Transport;

namespace OnlyMcp.Client;

/// <summary>What a client can be told beside the server's address. Everything has a default.</summary>
/// <remarks>Callbacks must not block; an exception that one lets out is logged and changes nothing.</remarks>
public sealed record McpClientOptions
{
    /// <summary>Who the client says it is. Set it to your program's name and version: servers show and log it.</summary>
    public Implementation ClientInfo { get; init; } = new()
    {
        Name = "OnlyMcp",
        Version = typeof(McpClientOptions).Assembly.GetName().Version?.ToString(3) ?? "0",
    };

    /// <summary>
    /// What the client declares that it can do for a server, beyond what follows from <see cref="OnElicit"/>,
    /// <see cref="OnElicitUrl"/>, <see cref="OnSample"/> and <see cref="Roots"/>; nothing by default.
    /// </summary>
    public ClientCapabilities Capabilities { get; init; } = new();

    /// <summary>
    /// Asks the user to fill in a form for a server; null, the default, if that cannot be. Show which server asks, let the user look
    /// at the values before they go out, and answer with <see cref="ElicitAnswer"/>. What breaks the form's schema is not sent.
    /// </summary>
    public Func<ElicitRequestFormParams, InputContext, CancellationToken, ValueTask<ElicitResult>>? OnElicit { get; init; }

    /// <summary>
    /// Asks the user whether to open a web page for a server, and opens it; null, the default, if that cannot be. The library opens
    /// and fetches nothing: show the whole URL, its host above all, ask, and open it in a browser that neither this program nor a
    /// model can look into. Accepting means that the user agreed, not that the user is done there. Since 2025-11-25.
    /// </summary>
    public Func<ElicitRequestUrlParams, InputContext, CancellationToken, ValueTask<ElicitResult>>? OnElicitUrl { get; init; }

    /// <summary>
    /// Is told when the user is done on such a page, by <see cref="ElicitRequestUrlParams.ElicitationId"/>, if the server says so.
    /// 2025-11-25 only.
    /// </summary>
    public Action<string>? OnElicitUrlComplete { get; init; }

    /// <summary>
    /// How long a call waits for the user to be done on the pages without which the server refuses it; 10 minutes by default.
    /// 2025-11-25 only.
    /// </summary>
    public TimeSpan ElicitUrlTimeout { get; init; } = TimeSpan.FromMinutes(10);

    /// <summary>
    /// Has the language model go on with a conversation for a server; null, the default, if that cannot be. A person should see the
    /// conversation before and the message after; return null if that person says no. Deprecated since 2026-07-28.
    /// </summary>
    public Func<CreateMessageRequestParams, InputContext, CancellationToken, ValueTask<CreateMessageResult?>>? OnSample { get; init; }

    /// <summary>Whether <see cref="OnSample"/> knows what to do with tools; false by default. Since 2025-11-25.</summary>
    public bool SamplesWithTools { get; init; }

    /// <summary>Whether <see cref="OnSample"/> can add context from servers; false by default. Since 2025-11-25.</summary>
    public bool SamplesWithContext { get; init; }

    /// <summary>
    /// The folders that servers may know of, as <c>file://</c> URIs; null, the default, tells none and declares nothing.
    /// <see cref="McpClient.SetRootsAsync"/> changes them. Deprecated since 2026-07-28.
    /// </summary>
    public IReadOnlyList<Root>? Roots { get; init; }

    /// <summary>
    /// Whether a tool's structured content is held against the output schema that the tool was listed with; on by default.
    /// Tools that were never listed are not checked.
    /// </summary>
    public bool ValidatesStructuredContent { get; init; } = true;

    /// <summary>
    /// Whether a call for which the server has not declared the capability fails with <see cref="MissingServerCapabilityException"/>
    /// before it is sent; on by default. Until 2025-11-25: later servers refuse by themselves.
    /// </summary>
    public bool ChecksServerCapabilities { get; init; } = true;

    /// <summary>The one revision to speak; null, the default, finds the newest that both sides know.</summary>
    public Revision? Revision { get; init; }

    /// <summary>The revisions that may be spoken, where <see cref="Revision"/> names none; all of them by default, and at least one.</summary>
    public IReadOnlyList<Revision> Revisions { get; init; } = KnownRevisions.All;

    /// <summary>What may be spoken, newest first.</summary>
    /// <exception cref="ArgumentException">Nothing.</exception>
    internal IReadOnlyList<Revision> Allowed => Revision is { } pin ? [pin]
        : KnownRevisions.All.Where(Revisions.Contains).ToArray() is { Length: > 0 } allowed ? allowed
        : throw new ArgumentException($"A client speaks at least one revision: name some of {nameof(KnownRevisions)} in {nameof(Revisions)}.");

    /// <summary>How long to wait for answers where a call says nothing else; 60 seconds by default.</summary>
    public RequestTimeouts Timeouts { get; init; } = RequestTimeouts.Default;

    /// <summary>
    /// How long to wait for the answer to the first question, <c>server/discover</c>, before the server is taken for one that does
    /// not know it; 10 seconds by default. A server that starts more slowly is still served, in an older revision.
    /// </summary>
    public TimeSpan ProbeTimeout { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>The least severe log message that the server shall send; null, the default, asks for none.</summary>
    public LoggingLevel? LogLevel { get; init; }

    /// <summary>HTTP headers to send with every request, such as <c>Authorization</c>. Those of the protocol itself are refused.</summary>
    public IReadOnlyDictionary<string, string> Headers { get; init; } = new Dictionary<string, string>();

    /// <summary>
    /// How to get the tokens that a guarded server wants; null, the default, gets none, and a guarded server is told of with
    /// <see cref="HttpStatusException"/> or <see cref="ConnectException"/>. Over HTTP alone.
    /// </summary>
    public ClientAuthorization? Authorization { get; init; }

    /// <summary>
    /// What sends the HTTP requests; null for one of our own, which follows no redirect to another origin. It is not disposed, and
    /// should have <c>AllowAutoRedirect</c> off: it would carry <see cref="Headers"/> to wherever the server points.
    /// </summary>
    public HttpMessageHandler? HttpMessageHandler { get; init; }

    /// <summary>How long a connection may take to open, and the first event of HTTP+SSE to arrive; 15 seconds by default.</summary>
    public TimeSpan ConnectTimeout { get; init; } = TimeSpan.FromSeconds(15);

    /// <summary>
    /// Keeps lists and resources for as long as the server says that they stay fresh, and 24 hours at most; null for nothing. By default
    /// in memory, for the clients that are made with these options. A server that says nothing has nothing kept. Since 2026-07-28.
    /// </summary>
    /// <remarks>
    /// On by default (the specification leaves it open): the server itself names the time, and takes it back with a notification.
    /// Spec: 2026-07-28 server/utilities/caching §Cacheable Model
    /// </remarks>
    public IResultCache? Cache { get; init; } = new InMemoryResultCache();

    /// <summary>
    /// Whether calls of tools may go on as tasks, which are asked for until they are done, and how often; on by default. Since 2025-11-25.
    /// </summary>
    public ClientTaskOptions Tasks { get; init; } = new();

    /// <summary>How much is taken from a server.</summary>
    public ClientLimits Limits { get; init; } = new();

    /// <summary>Remembers which era each server speaks; by default in this process, for all clients.</summary>
    public IEraVerdicts EraVerdicts { get; init; } = Eras.EraVerdicts.OfThisProcess;

    /// <summary>Is told of log messages of the server, in order.</summary>
    public Action<LoggingMessageNotificationParams>? OnLog { get; init; }

    /// <summary>
    /// Is told of every notification that is neither progress nor a log message, one after another; it may call the client, for
    /// instance to list the tools again after <c>notifications/tools/list_changed</c>.
    /// </summary>
    public Func<JsonRpcNotification, ValueTask>? OnNotification { get; init; }

    /// <summary>Is told when the server breaks the protocol without that being the answer to a call.</summary>
    public Action<ProtocolFaultException>? OnProtocolFault { get; init; }

    /// <summary>Is told when the server had forgotten the session and a new one is open: the old state is gone. Until 2025-11-25.</summary>
    public Action? OnSessionLost { get; init; }

    /// <summary>
    /// How arguments and structured results become JSON and back where no <c>JsonTypeInfo</c> is given: camelCase names, matched
    /// letter by letter, by default.
    /// </summary>
    public JsonSerializerOptions Json { get; init; } = DefaultJson;

    /// <summary>Hears what the client has to say about itself; nobody by default.</summary>
    public ILoggerFactory LoggerFactory { get; init; } = NullLoggerFactory.Instance;

    /// <summary>Stands on the way of every message, in and out; the first nearest to the wire. None by default, which costs nothing.</summary>
    public IReadOnlyList<MessageMiddleware> MessageMiddleware { get; init; } = [];

    /// <summary>
    /// Stands around what answers a server: questions to the user, the model, the folders, in every revision, and <see cref="Methods"/>;
    /// the first outermost. It may answer itself, change the answer, refuse or measure; the question is read before, so that a change
    /// of it has no effect. In a request that stands alone a question has no id of its own: it is empty there.
    /// </summary>
    public IReadOnlyList<HandlerMiddleware<InputContext>> HandlerMiddleware { get; init; } = [];

    /// <summary>Methods that the protocol does not have, which a server may ask for. Until 2025-11-25; later servers ask nothing.</summary>
    public CustomMethods<InputContext> Methods { get; init; } = new();

    /// <summary>
    /// Shows every message, those that find out the server's era included, with the page of the specification that defines it,
    /// over any transport; null, the default, for none.
    /// </summary>
    public WireTap? WireTap { get; init; }

    /// <summary>The clock.</summary>
    public TimeProvider TimeProvider { get; init; } = TimeProvider.System;

    private static JsonSerializerOptions DefaultJson { get; } = new(JsonSerializerDefaults.Web)
    {
        PropertyNameCaseInsensitive = false,
        NumberHandling = JsonNumberHandling.Strict,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };
}
