using System.Diagnostics.CodeAnalysis;
using OnlyMcp.Client.Subscriptions;
using OnlyMcp.Protocol.JsonRpc;
using OnlyMcp.Protocol.Schema;
using OnlyMcp.Protocol.Schema.Legacy;
using OnlyMcp.Protocol.Transport;

namespace OnlyMcp.Client.Legacy;

/// <summary>Listens to what a session is told, and subscribes to resources for as long as somebody wants to hear of them.</summary>
/// <remarks>Spec: 2025-11-25 server/resources §Subscriptions</remarks>
[SuppressMessage("Design", "CA1001", Justification = "A semaphore whose wait handle nobody asks for holds nothing to give back.")]
internal sealed class SessionSubscriptions(ClientConversation conversation, LegacyEra era)
{
    private static readonly TimeSpan FarewellTime = TimeSpan.FromSeconds(5);

    private readonly SemaphoreSlim turn = new(1);
    private readonly Dictionary<string, int> wanted = new(StringComparer.Ordinal);
    private TaskCompletionSource lost = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Listens until the session is lost, the conversation ends, or nobody wants to any more.</summary>
    public async Task ListenAsync(Subscriber subscriber, CancellationToken cancellationToken)
    {
        await era.RestoreStreamAsync(cancellationToken).ConfigureAwait(false);
        var session = lost;
        var closing = conversation.Inbox.Conversation.Closing;
        var resources = new List<string>();
        using var hearing = conversation.Inbox.Subscribers.Add(subscriber);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, closing);
        try
        {
            foreach (var uri in WantedOf(subscriber))
            {
                if (await TrySubscribeAsync(uri, session, cancellationToken).ConfigureAwait(false))
                    resources.Add(uri);
            }

            // Once anything asked now is answered, the server has read that the client is initialized, and tells.
            if (resources.Count == 0)
                await era.PingAsync(RequestOptions.Default, cancellationToken).ConfigureAwait(false);
            subscriber.Start(Granted(subscriber.Wanted, resources));
            await session.Task.WaitAsync(either.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (closing.IsCancellationRequested && !cancellationToken.IsCancellationRequested)
        {
            throw new TransportClosedException("The conversation with the server has ended.");
        }
        finally
        {
            await UnsubscribeAsync(resources, session).ConfigureAwait(false);
        }

        throw new TransportClosedException("The session, or its event stream, was lost.");
    }

    /// <summary>The session was lost with its subscriptions, or what is told does not arrive any more: who listens begins anew.</summary>
    public void Forget()
    {
        lock (wanted)
            wanted.Clear();
        Interlocked.Exchange(ref lost, new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously)).TrySetResult();
    }

    private string[] WantedOf(Subscriber subscriber) => era.Server.Capabilities.Resources?.Subscribe == true
        ? [.. (subscriber.Wanted.ResourceSubscriptions ?? []).Distinct(StringComparer.Ordinal)]
        : [];

    private SubscriptionFilter Granted(SubscriptionFilter asked, IReadOnlyList<string> resources)
    {
        var offered = era.Server.Capabilities;
        return new SubscriptionFilter
        {
            ToolsListChanged = Both(asked.ToolsListChanged, offered.Tools?.ListChanged),
            PromptsListChanged = Both(asked.PromptsListChanged, offered.Prompts?.ListChanged),
            ResourcesListChanged = Both(asked.ResourcesListChanged, offered.Resources?.ListChanged),
            ResourceSubscriptions = asked.ResourceSubscriptions is null ? null : resources,
        };
    }

    private static bool? Both(bool? asked, bool? offered) => asked == true && offered == true ? true : null;

    /// <summary>Subscribes unless somebody here has done so; false if the server refuses.</summary>
    private async Task<bool> TrySubscribeAsync(string uri, TaskCompletionSource session, CancellationToken cancellationToken)
    {
        await turn.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            if (Count(uri, session, 1) > 1)
                return true;

            var wish = JsonBody.Of(new SubscribeRequestParams { Uri = uri }, McpJson.Wire.SubscribeRequestParams);
            await era.AskAsync(Methods.ResourcesSubscribe, wish, RequestOptions.Default, cancellationToken).ConfigureAwait(false);
            return true;
        }
        catch (JsonRpcException)
        {
            Count(uri, session, -1);
            return false;
        }
        catch
        {
            Count(uri, session, -1);
            throw;
        }
        finally
        {
            turn.Release();
        }
    }

    private async Task UnsubscribeAsync(List<string> uris, TaskCompletionSource session)
    {
        foreach (var uri in uris)
        {
            await turn.WaitAsync().ConfigureAwait(false);
            try
            {
                if (Count(uri, session, -1) == 0 && !conversation.HasEnded)
                    await TellGoodbyeAsync(uri).ConfigureAwait(false);
            }
            finally
            {
                turn.Release();
            }
        }
    }

    /// <summary>What goes wrong is not worth more than a line in the log: what still comes finds nobody.</summary>
    private async Task TellGoodbyeAsync(string uri)
    {
        var wish = JsonBody.Of(new UnsubscribeRequestParams { Uri = uri }, McpJson.Wire.UnsubscribeRequestParams);
        var question = new Question(Methods.ResourcesUnsubscribe, wish) { Timeouts = new RequestTimeouts { Timeout = FarewellTime } };
        try
        {
            await conversation.AskAsync(question, CancellationToken.None).ConfigureAwait(false);
        }
        catch (Exception fault)
        {
            conversation.Inbox.LogUnsent(new JsonRpcNotification(Methods.ResourcesUnsubscribe, wish), fault);
        }
    }

    /// <summary>How many here want the resource now; what belonged to a session that is lost counts no more.</summary>
    private int Count(string uri, TaskCompletionSource session, int more)
    {
        lock (wanted)
        {
            if (session != lost)
                return -1;

            var count = wanted.GetValueOrDefault(uri) + more;
            if (count > 0)
                wanted[uri] = count;
            else
                wanted.Remove(uri);
            return count;
        }
    }
}
