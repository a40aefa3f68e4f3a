namespace OnlyMcp.Protocol.Schema.Legacy;

// Spec: 2025-11-25 server/resources §Subscriptions
/// <summary>
/// The wish to hear when a resource changes (<c>resources/subscribe</c>); the answer is an <see cref="EmptyResult"/>. Until 2025-11-25.
/// </summary>
public sealed record SubscribeRequestParams : RequestParams
{
    /// <summary>The resource's address.</summary>
    public required string Uri { get; init; }
}

// Spec: 2025-11-25 server/resources §Subscriptions
/// <summary>
/// The wish to hear of a resource no longer (<c>resources/unsubscribe</c>); the answer is an <see cref="EmptyResult"/>.
/// Until 2025-11-25.
/// </summary>
public sealed record UnsubscribeRequestParams : RequestParams
{
    /// <summary>The resource's address.</summary>
    public required string Uri { get; init; }
}
