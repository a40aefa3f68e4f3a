using OnlyMcp.Protocol.JsonRpc;

namespace OnlyMcp.Client.Tasks;

/// <summary>
/// The server does not know the task: it never existed, is somebody else's, or was dropped when its time was over. Asking again is of no
/// use, nor does it say whether the work was done.
/// </summary>
/// <remarks>Spec: ext-tasks tasks §Protocol Errors</remarks>
public sealed class TaskNotFoundException : JsonRpcException
{
    internal TaskNotFoundException(string taskId, JsonRpcException error)
        : base(error.Code, $"The server does not know the task '{taskId}' (any more): {error.Message}", error) => TaskId = taskId;

    /// <summary>The task's name.</summary>
    public string TaskId { get; }
}

/// <summary>The task was cancelled before it was done: by the server, or by somebody else who knows of it. There is no result.</summary>
/// <remarks>Spec: ext-tasks tasks §Task Status</remarks>
public sealed class ToolTaskCancelledException : Exception
{
    internal ToolTaskCancelledException(string tool, TaskSnapshot task)
        : base($"The task '{task.Id}' of the tool '{tool}' was cancelled{(task.StatusMessage is { } why ? $": {why}" : ".")}") => Task = task;

    /// <summary>The task, as it ended.</summary>
    public TaskSnapshot Task { get; }
}
