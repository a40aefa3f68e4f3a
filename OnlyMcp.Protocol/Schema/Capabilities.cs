using System.Text.Json;
using System.Text.Json.Serialization;

namespace OnlyMcp.Protocol.Schema;

// Spec: 2026-07-28 basic/versioning §Extension Negotiation
/// <summary>What a client can do for a server, beyond asking it things. A member that is null is something that it cannot do.</summary>
public sealed record ClientCapabilities
{
    /// <summary>Capabilities outside the protocol, by a name of one's own; each value is an object.</summary>
    public IReadOnlyDictionary<string, JsonElement>? Experimental { get; init; }

    /// <summary>The client tells which folders the server may work in. Deprecated since 2026-07-28.</summary>
    public RootsCapability? Roots { get; init; }

    /// <summary>The client lets the server ask its language model. Deprecated since 2026-07-28.</summary>
    public SamplingCapability? Sampling { get; init; }

    /// <summary>The client lets the server ask its user. Since 2025-06-18.</summary>
    public ElicitationCapability? Elicitation { get; init; }

    /// <summary>The client can answer later, as a task. 2025-11-25 only.</summary>
    public ClientTasksCapability? Tasks { get; init; }

    /// <summary>
    /// The extensions of the protocol that the client knows, by identifier; each value is an object of settings. Since 2026-07-28.
    /// </summary>
    public IReadOnlyDictionary<string, JsonElement>? Extensions { get; init; }
}

// Spec: 2026-07-28 server/discover §DiscoverResult
/// <summary>What a server offers. A member that is null is something that it does not offer.</summary>
public sealed record ServerCapabilities
{
    /// <summary>Capabilities outside the protocol, by a name of one's own; each value is an object.</summary>
    public IReadOnlyDictionary<string, JsonElement>? Experimental { get; init; }

    /// <summary>The server sends log messages. Deprecated since 2026-07-28.</summary>
    public CapabilitySettings? Logging { get; init; }

    /// <summary>The server completes arguments while a user types them. Since 2025-03-26.</summary>
    public CapabilitySettings? Completions { get; init; }

    /// <summary>The server has prompt templates.</summary>
    public PromptsCapability? Prompts { get; init; }

    /// <summary>The server has resources to read.</summary>
    public ResourcesCapability? Resources { get; init; }

    /// <summary>The server has tools to call.</summary>
    public ToolsCapability? Tools { get; init; }

    /// <summary>The server can answer later, as a task. 2025-11-25 only.</summary>
    public ServerTasksCapability? Tasks { get; init; }

    /// <summary>
    /// The extensions of the protocol that the server knows, by identifier; each value is an object of settings. Since 2026-07-28.
    /// </summary>
    public IReadOnlyDictionary<string, JsonElement>? Extensions { get; init; }
}

/// <summary>A capability that is declared by being there. It has no settings today, and keeps those that a peer may send.</summary>
public sealed record CapabilitySettings
{
    /// <summary>Settings that the protocol does not define; usually null.</summary>
    [JsonExtensionData]
    public IDictionary<string, JsonElement>? Other { get; set; } // not init: the serializer fills it in after construction
}

// Spec: 2026-07-28 client/roots §Capabilities
/// <summary>How well a client can tell which folders a server may work in.</summary>
public sealed record RootsCapability
{
    /// <summary>The client says so when the folders change. Until 2025-11-25.</summary>
    public bool? ListChanged { get; init; }
}

// Spec: 2026-07-28 client/sampling §Capabilities
/// <summary>How a server may ask the client's language model.</summary>
public sealed record SamplingCapability
{
    /// <summary>The client can add context from other servers to the prompt. Since 2025-11-25.</summary>
    public CapabilitySettings? Context { get; init; }

    /// <summary>The model may be given tools. Since 2025-11-25.</summary>
    public CapabilitySettings? Tools { get; init; }
}

// Spec: 2026-07-28 client/elicitation §Capabilities
/// <summary>How a server may ask the client's user. Since 2025-06-18; with no member set it means a form.</summary>
public sealed record ElicitationCapability
{
    /// <summary>The user can fill in a form. Since 2025-11-25.</summary>
    public CapabilitySettings? Form { get; init; }

    /// <summary>The user can be sent to a web page. Since 2025-11-25.</summary>
    public CapabilitySettings? Url { get; init; }
}

// Spec: 2026-07-28 server/prompts §Capabilities
/// <summary>What a server does about its prompt templates beyond offering them.</summary>
public sealed record PromptsCapability
{
    /// <summary>The server says so when the list changes.</summary>
    public bool? ListChanged { get; init; }
}

// Spec: 2026-07-28 server/resources §Capabilities
/// <summary>What a server does about its resources beyond offering them.</summary>
public sealed record ResourcesCapability
{
    /// <summary>A client can ask to hear when one resource changes.</summary>
    public bool? Subscribe { get; init; }

    /// <summary>The server says so when the list changes.</summary>
    public bool? ListChanged { get; init; }
}

// Spec: 2026-07-28 server/tools §Capabilities
/// <summary>What a server does about its tools beyond offering them.</summary>
public sealed record ToolsCapability
{
    /// <summary>The server says so when the list changes.</summary>
    public bool? ListChanged { get; init; }
}
