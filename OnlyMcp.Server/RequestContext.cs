using System.Collections.Concurrent;
using System.Security.Claims;
using System.Text.Json;
using OnlyMcp.Protocol.JsonRpc;
using OnlyMcp.Protocol.Schema;
using OnlyMcp.Server.Lists;

namespace OnlyMcp.Server;

/// <summary>Everything that a handler may know about the request it answers, and what it may tell its client meanwhile.</summary>
/// <remarks>The era fills it in; what is here means the same in every revision and over every transport.</remarks>
public sealed partial class RequestContext
{
    /// <summary>How many notifications of one request may wait to leave before reports of progress are left out.</summary>
    private const int MostWaiting = 1000;

    private Task lastSend = Task.CompletedTask;
    private double lastProgress = double.NegativeInfinity;
    private int waiting;
    private bool completed;

    internal RequestContext(McpServer server, JsonRpcRequest request, Exchange exchange)
    {
        Server = server;
        Request = request;
        Exchange = exchange;
    }

    /// <summary>The server that was asked.</summary>
    public McpServer Server { get; }

    /// <summary>The request as it came.</summary>
    public JsonRpcRequest Request { get; private set; }

    /// <summary>The version of the protocol that the request is served in.</summary>
    public string ProtocolVersion => Exchange.Revision!.Version;

    /// <summary>Who the client says it is; null if it does not say. Not verified: never a ground for trust.</summary>
    public Implementation? ClientInfo { get; init; }

    /// <summary>What the client can do for the server.</summary>
    public required ClientCapabilities ClientCapabilities { get; init; }

    /// <summary>What the client sent along with the request.</summary>
    public required RequestMeta Meta { get; init; }

    /// <summary>On whose behalf the client asks, as the host verified it; null for nobody in particular.</summary>
    public ClaimsPrincipal? Principal => Exchange.Principal;

    /// <summary>Where services come from; null if the server was given none.</summary>
    public IServiceProvider? Services => Server.Options.Services;

    /// <summary>
    /// What a handler keeps for the session that the request belongs to. Without sessions (a stateless request) it lives as long
    /// as the request.
    /// </summary>
    public ConcurrentDictionary<string, object?> SessionItems => (ItemsOfSession ??= new()).Items;

    /// <summary>
    /// What a handler keeps for the principal of the request, across sessions and revisions. For a request of nobody in particular
    /// it lives as long as the request.
    /// </summary>
    public ConcurrentDictionary<string, object?> PrincipalItems => field ??= Server.ItemsOf(Principal);

    /// <summary>The least severe level that the client wants to hear of; null if it wants no log messages.</summary>
    public LoggingLevel? LogLevel { get; init; }

    /// <remarks>Is locked, too, where two want to send: a lock of its own would be one more object for each request.</remarks>
    internal Exchange Exchange { get; }

    /// <summary>The page of a list that the request has been answered with, if it is one that is kept.</summary>
    internal ListPage? Listed { get; set; }

    internal SessionItems? ItemsOfSession { private get; set; }

    /// <summary>Whether the request has been answered.</summary>
    internal bool IsCompleted
    {
        get
        {
            lock (Exchange)
                return completed;
        }
    }

    /// <summary>Goes on only if the client declared what is named here; MUST NOT: a server does not rely on what was not declared.</summary>
    /// <exception cref="MissingClientCapabilityException">It did not; let it pass, and the client is told what is missing.</exception>
    public void Require(ClientCapabilities capabilities)
    {
        ArgumentNullException.ThrowIfNull(capabilities);
        if (!DeclaredCapabilities.Cover(ClientCapabilities, capabilities))
            throw new MissingClientCapabilityException(capabilities);
    }

