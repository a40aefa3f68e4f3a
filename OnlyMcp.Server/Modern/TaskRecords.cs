using System.Text.Json;
using OnlyMcp.Protocol.Schema;
using OnlyMcp.Server.Tasks;

namespace OnlyMcp.Server.Modern;

/// <summary>From what is kept of a task to what its client is told.</summary>
/// <remarks>Spec: ext-tasks tasks §Tasks</remarks>
internal static class TaskRecords
{
    // MUST: this type is on this result, and on no other. MUST NOT: neither questions nor the result stand here.
    public static CreateTaskResult Created(StoredTask task) => new()
    {
        ResultType = TasksExtension.ResultType,
        TaskId = task.TaskId,
        Status = task.Status,
        StatusMessage = task.StatusMessage,
        CreatedAt = task.CreatedAt,
        LastUpdatedAt = task.LastUpdatedAt,
        TtlMs = Milliseconds(task.TimeToLive),
        PollIntervalMs = Milliseconds(task.PollInterval),
    };

    public static GetTaskResult Detailed(StoredTask task) => new()
    {
        TaskId = task.TaskId,
        Status = task.Status,
        StatusMessage = task.StatusMessage,
        CreatedAt = task.CreatedAt,
        LastUpdatedAt = task.LastUpdatedAt,
        TtlMs = Milliseconds(task.TimeToLive),
        PollIntervalMs = Milliseconds(task.PollInterval),
        InputRequests = Open(task),
        Result = task.Result,
        Error = task.Error,
        Meta = ProgressOf(task),
    };

    // MUST: what a client is told is what it would get if it asked.
    public static TaskStatusNotificationParams Notification(StoredTask task, IReadOnlyDictionary<string, JsonElement> meta) => new()
    {
        TaskId = task.TaskId,
        Status = task.Status,
        StatusMessage = task.StatusMessage,
        CreatedAt = task.CreatedAt,
        LastUpdatedAt = task.LastUpdatedAt,
        TtlMs = Milliseconds(task.TimeToLive),
        PollIntervalMs = Milliseconds(task.PollInterval),
        InputRequests = Open(task),
        Result = task.Result,
        Error = task.Error,
        Meta = ProgressOf(task) is { } progress ? new Dictionary<string, JsonElement>(meta.Concat(progress)) : meta,
    };

    // MUST: all that waits for an answer, and nothing that has one.
    private static Dictionary<string, InputRequest>? Open(StoredTask task) => task.Status != McpTaskStatus.InputRequired
        ? null
        : task.Questions.Where(question => !question.Value.IsAnswered)
            .ToDictionary(question => question.Key, question => question.Value.Request);

    private static Dictionary<string, JsonElement>? ProgressOf(StoredTask task) => task.Progress is not { } progress
        ? null
        : new() { [TasksExtension.ProgressKey] = JsonSerializer.SerializeToElement(progress, McpJson.Wire.TaskProgress) };

    private static long? Milliseconds(TimeSpan? time) => time is { } span ? (long)span.TotalMilliseconds : null;
}
