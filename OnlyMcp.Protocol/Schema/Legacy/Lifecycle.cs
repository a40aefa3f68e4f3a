namespace OnlyMcp.Protocol.Schema.Legacy;

// Spec: 2025-11-25 basic/lifecycle §Initialization
/// <summary>The greeting with which a client opens a conversation (<c>initialize</c>). Until 2025-11-25.</summary>
public sealed record InitializeRequestParams : RequestParams
{
    /// <summary>The newest protocol version that the client speaks.</summary>
    public required string ProtocolVersion { get; init; }

    /// <summary>What the client can do for the server.</summary>
    public required ClientCapabilities Capabilities { get; init; }

    /// <summary>The client's name and version.</summary>
    public required Implementation ClientInfo { get; init; }
}

// Spec: 2025-11-25 basic/lifecycle §Initialization
/// <summary>The server's answer to the greeting. Until 2025-11-25.</summary>
public sealed record InitializeResult : Result
{
    /// <summary>The protocol version that the conversation uses: the client's own, or another that the server speaks.</summary>
    public required string ProtocolVersion { get; init; }

    /// <summary>What the server offers.</summary>
    public required ServerCapabilities Capabilities { get; init; }

    /// <summary>The server's name and version.</summary>
    public required Implementation ServerInfo { get; init; }

    /// <summary>How to use the server, in words for a language model.</summary>
    public string? Instructions { get; init; }
}

// Spec: 2025-11-25 basic/lifecycle §Initialization
/// <summary>
/// The news that the client has read the server's answer and is ready (<c>notifications/initialized</c>). Until 2025-11-25.
/// </summary>
public sealed record InitializedNotificationParams : NotificationParams;
