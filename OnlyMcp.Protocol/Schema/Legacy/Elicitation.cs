namespace OnlyMcp.Protocol.Schema.Legacy;

// Spec: 2025-11-25 client/elicitation §Completion Notifications for URL Mode Elicitation
/// <summary>
/// The news that a user is done on the web page that the server named (<c>notifications/elicitation/complete</c>). 2025-11-25 only.
/// </summary>
public sealed record ElicitationCompleteNotificationParams : NotificationParams
{
    /// <summary>The <see cref="ElicitRequestUrlParams.ElicitationId"/> of the question.</summary>
    public required string ElicitationId { get; init; }
}

// Spec: 2025-11-25 client/elicitation §URL Elicitation Required Error
/// <summary>
/// What an error says when the user has to go to a web page first; afterwards the client may send its request again.
/// 2025-11-25 only.
/// </summary>
public sealed record UrlElicitationRequiredErrorData
{
    /// <summary>The pages to go to.</summary>
    public required IReadOnlyList<ElicitRequestUrlParams> Elicitations { get; init; }
}
