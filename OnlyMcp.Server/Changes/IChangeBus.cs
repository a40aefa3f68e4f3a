namespace OnlyMcp.Server.Changes;

/// <summary>
/// Carries the news of a change to everybody who tells clients of it. Several servers that stand for one, such as replicas behind a
/// load balancer, share a bus of their own; one process needs none but <see cref="InMemoryChangeBus"/>.
/// </summary>
/// <remarks>
/// <para>
/// Every subscriber hears of every change once, and of changes that one publisher published one after another in that order; of the same
/// change several times over is all right too. Each subscription of a client, and each session, is a subscriber: a bus over a network
/// listens to it once, and passes what comes on to an <see cref="InMemoryChangeBus"/> of its own. What a bus can only tell late, clients
/// hear of late; what it loses, they do not hear of, and no call fails for it.
/// </para>
/// <para>
/// A server publishes the changes of its lists one at a time, and while one is under way, equal ones become one: a bus that is slow slows
/// nobody down. One that fails is logged; only <see cref="McpServer.NotifyResourceUpdatedAsync"/> lets its caller know.
/// </para>
/// Spec: 2026-07-28 basic/patterns/subscriptions §Receiving Notifications
/// </remarks>
public interface IChangeBus
{
    /// <summary>
    /// Tells all subscribers; done when the news is on its way, not when all have dealt with it. Called on the stack of whoever made the
    /// change: what takes time is awaited, and does not block.
    /// </summary>
    ValueTask PublishAsync(Change change, CancellationToken cancellationToken = default);

    /// <summary>Has <paramref name="listener"/>, which must not block, hear of changes until the result is disposed.</summary>
    IDisposable Subscribe(Action<Change> listener);
}