    /// <summary>
    /// Tells the client how far the request has come; does nothing if it did not ask for that, if <paramref name="progress"/> is not
    /// more than the last time, or if the request has been answered.
    /// </summary>
    /// <remarks>Spec: 2026-07-28 basic/patterns/progress §Behavior Requirements</remarks>
    /// <param name="progress">How far, in a unit of the tool's choice; finite, and more each time.</param>
    /// <param name="total">How far it will go, if that is known.</param>
    /// <param name="message">What is being done, for a person.</param>
    /// <param name="cancellationToken">Stops the sending.</param>
    public Task ReportProgressAsync(
        double progress, double? total = null, string? message = null, CancellationToken cancellationToken = default)
    {
        if (!double.IsFinite(progress))
            throw new ArgumentOutOfRangeException(nameof(progress), progress, "Progress is a finite number.");

        var task = Run is { IsTask: true } ? Run : null;
        if (Meta.ProgressToken is null && task is null)
            return Task.CompletedTask;

        lock (Exchange)
        {
            // MUST: the value increases with each notification. What a slow client has not read yet is not worth more of the same.
            if (progress <= lastProgress || waiting >= MostWaiting)
                return Task.CompletedTask;

            lastProgress = progress;
            task?.Report(new TaskProgress { Progress = progress, Total = total, Message = message });
            if (Meta.ProgressToken is not { } token)
                return Task.CompletedTask;

            var parameters = new ProgressNotificationParams { ProgressToken = token, Progress = progress, Total = total, Message = message };
            return NotifyAsync(Methods.Progress, JsonBody.Of(parameters, McpJson.Wire.ProgressNotificationParams), cancellationToken);
        }
    }

    /// <summary>Sends a log message to the client, if it wants messages of that level.</summary>
    /// <remarks>Spec: 2026-07-28 server/utilities/logging §Log Message Notifications</remarks>
    /// <param name="level">How severe it is.</param>
    /// <param name="data">What is logged: a string, or any JSON value.</param>
    /// <param name="logger">Which part of the server speaks.</param>
    /// <param name="cancellationToken">Stops the sending.</param>
    public Task LogAsync(LoggingLevel level, JsonElement data, string? logger = null, CancellationToken cancellationToken = default)
    {
        // MUST NOT: a client that names no level gets no log messages for its request.
        if (LogLevel is not { } least || level < least)
            return Task.CompletedTask;

        var parameters = new LoggingMessageNotificationParams { Level = level, Data = data, Logger = logger };
        return NotifyAsync(Methods.Message, JsonBody.Of(parameters, McpJson.Wire.LoggingMessageNotificationParams), cancellationToken);
    }

    /// <inheritdoc cref="LogAsync(LoggingLevel, JsonElement, string?, CancellationToken)"/>
    public Task LogAsync(LoggingLevel level, string data, string? logger = null, CancellationToken cancellationToken = default) =>
        LogAsync(level, JsonSerializer.SerializeToElement(data, McpJson.Wire.String), logger, cancellationToken);

    /// <summary>Sends a notification that belongs to this request; does nothing once the request has been answered.</summary>
    public Task NotifyAsync(string method, JsonBody parameters, CancellationToken cancellationToken = default) =>
        Run is { IsTask: true }
            ? Run.TellAsync(new JsonRpcNotification(method, parameters), cancellationToken)
            : SendInOrderAsync(new JsonRpcNotification(method, parameters), cancellationToken);

    /// <summary>Sends something that belongs to this request, after all that was sent before it; nothing once the request has been answered.</summary>
    internal Task SendInOrderAsync(JsonRpcMessage message, CancellationToken cancellationToken)
    {
        lock (Exchange)
        {
            if (completed)
                return Task.CompletedTask;

            waiting++;
            return lastSend = SendAfterAsync(lastSend, message, cancellationToken);
        }
    }

    /// <summary>Waits until all notifications have left; from then on none leaves any more. The response comes after them.</summary>
    internal Task CompleteAsync()
    {
        lock (Exchange)
        {
            completed = true;
            return lastSend;
        }
    }

    private async Task SendAfterAsync(Task before, JsonRpcMessage message, CancellationToken cancellationToken)
    {
        try
        {
            await before.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            await Exchange.Stream.SendAsync(message, cancellationToken).ConfigureAwait(false);
        }
        finally
        {
            lock (Exchange)
                waiting--;
        }
    }
}
