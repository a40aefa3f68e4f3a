using Microsoft.Extensions.Logging;
using OnlyMcp.Protocol.JsonRpc;
using OnlyMcp.Protocol.Schema;
using OnlyMcp.Server.Eras;
using OnlyMcp.Server.Features;
using OnlyMcp.Server.Http;
using OnlyMcp.Server.Tasks;

namespace OnlyMcp.Server.Modern;

/// <summary>Answers <c>subscriptions/listen</c>: says what it grants, tells of changes, and has its response when the server ends it.</summary>
/// <remarks>
/// Spec: 2026-07-28 basic/patterns/subscriptions §Opening a Stream
/// Spec: 2026-07-28 basic/patterns/subscriptions §Graceful Closure
/// Spec: 2026-07-28 basic/patterns/cancellation §Behavior Requirements
/// Spec: ext-tasks tasks §Task Status Notifications
/// </remarks>
internal sealed class SubscriptionsListenHandler(McpServer server)
{
    private readonly ILogger logger = server.Options.LoggerFactory.CreateLogger<SubscriptionsListenHandler>();
    private readonly SubscriptionCounts counts = new(server.Options.Limits);

    public async ValueTask<Result> HandleAsync(JsonRpcRequest request, RequestContext context, CancellationToken cancellationToken)
    {
        var exchange = context.Exchange;
        var wanted = RequestParameters.Read(request, McpJson.Wire.SubscriptionsListenRequestParams).Notifications;
        var granted = Grant(wanted, context) with { TaskIds = await GrantTasksAsync(wanted.TaskIds, context, cancellationToken).ConfigureAwait(false) };
        RequireEvents(exchange.Http);
        using var place = counts.Enter(exchange);
        exchange.Http?.StaysOpen();

        // Hears before it acknowledges: what changes from then on is told, whenever the client reads the acknowledgment.
        var subscription = new Subscription(context, granted, logger);
        using (server.Options.Changes.Subscribe(subscription.Hear))
        {
            await subscription.AcknowledgeAsync(cancellationToken).ConfigureAwait(false);
            await UntilClosingAsync(exchange.Closing, cancellationToken).ConfigureAwait(false);
        }

        await subscription.Told.WaitAsync(cancellationToken).ConfigureAwait(false);

        // Choice: one page asks for the notification whenever the server ends a subscription, the other for the response. On a pipe
        // both are sent, in this order; over HTTP the response alone, for there its stream ends with it.
        if (exchange.Conversation is not null)
            await subscription.CancelAsync(cancellationToken).ConfigureAwait(false);
        return new SubscriptionsListenResult { Meta = subscription.Meta };
    }

    /// <summary>Waits for the server to end the subscription; a client that ends it gets no answer.</summary>
    private static async Task UntilClosingAsync(CancellationToken closing, CancellationToken cancellationToken)
    {
        var ended = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        using var byServer = closing.UnsafeRegister(static ended => ((TaskCompletionSource)ended!).TrySetResult(), ended);
        using var byClient = cancellationToken.UnsafeRegister(static ended => ((TaskCompletionSource)ended!).TrySetResult(), ended);
        await ended.Task.ConfigureAwait(false);
        cancellationToken.ThrowIfCancellationRequested();
    }

    private static void RequireEvents(HttpExchange? http)
    {
        if (http is not null && !AcceptHeader.Parse(http.Header("Accept")).Events)
            throw new RefusedRequestException(
                406, ErrorCode.InvalidRequest, $"'{Methods.SubscriptionsListen}' is answered with text/event-stream, which Accept excludes.");
    }

    /// <summary>MUST: the part of the wish that will be fulfilled, which is what the server declares to tell of.</summary>
    private SubscriptionFilter Grant(SubscriptionFilter wanted, RequestContext context)
    {
        var offered = server.CapabilitiesFor(Protocol.Revisions.Era.Modern);
        CheckResources(wanted.ResourceSubscriptions ?? []);
        return new SubscriptionFilter
        {
            ToolsListChanged = Both(wanted.ToolsListChanged, offered.Tools?.ListChanged),
            PromptsListChanged = Both(wanted.PromptsListChanged, offered.Prompts?.ListChanged),
            ResourcesListChanged = Both(wanted.ResourcesListChanged, offered.Resources?.ListChanged),

            // Choice: an address that leads nowhere is left out like a kind that is not offered, so that nobody waits for its news. So is one
            // that the caller may not read.
            ResourceSubscriptions = offered.Resources?.Subscribe == true
                ? wanted.ResourceSubscriptions?
                    .Where(uri => server.ScopesOfResource(uri) is { } needed && context.Allows(needed))
                    .Distinct(StringComparer.Ordinal).ToArray()
                : null,
        };
    }

    // MUST: who did not declare the extension is told what is missing. Tasks that are not there, or another's, are left out.
    private async ValueTask<IReadOnlyList<string>?> GrantTasksAsync(
        IReadOnlyList<string>? wanted, RequestContext context, CancellationToken cancellationToken)
    {
        if (wanted is null || !server.OffersTasks)
            return null;

        context.Require(TaskStart.Needs);
        await McpServer.RequireRateAsync(server.Options.TaskLimiter, context, cancellationToken).ConfigureAwait(false);
        var most = server.Options.Limits.MaxSubscribedTasks;
        if (wanted.Count > most)
            throw new JsonRpcException(ErrorCode.InvalidParams, $"A subscription names at most {most} tasks; this one names {wanted.Count}.");

        List<string> granted = [];
        foreach (var taskId in wanted.Distinct(StringComparer.Ordinal))
        {
            if (await server.Tasks.TryFindAsync(taskId, context, cancellationToken).ConfigureAwait(false) is not null)
                granted.Add(taskId);
        }

        return granted;
    }

    private static bool? Both(bool? wanted, bool? offered) => wanted == true && offered == true ? true : null;

    private void CheckResources(IReadOnlyList<string> wanted)
    {
        var most = server.Options.Limits.MaxSubscribedResources;
        if (wanted.Count > most)
            throw new JsonRpcException(ErrorCode.InvalidParams, $"A subscription names at most {most} resources; this one names {wanted.Count}.");

        foreach (var uri in wanted)
            SubscribedAddress.Check(uri);
    }
}
