namespace OnlyMcp.Protocol.Schema.Legacy;

// Spec: 2025-11-25 basic/utilities/ping §Message Format
/// <summary>
/// The question whether the other side is still there (<c>ping</c>); the answer is an <see cref="EmptyResult"/>. Until 2025-11-25.
/// </summary>
public sealed record PingRequestParams : RequestParams;
