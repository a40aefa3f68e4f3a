using OnlyMcp.Protocol.JsonRpc;
using OnlyMcp.Protocol.Schema;
using OnlyMcp.Protocol.Schema.Legacy;
using OnlyMcp.Server.Features;
using OnlyMcp.Server.Tasks;

namespace OnlyMcp.Server.Legacy.Tasks;

/// <summary>Answers <c>tasks/get</c>: how far a task has come.</summary>
/// <remarks>Spec: 2025-11-25 basic/utilities/tasks §Getting Tasks</remarks>
internal sealed class TasksGetHandler(McpServer server)
{
    public async ValueTask<Result> HandleAsync(JsonRpcRequest request, RequestContext context, CancellationToken cancellationToken)
    {
        await TaskRequests.AdmitAsync(request, context, cancellationToken).ConfigureAwait(false);
        return TaskRecords.Detailed(await TaskRequests.FindAsync(server, request, context, cancellationToken).ConfigureAwait(false));
    }
}

/// <summary>Answers <c>tasks/cancel</c>: the task is cancelled when the answer leaves, whatever its tool does about it.</summary>
/// <remarks>Spec: 2025-11-25 basic/utilities/tasks §Task Cancellation</remarks>
internal sealed class TasksCancelHandler(McpServer server)
{
    public async ValueTask<Result> HandleAsync(JsonRpcRequest request, RequestContext context, CancellationToken cancellationToken)
    {
        await TaskRequests.AdmitAsync(request, context, cancellationToken).ConfigureAwait(false);
        var task = await TaskRequests.FindAsync(server, request, context, cancellationToken).ConfigureAwait(false);
        var cancelled = task.IsEnded ? task : await server.Tasks.CancelAsync(task, cancellationToken).ConfigureAwait(false);

        // MUST: a task that has ended, perhaps just now, is not cancelled.
        return !task.IsEnded && cancelled.Status == McpTaskStatus.Cancelled
            ? TaskRecords.Detailed(cancelled)
            : throw new JsonRpcException(
                ErrorCode.InvalidParams,
                $"The task '{task.TaskId}' has ended, and cannot be cancelled: it is {TaskRecords.NameOf(TaskRecords.StatusOf(cancelled))}.");
    }
}

/// <summary>Answers <c>tasks/list</c>: the tasks of whoever asks, oldest first, where that is known.</summary>
/// <remarks>Spec: 2025-11-25 basic/utilities/tasks §Task Listing</remarks>
internal sealed class TasksListHandler(McpServer server)
{
    public async ValueTask<Result> HandleAsync(JsonRpcRequest request, RequestContext context, CancellationToken cancellationToken)
    {
        await TaskRequests.AdmitAsync(request, context, cancellationToken).ConfigureAwait(false);

        // SHOULD NOT: the tasks of nobody in particular are shown to nobody.
        if (ServerTasks.OwnerOf(context) is not { } owner)
            throw new MethodNotFoundException(request.Method);

        var cursor = RequestParameters.ReadOrDefault(request, McpJson.Wire.ListTasksRequestParams).Cursor;
        var after = cursor is null ? (TaskPlace?)null : TaskCursor.Parse(cursor, owner) ?? throw new JsonRpcException(
            ErrorCode.InvalidParams, "The cursor is not one that this server handed out for this list; list from the start.");

        // MUST: where there is more, the answer says so. One more than are shown tells.
        var most = Math.Max(1, server.Options.Tasks.PageSize);
        var found = await server.Tasks.ListAsync(context, after, most + 1, cancellationToken).ConfigureAwait(false);
        return new ListTasksResult
        {
            Tasks = [.. found.Take(most).Where(task => server.Tasks.IsShown(task, context)).Select(TaskRecords.Listed)],
            NextCursor = found.Count > most ? TaskCursor.After(found[most - 1], owner) : null,
        };
    }
}

/// <summary>What comes before each request about tasks.</summary>
/// <remarks>Spec: 2025-11-25 basic/utilities/tasks §Protocol Errors</remarks>
internal static class TaskRequests
{
    /// <summary>The session, which has tasks.</summary>
    /// <exception cref="MethodNotFoundException">Its revision has none, or the server had none to declare when it began.</exception>
    /// <exception cref="RateLimits.RateLimitedException">The caller asks too often.</exception>
    public static async ValueTask<Session> AdmitAsync(JsonRpcRequest request, RequestContext context, CancellationToken cancellationToken)
    {
        if (context.Session is not Session { HasTasks: true } session)
            throw new MethodNotFoundException(request.Method);

        await McpServer.RequireRateAsync(context.Server.Options.TaskLimiter, context, cancellationToken).ConfigureAwait(false);
        return session;
    }

    /// <summary>The task that the parameters name. MUST: whatever metadata says of another task is passed over.</summary>
    /// <exception cref="JsonRpcException">There is none for whoever asks (-32602).</exception>
    public static ValueTask<StoredTask> FindAsync(
        McpServer server, JsonRpcRequest request, RequestContext context, CancellationToken cancellationToken) =>
        server.Tasks.FindAsync(RequestParameters.Read(request, McpJson.Wire.LegacyTaskRequestParams).TaskId, context, cancellationToken);
}
