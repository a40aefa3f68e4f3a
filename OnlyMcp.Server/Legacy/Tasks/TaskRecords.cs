using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using OnlyMcp.Protocol.JsonRpc;
using OnlyMcp.Protocol.Schema;
using OnlyMcp.Protocol.Schema.Legacy;
using OnlyMcp.Server.Tasks;

namespace OnlyMcp.Server.Legacy.Tasks;

/// <summary>From what is kept of a task to what the client of a session is told.</summary>
/// <remarks>
/// Spec: 2025-11-25 basic/utilities/tasks §Task
/// Spec: 2025-11-25 basic/utilities/tasks §Result Retrieval
/// </remarks>
internal static class TaskRecords
{
    /// <summary>The members that a tool's result has in every revision; one of a user's own kind may have others.</summary>
    private static readonly string[] OfToolResults = ["content", "structuredContent", "isError", "_meta", "resultType"];

    // MUST: each message of a task carries the task, which the answers to tasks/get, tasks/list and tasks/cancel SHOULD NOT.
    public static CreateLegacyTaskResult Created(StoredTask task) => new() { Task = Listed(task), Meta = RelatedTask.Meta(task.TaskId) };

    public static LegacyTask Listed(StoredTask task) => new()
    {
        TaskId = task.TaskId,
        Status = StatusOf(task),
        StatusMessage = MessageOf(task),
        CreatedAt = task.CreatedAt,
        LastUpdatedAt = task.LastUpdatedAt,
        Ttl = Milliseconds(task.TimeToLive),
        PollInterval = Milliseconds(task.PollInterval),
    };

    public static LegacyTaskResult Detailed(StoredTask task) => new()
    {
        TaskId = task.TaskId,
        Status = StatusOf(task),
        StatusMessage = MessageOf(task),
        CreatedAt = task.CreatedAt,
        LastUpdatedAt = task.LastUpdatedAt,
        Ttl = Milliseconds(task.TimeToLive),
        PollInterval = Milliseconds(task.PollInterval),
    };

    public static LegacyTaskStatusNotificationParams Notification(StoredTask task) => new()
    {
        TaskId = task.TaskId,
        Status = StatusOf(task),
        StatusMessage = MessageOf(task),
        CreatedAt = task.CreatedAt,
        LastUpdatedAt = task.LastUpdatedAt,
        Ttl = Milliseconds(task.TimeToLive),
        PollInterval = Milliseconds(task.PollInterval),
    };

    /// <summary>How far a task has come, as this form has it: a tool that says that it failed has failed.</summary>
    public static McpTaskStatus StatusOf(StoredTask task) => IsError(task) ? McpTaskStatus.Failed : task.Status;

    /// <summary>A status in the words of the wire.</summary>
    public static string NameOf(McpTaskStatus status) => JsonSerializer.SerializeToElement(status, McpJson.Wire.McpTaskStatus).GetString()!;

    /// <summary>What the request would have been answered with. MUST: exactly that, with the mark of its task.</summary>
    /// <exception cref="JsonRpcException">It would have been an error; or the task was cancelled, and there is nothing to answer with.</exception>
    public static Result ResultOf(StoredTask task) => task switch
    {
        { Error: { } error } => throw new JsonRpcException(new JsonRpcError(
            error.Code, error.Message, error.Data is { } data ? JsonBody.Of(data, McpJson.Wire.JsonElement) : default)),
        { Result: { } result } when IsToolResult(result) && result.Deserialize(McpJson.Wire.CallToolResult) is { } call =>
            call with { Meta = RelatedTask.Meta(task.TaskId, call.Meta) },
        { Result: { } result } => new KeptResult { Content = RelatedTask.On(WithoutType(result), task.TaskId) },
        _ => throw new JsonRpcException(ErrorCode.InternalError, $"The task '{task.TaskId}' was cancelled: it has no result."),
    };

    private static bool IsError(StoredTask task) => task is { Status: McpTaskStatus.Completed, Result: { ValueKind: JsonValueKind.Object } result }
        && result.TryGetProperty("isError", out var isError) && isError.ValueKind == JsonValueKind.True;

    // SHOULD: a task that has failed says why.
    private static string? MessageOf(StoredTask task) => task.StatusMessage ?? (IsError(task) ? "The tool failed." : null);

    private static bool IsToolResult(JsonElement result) =>
        result.TryGetProperty("content", out _) && result.EnumerateObject().All(member => OfToolResults.Contains(member.Name));

    // The revision has no types of results; only those that an extension adds say something.
    private static JsonBody WithoutType(JsonElement result)
    {
        var members = JsonObject.Create(result)!;
        if (result.TryGetProperty("resultType", out var type) && type.ValueEquals(ResultTypes.Complete))
            members.Remove("resultType");
        return new JsonBody(Encoding.UTF8.GetBytes(members.ToJsonString()));
    }

    private static long? Milliseconds(TimeSpan? time) => time is { } span ? (long)span.TotalMilliseconds : null;
}

/// <summary>A result of a user's own kind, as it was kept.</summary>
internal sealed record KeptResult : Result
{
    public required JsonBody Content { get; init; }
}
