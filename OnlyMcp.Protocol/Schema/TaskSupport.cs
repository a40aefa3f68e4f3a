using System.Text.Json.Serialization;

namespace OnlyMcp.Protocol.Schema;

// The tasks of 2025-11-25 that members of lasting types name; 2026-07-28 moved tasks into an extension.

// Spec: 2025-11-25 basic/utilities/tasks §Task Parameters
/// <summary>The wish that a request be answered later, as a task. 2025-11-25 only.</summary>
public sealed record TaskMetadata
{
    /// <summary>How long to keep the task and its result, in milliseconds from its creation; null leaves it to the receiver.</summary>
    public long? Ttl { get; init; }
}

// Spec: 2025-11-25 basic/utilities/tasks §Tool-Level Negotiation
/// <summary>How a tool may be run. 2025-11-25 only.</summary>
public sealed record ToolExecution
{
    /// <summary>Whether a call of the tool may be, or has to be, a task; null means that it may not.</summary>
    public TaskSupport? TaskSupport { get; init; }
}

// Spec: 2025-11-25 basic/utilities/tasks §Tool-Level Negotiation
/// <summary>Whether a call of a tool may be, or has to be, a task. 2025-11-25 only.</summary>
[JsonConverter(typeof(WireNameConverter<TaskSupport>))]
public enum TaskSupport
{
    /// <summary>It may not.</summary>
    [JsonStringEnumMemberName("forbidden")] Forbidden,

    /// <summary>It may.</summary>
    [JsonStringEnumMemberName("optional")] Optional,

    /// <summary>It has to.</summary>
    [JsonStringEnumMemberName("required")] Required,
}

// Spec: 2025-11-25 basic/utilities/tasks §Server Capabilities
/// <summary>What a server can do about tasks. 2025-11-25 only.</summary>
public sealed record ServerTasksCapability
{
    /// <summary>A client can list its tasks.</summary>
    public CapabilitySettings? List { get; init; }

    /// <summary>A client can cancel a task.</summary>
    public CapabilitySettings? Cancel { get; init; }

    /// <summary>The requests that can be tasks.</summary>
    public ServerTaskRequestsCapability? Requests { get; init; }
}

// Spec: 2025-11-25 basic/utilities/tasks §Server Capabilities
/// <summary>The requests that a server can answer as tasks, by the first half of the method's name. 2025-11-25 only.</summary>
public sealed record ServerTaskRequestsCapability
{
    /// <summary>The requests about tools.</summary>
    public ToolTasksCapability? Tools { get; init; }
}

// Spec: 2025-11-25 basic/utilities/tasks §Server Capabilities
/// <summary>The requests about tools that can be tasks. 2025-11-25 only.</summary>
public sealed record ToolTasksCapability
{
    /// <summary>Calling a tool can be a task.</summary>
    public CapabilitySettings? Call { get; init; }
}

// Spec: 2025-11-25 basic/utilities/tasks §Client Capabilities
/// <summary>What a client can do about tasks. 2025-11-25 only.</summary>
public sealed record ClientTasksCapability
{
    /// <summary>A server can list its tasks.</summary>
    public CapabilitySettings? List { get; init; }

    /// <summary>A server can cancel a task.</summary>
    public CapabilitySettings? Cancel { get; init; }

    /// <summary>The requests that can be tasks.</summary>
    public ClientTaskRequestsCapability? Requests { get; init; }
}

// Spec: 2025-11-25 basic/utilities/tasks §Client Capabilities
/// <summary>The requests that a client can answer as tasks, by the first half of the method's name. 2025-11-25 only.</summary>
public sealed record ClientTaskRequestsCapability
{
    /// <summary>The requests to the client's language model.</summary>
    public SamplingTasksCapability? Sampling { get; init; }

    /// <summary>The requests to the client's user.</summary>
    public ElicitationTasksCapability? Elicitation { get; init; }
}

// Spec: 2025-11-25 basic/utilities/tasks §Client Capabilities
/// <summary>The requests to the client's language model that can be tasks. 2025-11-25 only.</summary>
public sealed record SamplingTasksCapability
{
    /// <summary>Asking for a message can be a task.</summary>
    public CapabilitySettings? CreateMessage { get; init; }
}

// Spec: 2025-11-25 basic/utilities/tasks §Client Capabilities
/// <summary>The requests to the client's user that can be tasks. 2025-11-25 only.</summary>
public sealed record ElicitationTasksCapability
{
    /// <summary>Asking the user can be a task.</summary>
    public CapabilitySettings? Create { get; init; }
}
