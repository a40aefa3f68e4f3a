using OnlyMcp.Client.Subscriptions;
using OnlyMcp.Protocol.JsonRpc;
using OnlyMcp.Protocol.Revisions;
using OnlyMcp.Protocol.Schema;

namespace OnlyMcp.Client.Modern;

/// <summary>Asks <c>subscriptions/listen</c>, whose answer is the end of what is told meanwhile.</summary>
/// <remarks>
/// Spec: 2026-07-28 basic/patterns/subscriptions §Opening a Stream
/// Spec: 2026-07-28 basic/patterns/subscriptions §Graceful Closure
/// </remarks>
internal static class SubscriptionsListen
{
    /// <summary>Returns when the server ends the subscription in order.</summary>
    public static async Task RunAsync(
        ClientConversation conversation, Revision revision, Subscriber subscriber, CancellationToken cancellationToken)
    {
        var options = conversation.Options;
        var wish = JsonBody.Of(
            new SubscriptionsListenRequestParams { Notifications = subscriber.Wanted }, McpJson.Wire.SubscriptionsListenRequestParams);

        // MUST NOT: log messages have no place on this stream; no level asks for none.
        // MUST: whoever wants to hear of tasks speaks their extension.
        var metadata = RequestMetadata.Of(revision, options, null, takesTasks: subscriber.Wanted.TaskIds is { Count: > 0 });
        var question = new Question(Methods.SubscriptionsListen, wish)
        {
            Metadata = metadata,
            Timeouts = RequestTimeouts.None,
            Subscriber = subscriber,
        };
        using var late = new CancellationTokenSource(options.Timeouts.Timeout, options.TimeProvider);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, late.Token);
        var answer = conversation.AskAsync(question, either.Token).AsTask();

        // SHOULD: every request has its time. This one's ends with the acknowledgment: what follows may take for ever.
        if (await Task.WhenAny(answer, subscriber.Started).ConfigureAwait(false) == subscriber.Started)
            late.CancelAfter(Timeout.InfiniteTimeSpan);
        try
        {
            await answer.ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (late.IsCancellationRequested && !cancellationToken.IsCancellationRequested)
        {
            throw new RequestTimedOutException(Methods.SubscriptionsListen, options.Timeouts.Timeout);
        }
    }
}
