using OnlyMcp.Client.Eras;
using OnlyMcp.Client.Http;
using OnlyMcp.Protocol.JsonRpc;
using OnlyMcp.Protocol.Schema;
using OnlyMcp.Protocol.Transport;

namespace OnlyMcp.Client.Subscriptions;

/// <summary>Listens to a server, and again when the way to it broke, until the server ends it or nobody listens any more.</summary>
/// <remarks>Spec: 2026-07-28 basic/patterns/subscriptions §Graceful Closure</remarks>
internal sealed class Listening(IClientEra era, SubscriptionFilter wanted, ListenOptions options, McpClientOptions client)
{
    private TimeSpan delay = options.RetryDelay;
    private long? failingSince;

    /// <summary>What the server tells.</summary>
    public ChangeBuffer Changes { get; } = new(client.Limits.MaxWaitingChanges);

    /// <summary>Listens; completes <see cref="Changes"/> at the end, and does not throw.</summary>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        try
        {
            for (var isAgain = false; ; isAgain = true)
            {
                var subscriber = new Subscriber(wanted, Changes, isAgain);
                if (await TryListenAsync(subscriber, isAgain, cancellationToken).ConfigureAwait(false))
                    break;

                // MUST: who tries again waits longer each time, and not in step with others.
                await Task.Delay(NextDelay(), client.TimeProvider, cancellationToken).ConfigureAwait(false);
            }

            Changes.Complete();
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            Changes.Complete();
        }
        catch (Exception fault)
        {
            Changes.Complete(fault);
        }
    }

    /// <summary>True if the server ended it in order; false if the way broke and may come back.</summary>
    private async Task<bool> TryListenAsync(Subscriber subscriber, bool isAgain, CancellationToken cancellationToken)
    {
        try
        {
            await era.ListenAsync(subscriber, cancellationToken).ConfigureAwait(false);
            return true;
        }
        catch (Exception fault) when (!cancellationToken.IsCancellationRequested && MayTryAgain(fault, subscriber, isAgain))
        {
            return false;
        }
    }

    private bool MayTryAgain(Exception fault, Subscriber subscriber, bool isAgain)
    {
        if (subscriber.HasStarted)
            (failingSince, delay) = (null, options.RetryDelay);
        failingSince ??= client.TimeProvider.GetTimestamp();
        var mayPass = fault switch
        {
            JsonRpcException { ReceivedHttpStatus: 429 or >= 500 } => true,
            HttpStatusException { Status: 408 or 429 or >= 500 } => true,
            TransportClosedException or RequestTimedOutException or ProtocolFaultException or SessionLostException => true,
            _ => false,
        };

        // What fails at once is told at once. A pipe that is gone stays so; a process that was started again and fails again does too.
        return mayPass && era.CanListenAgain && (subscriber.HasStarted || fault is SessionLostException || (isAgain && era.Conversation.Transport.HasResponseStreams))
            && (options.GiveUpAfter == Timeout.InfiniteTimeSpan || client.TimeProvider.GetElapsedTime(failingSince.Value) < options.GiveUpAfter);
    }

    private TimeSpan NextDelay()
    {
        var next = delay * (0.5 + Random.Shared.NextDouble());
        delay = delay * 2 < options.MaxRetryDelay ? delay * 2 : options.MaxRetryDelay;
        return next;
    }
}
