using System.Runtime.CompilerServices;
using OnlyMcp.Client.Subscriptions;
using OnlyMcp.Protocol.JsonRpc;
using OnlyMcp.Protocol.Schema;
using OnlyMcp.Protocol.Transport;

namespace OnlyMcp.Client;

// Spec: 2026-07-28 basic/patterns/subscriptions §Opening a Stream
public sealed partial class McpClient
{
    private readonly CancellationTokenSource disposing = new();

    /// <summary>
    /// Hears when the server's lists of tools, prompts or resources change, what resources hold, or how far tasks have come: for as long
    /// as the result is enumerated, the client is not disposed, and the server does not end it.
    /// </summary>
    /// <remarks>
    /// <para>
    /// The first element is <see cref="ListeningStarted"/>: from then on changes are told, and it says which the server does not tell of.
    /// Where the way to the server breaks, the client listens again, and <see cref="ChangesMissed"/> says that something may not have been
    /// told. A change that has not been read yet is not told twice. The same in every revision; before 2026-07-28 the session's own
    /// notifications are used, and <c>resources/subscribe</c>.
    /// </para>
    /// Spec: 2026-07-28 basic/patterns/subscriptions §Receiving Notifications
    /// Spec: 2025-11-25 server/resources §Subscriptions
    /// </remarks>
    /// <param name="wanted">Which changes to hear of; what is not set is not told.</param>
    /// <param name="options">How to go on when the way breaks; the defaults if null.</param>
    /// <param name="cancellationToken">Ends the listening.</param>
    /// <exception cref="JsonRpcException">The server refuses.</exception>
    /// <exception cref="RequestTimedOutException">The server did not say within the time of requests what it grants.</exception>
    /// <exception cref="TransportClosedException">The server is gone, and did not come back.</exception>
    public async IAsyncEnumerable<ServerChange> ListenAsync(
        SubscriptionFilter wanted, ListenOptions? options = null, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(wanted);
        ObjectDisposedException.ThrowIf(disposed != 0, this);
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, disposing.Token);
        var listening = new Listening(era, wanted, options ?? new ListenOptions(), this.options);
        var running = listening.RunAsync(stop.Token);
        try
        {
            await foreach (var change in listening.Changes.ReadAsync(cancellationToken).ConfigureAwait(false))
                yield return change;
            cancellationToken.ThrowIfCancellationRequested();
        }
        finally
        {
            await stop.CancelAsync().ConfigureAwait(false);
            await running.ConfigureAwait(false);
        }
    }
}
