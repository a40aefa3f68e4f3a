namespace OnlyMcp.Protocol.JsonRpc;

/// <summary>
/// What belongs to one exchange of messages between two sides: a pipe, a session, or the single POST of a stateless request.
/// </summary>
/// <param name="time">Measures time-outs; <see cref="TimeProvider.System"/> unless a test says otherwise.</param>
/// <param name="onFault">Is told of exceptions that a notification's handler let out.</param>
public sealed class Conversation(TimeProvider time, Action<Exception> onFault)
{
    /// <summary>What we asked.</summary>
    public PendingRequests Pending { get; } = new(time);

    /// <summary>What we are answering.</summary>
    public InFlightRequests InFlight { get; } = new();

    /// <summary>Notifications, handled in the order of their arrival.</summary>
    public NotificationChain Notifications { get; } = new(onFault);

    /// <summary>Ends it: what we asked fails with <paramref name="reason"/>, what we are answering is cancelled.</summary>
    public void End(Exception reason)
    {
        Pending.FailAll(reason);
        InFlight.CancelAll();
    }
}
