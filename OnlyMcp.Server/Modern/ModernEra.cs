using System.Text.Json;
using OnlyMcp.Protocol.JsonRpc;
using OnlyMcp.Protocol.Revisions;
using OnlyMcp.Protocol.Schema;
using OnlyMcp.Server.Eras;
using OnlyMcp.Server.Http;

namespace OnlyMcp.Server.Modern;

/// <summary>Serves requests that stand alone: each carries its version, its client's capabilities and all else that must be known.</summary>
/// <remarks>Spec: 2026-07-28 basic §Statelessness</remarks>
internal sealed class ModernEra : IServerEra
{
    private readonly McpServer server;
    private readonly KnownMetadata known = new();
    private readonly Revision[] served;
    private readonly ResultStamp stamp;
    private readonly RequestState requestState;
    private readonly Dispatcher<RequestContext> dispatcher;

    public ModernEra(McpServer server)
    {
        this.server = server;
        served = [.. server.Options.Revisions.Where(revision => revision.Era == Era.Modern)];
        stamp = new ResultStamp(server.Info);
        requestState = new RequestState(server);
        dispatcher = new Dispatcher<RequestContext>(
        [
            .. server.Features,
            new(Methods.ServerDiscover, new ServerDiscoverHandler(server).HandleAsync),
            new(Methods.SubscriptionsListen, new SubscriptionsListenHandler(server).HandleAsync),
            new(Methods.TasksGet, new TasksGetHandler(server).HandleAsync),
            new(Methods.TasksUpdate, new TasksUpdateHandler(server).HandleAsync),
            new(Methods.TasksCancel, new TasksCancelHandler(server).HandleAsync),
        ],
            server.Options.HandlerMiddleware,
            server.CustomMethods);
    }

    public Era Era => Era.Modern;

    /// <summary>What a request is taken for that names no version that is served.</summary>
    private static Revision Newest { get; } = KnownRevisions.Newest(Era.Modern);

    public async ValueTask<JsonRpcResultResponse> ServeAsync(
        JsonRpcRequest request, Exchange exchange, CancellationToken cancellationToken)
    {
        var meta = Check(request, exchange);
        var context = new RequestContext(server, request, exchange)
        {
            ClientInfo = meta.ClientInfo,
            ClientCapabilities = meta.ClientCapabilities!,
            Meta = meta,
            LogLevel = meta.LogLevel,
            InputSource = requestState,
            TaskForm = TaskFormFor(meta.ClientCapabilities!),
        };
        try
        {
            var result = await dispatcher.DispatchAsync(request, context, cancellationToken).ConfigureAwait(false);
            return result is InputRequiredResult asked
                ? ResponseTo(request, await requestState.SealAsync(asked, context, cancellationToken).ConfigureAwait(false), context)
                : ResponseTo(request, result, context);
        }
        catch (UrlElicitationRequiredException required)
        {
            var asked = required.AsQuestion(context);
            return ResponseTo(request, await requestState.SealAsync(asked, context, cancellationToken).ConfigureAwait(false), context);
        }
        finally
        {
            await context.CompleteAsync().ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    public ValueTask ReceiveAsync(JsonRpcNotification notification, Exchange exchange)
    {
        // MUST: on a pipe a request is cancelled by this notification; over HTTP by closing its response stream, so it means nothing there.
        if (notification.Method == Methods.Cancelled && exchange.Conversation is { } conversation)
            Cancellation.Receive(notification, conversation);
        return server.Handles(notification)
            ? server.HandleAsync(notification, new NotificationContext(server), exchange.Conversation, exchange)
            : ValueTask.CompletedTask;
    }

    public ValueTask ReceiveAsync(JsonRpcMessage response, Exchange exchange) =>
        throw new RefusedRequestException(400, ErrorCode.InvalidRequest, "This server asked nothing; in this revision only clients send requests.");

    private JsonRpcResultResponse ResponseTo(JsonRpcRequest request, Result result, RequestContext context)
    {
        var (revision, isAuthorized) = (context.Exchange.Revision!, context.AccessToken is not null);
        if (context.Listed?.Find(result, revision, isAuthorized) is { } written)
            return new JsonRpcResultResponse(request.Id, written);

        var stamped = stamp.Stamp(result, isAuthorized);
        var content = server.BodyOf(stamped);
        return new JsonRpcResultResponse(request.Id, context.Listed?.Keep(content, result, revision, isAuthorized) ?? content);
    }

    /// <summary>The checks that come before any handler, in the order in which a client can mend what they find.</summary>
    private RequestMeta Check(JsonRpcRequest request, Exchange exchange)
    {
        var meta = known.Parse(request.Meta);
        exchange.Revision = Newest;
        if (request.Method == Methods.Initialize && meta.ProtocolVersion is null)
            throw Unsupported(VersionOffered(request), "There is no 'initialize' here.");

        if (exchange.Http is not null)
            HeaderValidation.CheckVersion(exchange.Http, meta);

        if (meta.ProtocolVersion is not null)
            exchange.Revision = RequireSupported(meta.ProtocolVersion);

        RequireComplete(meta);
        if (exchange.Http is not null)
            CheckHeaders(request, exchange.Http);

        return meta;
    }

    // MUST NOT: a client that does not declare the extension on its request is answered with no task.
    private TaskForm? TaskFormFor(ClientCapabilities client) =>
        client.Extensions?.ContainsKey(TasksExtension.Id) == true && server.OffersTasks ? TaskForm.Instance : null;

    private void CheckHeaders(JsonRpcRequest request, HttpExchange http)
    {
        var name = HeaderValidation.CheckMethodAndName(http, request);
        if (request.Method == Methods.ToolsCall && name is not null && server.Tools.TryFind(name, out var tool))
            HeaderValidation.CheckParameters(http, request, tool);
    }

    private static void RequireComplete(RequestMeta meta)
    {
        // MUST: version and client capabilities stand on each request; 400 and -32602 where one is missing.
        if (meta.ProtocolVersion is null)
            throw Missing(MetaKeys.ProtocolVersion);
        if (meta.ClientCapabilities is null)
            throw Missing(MetaKeys.ClientCapabilities);
    }

    private static RefusedRequestException Missing(string key) =>
        new(400, ErrorCode.InvalidParams, $"params._meta must hold '{key}' on every request.");

    private Revision RequireSupported(string version)
    {
        foreach (var revision in served)
        {
            if (revision.Version == version)
                return revision;
        }

        throw Unsupported(version, $"The protocol version '{version}' is not supported.");
    }

    /// <summary>
    /// MUST: an unsupported version is answered with those that are supported. SHOULD: so is whoever asks as older revisions did, and the
    /// words say it too, for its user may see nothing else of the error.
    /// </summary>
    private RefusedRequestException Unsupported(string version, string reason)
    {
        string[] supported = [.. served.Select(revision => revision.Version)];
        var data = new UnsupportedProtocolVersionErrorData { Supported = supported, Requested = version };
        return new RefusedRequestException(400, new JsonRpcError(
            ErrorCode.UnsupportedProtocolVersion,
            $"{reason} This server speaks {string.Join(", ", supported)}.",
            JsonBody.Of(data, McpJson.Wire.UnsupportedProtocolVersionErrorData)));
    }

    private static string VersionOffered(JsonRpcRequest request) =>
        !request.Params.IsAbsent && request.Params.ToElement() is { ValueKind: JsonValueKind.Object } parameters
        && parameters.TryGetProperty("protocolVersion", out var version) && version.ValueKind == JsonValueKind.String ? version.GetString()! : "";
}
