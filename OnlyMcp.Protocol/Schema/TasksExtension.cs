using System.Text.Json;
using System.Text.Json.Serialization;

namespace OnlyMcp.Protocol.Schema;

// The extension io.modelcontextprotocol/tasks. Its types and those of 2025-11-25 share a status, and little else.

/// <summary>The names that the extension for tasks gives to itself and to its results. Since 2026-07-28.</summary>
public static class TasksExtension
{
    // Spec: ext-tasks tasks §Extension Identifier
    /// <summary>The extension's identifier: the key under which both sides declare that they speak it, with empty settings.</summary>
    public const string Id = "io.modelcontextprotocol/tasks";

    // Spec: ext-tasks tasks §Polymorphic Results
    /// <summary>The <see cref="Result.ResultType"/> of a <see cref="CreateTaskResult"/>, and of no other result.</summary>
    public const string ResultType = "task";

    /// <summary>
    /// In the metadata of <c>tasks/get</c> and <c>notifications/tasks</c>: how far the task has come, a <see cref="TaskProgress"/>. The
    /// extension has words for that alone; this is an addition of OnlyMcp, which others may ignore.
    /// </summary>
    public const string ProgressKey = "com.onlymcp/progress";
}

// Spec: ext-tasks tasks §Task Status
/// <summary>How far a task has come. The last three are final: a task in one of them never changes again.</summary>
[JsonConverter(typeof(WireNameConverter<McpTaskStatus>))]
public enum McpTaskStatus
{
    /// <summary>It is under way.</summary>
    [JsonStringEnumMemberName("working")] Working,

    /// <summary>It waits for answers of the client.</summary>
    [JsonStringEnumMemberName("input_required")] InputRequired,

    /// <summary>It has its result.</summary>
    [JsonStringEnumMemberName("completed")] Completed,

    /// <summary>It ended in an error. In 2025-11-25 also: the tool's result says that the tool failed.</summary>
    [JsonStringEnumMemberName("failed")] Failed,

    /// <summary>It was cancelled before it was done.</summary>
    [JsonStringEnumMemberName("cancelled")] Cancelled,
}

// Spec: ext-tasks tasks §Tasks
/// <summary>What the results that describe a task have in common.</summary>
public abstract record TaskResult : Result
{
    /// <summary>The task's name, chosen by the server; nobody can guess it.</summary>
    [JsonPropertyOrder(StampOrder.First)]
    public required string TaskId { get; init; }

    /// <summary>How far the task has come.</summary>
    [JsonPropertyOrder(StampOrder.First)]
    public required McpTaskStatus Status { get; init; }

    /// <summary>What goes on, for a person or a model to read.</summary>
    [JsonPropertyOrder(StampOrder.First)]
    public string? StatusMessage { get; init; }

    /// <summary>When the task began.</summary>
    [JsonConverter(typeof(TimestampConverter)), JsonPropertyOrder(StampOrder.First)]
    public required DateTimeOffset CreatedAt { get; init; }

    /// <summary>When something about the task last changed.</summary>
    [JsonConverter(typeof(TimestampConverter)), JsonPropertyOrder(StampOrder.First)]
    public required DateTimeOffset LastUpdatedAt { get; init; }

    /// <summary>For how long the server keeps the task, in milliseconds from <see cref="CreatedAt"/>; null for ever. May change.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.Never), JsonPropertyOrder(StampOrder.First)]
    public long? TtlMs { get; init; }

    /// <summary>How long to wait between two questions about the task, in milliseconds. May change.</summary>
    [JsonPropertyOrder(StampOrder.First)]
    public long? PollIntervalMs { get; init; }
}

// Spec: ext-tasks tasks §Task Creation
/// <summary>The request goes on as a task: its result has to be asked for. Answers <c>tools/call</c> in place of the tool's result.</summary>
public sealed record CreateTaskResult : TaskResult;

// Spec: ext-tasks tasks §Task Polling
/// <summary>The question how far a task has come (<c>tasks/get</c>).</summary>
public sealed record GetTaskRequestParams : RequestParams
{
    /// <summary>The task's name.</summary>
    public required string TaskId { get; init; }
}

