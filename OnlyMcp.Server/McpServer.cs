using System.Collections.Concurrent;
using System.Security.Claims;
using System.Text.Json.Serialization.Metadata;
using Microsoft.Extensions.Logging;
using OnlyMcp.Protocol.JsonRpc;
using OnlyMcp.Protocol.Middleware;
using OnlyMcp.Protocol.Revisions;
using OnlyMcp.Protocol.Schema;
using OnlyMcp.Protocol.Schema.Legacy;
using OnlyMcp.Protocol.Transport;
using OnlyMcp.Server.Eras;
using OnlyMcp.Server.Features;
using OnlyMcp.Server.Legacy;
using OnlyMcp.Server.Modern;
using OnlyMcp.Server.Plain;
using OnlyMcp.Server.Tasks;
using OnlyMcp.Server.Tools;

namespace OnlyMcp.Server;

/// <summary>An MCP server: what it offers, served to any number of clients over any number of transports at the same time.</summary>
public sealed partial class McpServer
{
    private readonly IServerEra[] eras;
    private readonly ILogger logger;
    private readonly MessagePipeline? messages;
    private readonly PrincipalItems principals = new();

    /// <summary>Makes a server that offers nothing yet.</summary>
    /// <param name="name">What programs call it, such as <c>weather</c>.</param>
    /// <param name="version">Its version, such as <c>1.0.0</c>.</param>
    /// <param name="options">What else there is to say; the defaults are safe.</param>
    public McpServer(string name, string version, McpServerOptions? options = null)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(name);
        ArgumentException.ThrowIfNullOrWhiteSpace(version);
        HeadStart.Take();
        Options = options ?? new McpServerOptions();
        ExtensionNames.Check(Options.Extensions);
        Info = new Implementation
        {
            Name = name,
            Version = version,
            Title = Options.Title,
            Description = Options.Description,
            WebsiteUrl = Options.WebsiteUrl,
            Icons = Options.Icons,
        };
        logger = Options.LoggerFactory.CreateLogger<McpServer>();
        Tasks = new ServerTasks(this);
        CallTool = new ToolsCallHandler(this).HandleAsync;
        Features =
        [
            new(Methods.ToolsList, new ToolsListHandler(this).HandleAsync),
            new(Methods.ToolsCall, CallTool),
            new(Methods.PromptsList, new PromptsListHandler(this).HandleAsync),
            new(Methods.PromptsGet, new PromptsGetHandler(this).HandleAsync),
            new(Methods.ResourcesList, new ResourcesListHandler(this).HandleAsync),
            new(Methods.ResourcesTemplatesList, new ResourcesTemplatesListHandler(this).HandleAsync),
            new(Methods.ResourcesRead, new ResourcesReadHandler(this).HandleAsync),
            new(Methods.CompletionComplete, new CompletionCompleteHandler(this).HandleAsync),
        ];
        Tools.Adding = ToolNames.Watch(logger);
        messages = MessagePipeline.Of(Options.MessageMiddleware, fault => logger.LogError(fault, "A middleware failed."));
        PublishChanges();
        IServerEra[] known = [new ModernEra(this), new LegacyEra(this)];
        eras = [.. known.Where(era => Options.Revisions.Any(revision => revision.Era == era.Era))];
        if (eras.Length == 0)
            throw new ArgumentException("A server serves at least one revision.", nameof(options));
    }

    /// <summary>The server's name, version and what else it says about itself.</summary>
    public Implementation Info { get; }

    /// <summary>What the server was told when it was made.</summary>
    public McpServerOptions Options { get; }

    /// <summary>The tools that are offered; may change while the server runs.</summary>
    public ToolCollection Tools { get; } = new();

    /// <summary>The methods that every revision has, and who answers them.</summary>
    internal IReadOnlyList<KeyValuePair<string, RequestHandler<RequestContext>>> Features { get; }

    /// <summary>
    /// One message in, its answers out: the notifications that belong to it and its response go to <see cref="Exchange.Stream"/>.
    /// </summary>
    /// <remarks>This is the one place that turns an exception into an error response.</remarks>
    public async ValueTask HandleAsync(JsonRpcMessage message, Exchange exchange, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(message);
        ArgumentNullException.ThrowIfNull(exchange);
        if (Options.WireTap is { } tap)
            exchange.Tap(tap, message);
        if (messages is not null)
            exchange.Pass(messages);

        if (message is not JsonRpcRequest request)
        {
            if (messages is null)
                await ReceiveAsync(message, exchange).ConfigureAwait(false);
            else
                await PassAsync(message, exchange).ConfigureAwait(false);
            return;
        }

        try
        {
            var answer = IsWatched
                ? await WatchAsync(request, exchange, cancellationToken).ConfigureAwait(false)
                : await EraOf(request.Method, request.Meta, exchange).ServeAsync(request, exchange, cancellationToken).ConfigureAwait(false);
            await AnswerAsync(answer, exchange, cancellationToken).ConfigureAwait(false);
        }
        catch (Exception fault) when (fault is not TransportClosedException)
        {
            // Also for a result that cannot be written: nothing of it has left yet, and the client must not wait in vain.
            if (fault is OperationCanceledException && IsCancelled(exchange, cancellationToken))
                return;

            var answer = ErrorMap.ToResponse(fault, request, exchange.Revision, logger);
            await AnswerAsync(answer, exchange, cancellationToken).ConfigureAwait(false);
        }
    }

    // MUST NOT: nothing more is sent for a request that was cancelled.
    private static ValueTask AnswerAsync(JsonRpcMessage answer, Exchange exchange, CancellationToken cancellationToken) =>
        IsCancelled(exchange, cancellationToken) ? ValueTask.CompletedTask : exchange.Stream.SendAsync(answer, cancellationToken);

    private static bool IsCancelled(Exchange exchange, CancellationToken cancellationToken) =>
        exchange.InFlight?.IsCancelled == true || cancellationToken.IsCancellationRequested;

    /// <summary>Parses the message that a request of HTTP carries.</summary>
    /// <exception cref="MalformedMessageException">It is none.</exception>
    internal JsonRpcMessage Parse(ReadOnlyMemory<byte> utf8, Exchange exchange)
    {
        try
        {
            return JsonRpcReader.Parse(utf8, Options.Limits.MaxDepth);
        }
        catch (MalformedMessageException fault)
        {
            ReceiveMalformed(fault, utf8, exchange);
            throw;
        }
    }

    /// <summary>Takes bytes that are no message: if they were meant for the answer to a request of ours, it has failed.</summary>
    internal void ReceiveMalformed(MalformedMessageException fault, ReadOnlyMemory<byte> utf8, Exchange exchange)
    {
        Options.WireTap?.ShowMalformed(WireDirection.ToServer, fault, utf8);
        if (fault is { IsResponse: true, Id: { } id })
            ConversationOf(exchange)?.Pending.Find(id)?.Fail(fault);
    }

    private Conversation? ConversationOf(Exchange exchange) =>
        exchange.Conversation ?? eras.Select(era => era.ConversationOf(exchange)).FirstOrDefault(found => found is not null);

    private ValueTask ReceiveAsync(JsonRpcMessage message, Exchange exchange) => message is JsonRpcNotification notification
        ? EraOf(notification.Method, notification.Meta, exchange).ReceiveAsync(notification, exchange)
        : EraOf(null, default, exchange).ReceiveAsync(message, exchange);

    private IServerEra EraOf(string? method, ReadOnlyMemory<byte> meta, Exchange exchange)
    {
        var era = EraSelector.Select(
            method, RequestMetadata.PeekVersion(meta.Span), exchange.Http?.Header(McpHeaders.ProtocolVersion));
        foreach (var candidate in eras)
        {
            if (candidate.Era == era)
                return candidate;
        }

        // A server of one era answers the other's messages as any server of its era would, which does not know them.
        return eras[0];
    }

    /// <summary>How a result is written.</summary>
    internal JsonTypeInfo TypeInfoOf(Result result) => result switch
    {
        CallToolResult => PlainToolResult.Instance.TypeInfo,
        DiscoverResult => PlainDiscovery.Instance.TypeInfo,
        InitializeResult => PlainGreeting.Instance.TypeInfo,
        _ => CustomMethods.TypeInfoOf(result),
    };

    /// <summary>A result as it goes out.</summary>
    internal JsonBody BodyOf(Result result) => result is CallToolResult or DiscoverResult or InitializeResult
        ? JsonBody.Of(result, TypeInfoOf(result))
        : CustomMethods.BodyOf(result);

    /// <summary>A conversation of a pipe or a session.</summary>
    internal Conversation NewConversation() =>
        new(Options.TimeProvider, fault => logger.LogError(fault, "A notification could not be handled."));

    /// <summary>What handlers keep for a principal.</summary>
    internal ConcurrentDictionary<string, object?> ItemsOf(ClaimsPrincipal? principal) => principals.ItemsOf(principal);

    /// <summary>Who a principal is; null for nobody in particular.</summary>
    internal static string? KeyOf(ClaimsPrincipal? principal) => PrincipalItems.KeyOf(principal);
}
