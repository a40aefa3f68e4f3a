namespace OnlyMcp.Server.Changes;

/// <summary>
/// Carries the news of a change to everybody who tells clients of it. Several servers that stand for one, such as replicas behind a
/// load balancer, share a bus of their own; one process needs none but <see cref="InMemoryChangeBus"/>.
/// </summary>
/// <remarks>
/// Every subscriber hears of every change once, and of changes that one publisher published one after another in that order.
/// Spec: 2026-07-28 basic/patterns/subscriptions §Receiving Notifications
/// </remarks>
public interface IChangeBus
{
    /// <summary>Tells all subscribers; done when the news is on its way, not when all have dealt with it.</summary>
    ValueTask PublishAsync(Change change, CancellationToken cancellationToken = default);

    /// <summary>Has <paramref name="listener"/>, which must not block, hear of changes until the result is disposed.</summary>
    IDisposable Subscribe(Action<Change> listener);
}