// Spec: ext-tasks tasks §Task Polling
/// <summary>How far a task has come, with what it asks or what it came to.</summary>
public sealed record GetTaskResult : TaskResult
{
    /// <summary>What waits for the client's answer, each question under its key. There if the status is <c>input_required</c>.</summary>
    public IReadOnlyDictionary<string, InputRequest>? InputRequests { get; init; }

    /// <summary>What the request would have been answered with. There if the status is <c>completed</c>.</summary>
    public JsonElement? Result { get; init; }

    /// <summary>The error that the request would have been answered with. There if the status is <c>failed</c>.</summary>
    public TaskError? Error { get; init; }
}

// Spec: ext-tasks tasks §Task Execution Errors
/// <summary>The error that a task ended in: what an error response says.</summary>
public sealed record TaskError
{
    /// <summary>The kind of error, as in an error response.</summary>
    public required int Code { get; init; }

    /// <summary>One sentence for a person.</summary>
    public required string Message { get; init; }

    /// <summary>More for a program, in a shape that depends on the code.</summary>
    public JsonElement? Data { get; init; }
}

/// <summary>How far a task says it has come, under <see cref="TasksExtension.ProgressKey"/>.</summary>
public sealed record TaskProgress
{
    /// <summary>How far, in a unit of the tool's choice; it only grows.</summary>
    public required double Progress { get; init; }

    /// <summary>How far it will go, if that is known.</summary>
    public double? Total { get; init; }

    /// <summary>What is being done, for a person.</summary>
    public string? Message { get; init; }
}

// Spec: ext-tasks tasks §Task Update Requests
/// <summary>Answers to what a task asks (<c>tasks/update</c>); the answer to it is an <see cref="EmptyResult"/>.</summary>
public sealed record UpdateTaskRequestParams : RequestParams
{
    /// <summary>The task's name.</summary>
    public required string TaskId { get; init; }

    /// <summary>The answers, or some of them, under the keys of their questions.</summary>
    public required IReadOnlyDictionary<string, JsonElement> InputResponses { get; init; }
}

// Spec: ext-tasks tasks §Task Cancellation
/// <summary>
/// The wish that a task end (<c>tasks/cancel</c>); the answer to it is an <see cref="EmptyResult"/>, and the task may still be completed.
/// </summary>
public sealed record CancelTaskRequestParams : RequestParams
{
    /// <summary>The task's name.</summary>
    public required string TaskId { get; init; }
}

// Spec: ext-tasks tasks §Task Status Notifications
/// <summary>How far a task has come, told to whoever listens (<c>notifications/tasks</c>): what <c>tasks/get</c> would say.</summary>
public sealed record TaskStatusNotificationParams : NotificationParams
{
    /// <inheritdoc cref="TaskResult.TaskId"/>
    public required string TaskId { get; init; }

    /// <inheritdoc cref="TaskResult.Status"/>
    public required McpTaskStatus Status { get; init; }

    /// <inheritdoc cref="TaskResult.StatusMessage"/>
    public string? StatusMessage { get; init; }

    /// <inheritdoc cref="TaskResult.CreatedAt"/>
    [JsonConverter(typeof(TimestampConverter))]
    public required DateTimeOffset CreatedAt { get; init; }

    /// <inheritdoc cref="TaskResult.LastUpdatedAt"/>
    [JsonConverter(typeof(TimestampConverter))]
    public required DateTimeOffset LastUpdatedAt { get; init; }

    /// <inheritdoc cref="TaskResult.TtlMs"/>
    [JsonIgnore(Condition = JsonIgnoreCondition.Never)]
    public long? TtlMs { get; init; }

    /// <inheritdoc cref="TaskResult.PollIntervalMs"/>
    public long? PollIntervalMs { get; init; }

    /// <inheritdoc cref="GetTaskResult.InputRequests"/>
    public IReadOnlyDictionary<string, InputRequest>? InputRequests { get; init; }

    /// <inheritdoc cref="GetTaskResult.Result"/>
    public JsonElement? Result { get; init; }

    /// <inheritdoc cref="GetTaskResult.Error"/>
    public TaskError? Error { get; init; }
}
