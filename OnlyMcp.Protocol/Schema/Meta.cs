using System.Text.Json;
using System.Text.Json.Serialization;
using OnlyMcp.Protocol.JsonRpc;

namespace OnlyMcp.Protocol.Schema;

// Spec: 2026-07-28 basic §_meta
/// <summary>The keys of <c>_meta</c> that the protocol itself gives a meaning.</summary>
public static class MetaKeys
{
    /// <summary>On a request: the name under which its progress is to be reported.</summary>
    public const string ProgressToken = "progressToken";

    /// <summary>On a request: the protocol version that it speaks. Since 2026-07-28.</summary>
    public const string ProtocolVersion = "io.modelcontextprotocol/protocolVersion";

    /// <summary>On a request: the program that sends it, an <see cref="Implementation"/>. Since 2026-07-28.</summary>
    public const string ClientInfo = "io.modelcontextprotocol/clientInfo";

    /// <summary>On a request: what the client can do, a <see cref="Schema.ClientCapabilities"/>. Since 2026-07-28.</summary>
    public const string ClientCapabilities = "io.modelcontextprotocol/clientCapabilities";

    /// <summary>On a request: the least severe log message to send while it runs, a <see cref="LoggingLevel"/>. Since 2026-07-28.</summary>
    public const string LogLevel = "io.modelcontextprotocol/logLevel";

    /// <summary>On a result: the program that answers, an <see cref="Implementation"/>. Since 2026-07-28.</summary>
    public const string ServerInfo = "io.modelcontextprotocol/serverInfo";

    /// <summary>On a notification: the id of the request that subscribed to it. Since 2026-07-28.</summary>
    public const string SubscriptionId = "io.modelcontextprotocol/subscriptionId";

    /// <summary>On any message: the task that it belongs to. 2025-11-25 only.</summary>
    public const string RelatedTask = "io.modelcontextprotocol/related-task";

    /// <summary>On the answer that starts a task: a text for the model to go on with meanwhile. 2025-11-25 only.</summary>
    public const string ModelImmediateResponse = "io.modelcontextprotocol/model-immediate-response";

    /// <summary>On any message: where it stands in a distributed trace, in the W3C format of the same name.</summary>
    public const string TraceParent = "traceparent";

    /// <summary>On any message: what tracing systems add to <see cref="TraceParent"/>, in the W3C format of the same name.</summary>
    public const string TraceState = "tracestate";

    /// <summary>On any message: values that travel along a distributed trace, in the W3C format of the same name.</summary>
    public const string Baggage = "baggage";
}

// Spec: 2026-07-28 basic §_meta
/// <summary>
/// Facts about a request: which protocol version it speaks, who sends it, what that client can do, where to report progress.
/// Before 2026-07-28 only <see cref="ProgressToken"/> and keys of one's own exist here.
/// </summary>
public sealed record RequestMeta
{
    /// <summary>The name under which the sender wants to hear about progress; null means that it does not.</summary>
    [JsonPropertyName(MetaKeys.ProgressToken)]
    public ProgressToken? ProgressToken { get; init; }

    /// <summary>The protocol version that the request speaks. Required since 2026-07-28, and absent before.</summary>
    [JsonPropertyName(MetaKeys.ProtocolVersion)]
    public string? ProtocolVersion { get; init; }

    /// <summary>
    /// The program that sends the request, as it calls itself: for display and logs, never for a decision. Since 2026-07-28.
    /// </summary>
    [JsonPropertyName(MetaKeys.ClientInfo)]
    public Implementation? ClientInfo { get; init; }

    /// <summary>What the client can do while this request runs. Required since 2026-07-28, and absent before.</summary>
    [JsonPropertyName(MetaKeys.ClientCapabilities)]
    public ClientCapabilities? ClientCapabilities { get; init; }

    /// <summary>
    /// The least severe log message to send while this request runs; null asks for none. Since 2026-07-28, deprecated there.
    /// </summary>
    [JsonPropertyName(MetaKeys.LogLevel)]
    public LoggingLevel? LogLevel { get; init; }

    /// <summary>Every other key, such as <see cref="MetaKeys.TraceParent"/>.</summary>
    [JsonExtensionData]
    public IDictionary<string, JsonElement>? Other { get; set; } // not init: the serializer fills it in after construction
}
