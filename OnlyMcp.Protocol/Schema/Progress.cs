using OnlyMcp.Protocol.JsonRpc;

namespace OnlyMcp.Protocol.Schema;

// Spec: 2026-07-28 basic/patterns/progress §Progress Flow
/// <summary>The news how far a request has come (<c>notifications/progress</c>).</summary>
public sealed record ProgressNotificationParams : NotificationParams
{
    /// <summary>The <see cref="RequestMeta.ProgressToken"/> of the request.</summary>
    public required ProgressToken ProgressToken { get; init; }

    /// <summary>How far it has come, in units of the sender's choice; grows with every report.</summary>
    public required double Progress { get; init; }

    /// <summary>How far it has to go, in the same units, if known.</summary>
    public double? Total { get; init; }

    /// <summary>What is going on, in words for people. Since 2025-03-26.</summary>
    public string? Message { get; init; }
}
