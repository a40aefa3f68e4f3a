using System.Collections.Concurrent;
using System.Text.Json;
using OnlyMcp.Protocol.JsonRpc;
using OnlyMcp.Protocol.Schema;
using OnlyMcp.Protocol.Schema.Legacy;
using OnlyMcp.Protocol.Transport;
using OnlyMcp.Server.Tasks;
using OnlyMcp.Server.Tools;

namespace OnlyMcp.Server.Legacy.Tasks;

/// <summary>Tasks as a client wishes for them, call by call, in a session.</summary>
/// <remarks>
/// Spec: 2025-11-25 basic/utilities/tasks §Tool-Level Negotiation
/// Spec: 2025-11-25 basic/utilities/tasks §Associating Task-Related Messages
/// </remarks>
/// <param name="session">The session in which tools are called.</param>
/// <param name="live">All sessions that are open, this one among them.</param>
internal sealed class TaskForm(Session session, ConcurrentDictionary<Session, SessionChanges> live) : ITaskForm
{
    /// <summary>The longest wish that a time has room for, in milliseconds: 100,000 days.</summary>
    private const long LongestWish = 100_000L * 24 * 60 * 60 * 1000;

    public TaskStart? StartOf(McpTool tool, JsonElement? wish) => (wish, tool.Tasks) switch
    {
        // MUST: a tool that runs only as a task is refused otherwise.
        (null, { Support: TaskSupport.Required }) => throw new JsonRpcException(
            ErrorCode.MethodNotFound,
            $"The tool '{tool.Name}' runs as a task only: put \"task\":{{}} into the params of the call, "
            + $"and ask for the result with '{Methods.TasksResult}'."),
        (null, _) => null,

        // SHOULD: one that never does is refused as a task.
        _ when !tool.MayBeTask => throw new JsonRpcException(
            ErrorCode.MethodNotFound, $"The tool '{tool.Name}' does not run as a task: leave 'task' out of the params of the call."),
        _ => new TaskStart { After = TimeSpan.Zero, IsOwed = true, TimeToLive = TimeToLive(Read(wish!.Value)) },
    };

    public Result Answer(StoredTask task)
    {
        if (live.TryGetValue(session, out var changes))
            changes.Watch(task.TaskId);
        return TaskRecords.Created(task);
    }

    public async Task TellAsync(string taskId, JsonRpcNotification notification, CancellationToken cancellationToken)
    {
        // Choice: the session that made the call alone is told. In another one the call's progress token stands for something else.
        var related = new JsonRpcNotification(notification.Method, RelatedTask.On(notification.Params, taskId));
        if (session.TaskWaits.Find(taskId) is not null || session.IsListenedTo)
            await SendAsync(session, taskId, related, cancellationToken).ConfigureAwait(false);
    }

    public async Task CompleteElicitationAsync(string taskId, string key, CancellationToken cancellationToken)
    {
        // MUST: the news names the elicitation, and goes to the clients alone that were asked.
        var id = RelatedTask.ElicitationIdOf(taskId, key);
        var done = new ElicitationCompleteNotificationParams { ElicitationId = id };
        var news = JsonBody.Of(done, McpJson.Wire.ElicitationCompleteNotificationParams);
        foreach (var asked in live.Keys.Where(asked => asked.TryHide(id)))
        {
            var related = new JsonRpcNotification(Methods.ElicitationComplete, RelatedTask.On(news, taskId));
            await SendAsync(asked, taskId, related, cancellationToken).ConfigureAwait(false);
        }
    }

    /// <summary>On the stream of a request that waits for the task, else with what belongs to no request.</summary>
    private static async ValueTask SendAsync(
        Session session, string taskId, JsonRpcNotification related, CancellationToken cancellationToken)
    {
        try
        {
            if (session.TaskWaits.Find(taskId) is { } waiting)
                await waiting.SendInOrderAsync(related, cancellationToken).ConfigureAwait(false);
            else
                await session.Unrelated.SendAsync(related, cancellationToken).ConfigureAwait(false);
        }
        catch (TransportClosedException)
        {
            // The client is gone. Its task goes on, and the client may come back for it.
        }
    }

    private static TaskMetadata Read(JsonElement wish)
    {
        try
        {
            return wish.Deserialize(McpJson.Wire.TaskMetadata)!;
        }
        catch (JsonException fault)
        {
            throw new JsonRpcException(ErrorCode.InvalidParams, $"The member 'task' does not fit: {fault.Message}", fault);
        }
    }

    // MAY: what is wished is bounded. A time in which nobody could ask even once is lengthened, one that is too long is cut later.
    private static TimeSpan? TimeToLive(TaskMetadata wish) => wish.Ttl switch
    {
        null => null,
        < 0 => throw new JsonRpcException(
            ErrorCode.InvalidParams, $"The task's ttl is a number of milliseconds from 0 on; {wish.Ttl} does not fit."),
        { } milliseconds => TimeSpan.FromMilliseconds(Math.Clamp(milliseconds, 1000, LongestWish)),
    };
}
