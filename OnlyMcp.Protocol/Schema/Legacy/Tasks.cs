using System.Text.Json.Serialization;

namespace OnlyMcp.Protocol.Schema.Legacy;

// Spec: 2025-11-25 basic/utilities/tasks §Task
/// <summary>How far a task has come. 2025-11-25 only.</summary>
public sealed record LegacyTask
{
    /// <summary>The task's name, chosen by the one who does it; nobody can guess it.</summary>
    public required string TaskId { get; init; }

    /// <summary>How far the task has come.</summary>
    public required McpTaskStatus Status { get; init; }

    /// <summary>What goes on, for a person or a model to read.</summary>
    public string? StatusMessage { get; init; }

    /// <summary>When the task began.</summary>
    [JsonConverter(typeof(TimestampConverter))]
    public required DateTimeOffset CreatedAt { get; init; }

    /// <summary>When something about the task last changed.</summary>
    [JsonConverter(typeof(TimestampConverter))]
    public required DateTimeOffset LastUpdatedAt { get; init; }

    /// <summary>For how long the task is kept, in milliseconds from <see cref="CreatedAt"/>; null for ever.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.Never)]
    public long? Ttl { get; init; }

    /// <summary>How long to wait between two questions about the task, in milliseconds.</summary>
    public long? PollInterval { get; init; }
}

// Spec: 2025-11-25 basic/utilities/tasks §Creating Tasks
/// <summary>The request goes on as a task, as its sender wished. 2025-11-25 only.</summary>
public sealed record CreateLegacyTaskResult : Result
{
    /// <summary>The task.</summary>
    public required LegacyTask Task { get; init; }
}

// Spec: 2025-11-25 basic/utilities/tasks §Getting Tasks
/// <summary>A request about one task (<c>tasks/get</c>, <c>tasks/result</c>, <c>tasks/cancel</c>). 2025-11-25 only.</summary>
public sealed record LegacyTaskRequestParams : RequestParams
{
    /// <summary>The task's name.</summary>
    public required string TaskId { get; init; }
}

// Spec: 2025-11-25 basic/utilities/tasks §Getting Tasks
/// <summary>How far a task has come: the answer to <c>tasks/get</c> and to <c>tasks/cancel</c>. 2025-11-25 only.</summary>
public sealed record LegacyTaskResult : Result
{
    /// <inheritdoc cref="LegacyTask.TaskId"/>
    public required string TaskId { get; init; }

    /// <inheritdoc cref="LegacyTask.Status"/>
    public required McpTaskStatus Status { get; init; }

    /// <inheritdoc cref="LegacyTask.StatusMessage"/>
    public string? StatusMessage { get; init; }

    /// <inheritdoc cref="LegacyTask.CreatedAt"/>
    [JsonConverter(typeof(TimestampConverter))]
    public required DateTimeOffset CreatedAt { get; init; }

    /// <inheritdoc cref="LegacyTask.LastUpdatedAt"/>
    [JsonConverter(typeof(TimestampConverter))]
    public required DateTimeOffset LastUpdatedAt { get; init; }

    /// <inheritdoc cref="LegacyTask.Ttl"/>
    [JsonIgnore(Condition = JsonIgnoreCondition.Never)]
    public long? Ttl { get; init; }

    /// <inheritdoc cref="LegacyTask.PollInterval"/>
    public long? PollInterval { get; init; }
}

// Spec: 2025-11-25 basic/utilities/tasks §Listing Tasks
/// <summary>The question which tasks there are (<c>tasks/list</c>). 2025-11-25 only.</summary>
public sealed record ListTasksRequestParams : PaginatedRequestParams;

// Spec: 2025-11-25 basic/utilities/tasks §Listing Tasks
/// <summary>The tasks of whoever asks, or one page of them. 2025-11-25 only.</summary>
public sealed record ListTasksResult : PaginatedResult
{
    /// <summary>The tasks of this page.</summary>
    public required IReadOnlyList<LegacyTask> Tasks { get; init; }
}

// Spec: 2025-11-25 basic/utilities/tasks §Task Status Notification
/// <summary>How far a task has come, told unasked (<c>notifications/tasks/status</c>). 2025-11-25 only.</summary>
public sealed record LegacyTaskStatusNotificationParams : NotificationParams
{
    /// <inheritdoc cref="LegacyTask.TaskId"/>
    public required string TaskId { get; init; }

    /// <inheritdoc cref="LegacyTask.Status"/>
    public required McpTaskStatus Status { get; init; }

    /// <inheritdoc cref="LegacyTask.StatusMessage"/>
    public string? StatusMessage { get; init; }

    /// <inheritdoc cref="LegacyTask.CreatedAt"/>
    [JsonConverter(typeof(TimestampConverter))]
    public required DateTimeOffset CreatedAt { get; init; }

    /// <inheritdoc cref="LegacyTask.LastUpdatedAt"/>
    [JsonConverter(typeof(TimestampConverter))]
    public required DateTimeOffset LastUpdatedAt { get; init; }

    /// <inheritdoc cref="LegacyTask.Ttl"/>
    [JsonIgnore(Condition = JsonIgnoreCondition.Never)]
    public long? Ttl { get; init; }

    /// <inheritdoc cref="LegacyTask.PollInterval"/>
    public long? PollInterval { get; init; }
}

// Spec: 2025-11-25 basic/utilities/tasks §Related Task Metadata
/// <summary>The task that a message belongs to, in its metadata under <see cref="MetaKeys.RelatedTask"/>. 2025-11-25 only.</summary>
public sealed record RelatedTaskMetadata
{
    /// <summary>The task's name.</summary>
    public required string TaskId { get; init; }
}
