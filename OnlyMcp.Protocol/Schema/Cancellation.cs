using OnlyMcp.Protocol.JsonRpc;

namespace OnlyMcp.Protocol.Schema;

// Spec: 2026-07-28 basic/patterns/cancellation §Cancellation Flow
/// <summary>The news that the answer to a request is no longer wanted (<c>notifications/cancelled</c>).</summary>
public sealed record CancelledNotificationParams : NotificationParams
{
    /// <summary>The id of the request. Always send it; 2025-11-25 alone allows a peer to leave it out.</summary>
    public RequestId? RequestId { get; init; }

    /// <summary>Why, in words for people or a log.</summary>
    public string? Reason { get; init; }
}
