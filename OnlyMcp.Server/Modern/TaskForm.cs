using System.Text.Json;
using OnlyMcp.Protocol.JsonRpc;
using OnlyMcp.Protocol.Schema;
using OnlyMcp.Server.Tasks;
using OnlyMcp.Server.Tools;

namespace OnlyMcp.Server.Modern;

/// <summary>Tasks as an extension: the server decides which calls become tasks, for clients that declare that they can take them.</summary>
/// <remarks>Spec: ext-tasks tasks §Capability Negotiation</remarks>
internal sealed class TaskForm : ITaskForm
{
    public static TaskForm Instance { get; } = new();

    // MAY: each call is the server's own decision, which here is the tool's author's. The wish of an older revision has no say.
    public TaskStart? StartOf(McpTool tool, JsonElement? wish) =>
        tool is { MayBeTask: true, Tasks: { } tasks } ? new TaskStart { After = tasks.After, IsOwed = false } : null;

    public Result Answer(StoredTask task) => TaskRecords.Created(task);

    // MUST NOT: reports of progress and log messages do not travel for a task. Its status says how far it has come.
    public Task TellAsync(string taskId, JsonRpcNotification notification, CancellationToken cancellationToken) => Task.CompletedTask;
}
