namespace OnlyMcp.Protocol.Schema.Legacy;

// Spec: 2025-11-25 server/utilities/logging §Setting Log Level
/// <summary>
/// The wish to hear log messages from now on (<c>logging/setLevel</c>); the answer is an <see cref="EmptyResult"/>. Until 2025-11-25.
/// </summary>
public sealed record SetLevelRequestParams : RequestParams
{
    /// <summary>The least severe message to send.</summary>
    public required LoggingLevel Level { get; init; }
}
