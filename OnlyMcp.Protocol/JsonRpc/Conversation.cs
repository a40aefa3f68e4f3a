using System.Diagnostics.CodeAnalysis;

namespace OnlyMcp.Protocol.JsonRpc;

/// <summary>
/// What belongs to one exchange of messages between two sides: a pipe, a session, or the single POST of a stateless request.
/// </summary>
/// <param name="time">Measures time-outs; <see cref="TimeProvider.System"/> unless a test says otherwise.</param>
/// <param name="onFault">Is told of exceptions that a notification's handler let out.</param>
[SuppressMessage("Design", "CA1001", Justification = "The source has no timer and no linked source: it holds nothing to give back.")]
public sealed class Conversation(TimeProvider time, Action<Exception> onFault)
{
    private readonly CancellationTokenSource closing = new();
    private volatile Exception? ended;

    /// <summary>What we asked.</summary>
    public PendingRequests Pending { get; } = new(time);

    /// <summary>What we are answering.</summary>
    public InFlightRequests InFlight { get; } = new();

    /// <summary>Notifications, handled in the order of their arrival.</summary>
    public NotificationChain Notifications { get; } = new(onFault);

    /// <summary>
    /// Is cancelled when the other side will send nothing more: what would go on for as long as the conversation does, such as a
    /// subscription, answers and ends now.
    /// </summary>
    public CancellationToken Closing => closing.Token;

    /// <summary>Why nothing that is asked will be answered any more; null while it may be.</summary>
    public Exception? Ended => ended;

    /// <summary>Begins the end: what we asked fails with <paramref name="reason"/>, what we are answering may still be answered.</summary>
    public void Close(Exception reason)
    {
        // In this order: what is entered meanwhile either fails here, or finds the conversation closing and why.
        ended ??= reason;
        _ = closing.CancelAsync();
        Pending.FailAll(reason);
    }

    /// <summary>Ends it: what we asked fails with <paramref name="reason"/>, what we are answering is cancelled.</summary>
    public void End(Exception reason)
    {
        Close(reason);
        InFlight.CancelAll();
    }
}
