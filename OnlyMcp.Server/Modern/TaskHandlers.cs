using OnlyMcp.Protocol.JsonRpc;
using OnlyMcp.Protocol.Schema;
using OnlyMcp.Server.Features;
using OnlyMcp.Server.Tasks;

namespace OnlyMcp.Server.Modern;

/// <summary>Answers <c>tasks/get</c>: how far a task has come, with what it asks or what it came to.</summary>
/// <remarks>Spec: ext-tasks tasks §Task Polling</remarks>
internal sealed class TasksGetHandler(McpServer server)
{
    public async ValueTask<Result> HandleAsync(JsonRpcRequest request, RequestContext context, CancellationToken cancellationToken)
    {
        await TaskRequests.AdmitAsync(request, context, cancellationToken).ConfigureAwait(false);
        var taskId = RequestParameters.Read(request, McpJson.Wire.GetTaskRequestParams).TaskId;
        return TaskRecords.Detailed(await server.Tasks.FindAsync(taskId, context, cancellationToken).ConfigureAwait(false));
    }
}

/// <summary>Answers <c>tasks/update</c>: gives a task the answers that it waits for.</summary>
/// <remarks>Spec: ext-tasks tasks §Task Update Requests</remarks>
internal sealed class TasksUpdateHandler(McpServer server)
{
    public async ValueTask<Result> HandleAsync(JsonRpcRequest request, RequestContext context, CancellationToken cancellationToken)
    {
        await TaskRequests.AdmitAsync(request, context, cancellationToken).ConfigureAwait(false);
        var update = RequestParameters.Read(request, McpJson.Wire.UpdateTaskRequestParams);
        var task = await server.Tasks.FindAsync(update.TaskId, context, cancellationToken).ConfigureAwait(false);
        await server.Tasks.AnswerAsync(task, update.InputResponses, cancellationToken).ConfigureAwait(false);
        return new EmptyResult();
    }
}

/// <summary>Answers <c>tasks/cancel</c>; also for a task that has ended, which stays as it is.</summary>
/// <remarks>Spec: ext-tasks tasks §Task Cancellation</remarks>
internal sealed class TasksCancelHandler(McpServer server)
{
    public async ValueTask<Result> HandleAsync(JsonRpcRequest request, RequestContext context, CancellationToken cancellationToken)
    {
        await TaskRequests.AdmitAsync(request, context, cancellationToken).ConfigureAwait(false);
        var taskId = RequestParameters.Read(request, McpJson.Wire.CancelTaskRequestParams).TaskId;
        var task = await server.Tasks.FindAsync(taskId, context, cancellationToken).ConfigureAwait(false);
        await server.Tasks.CancelAsync(task, cancellationToken).ConfigureAwait(false);
        return new EmptyResult();
    }
}

/// <summary>What comes before each request about tasks.</summary>
/// <remarks>Spec: ext-tasks tasks §Protocol Errors</remarks>
internal static class TaskRequests
{
    /// <exception cref="MethodNotFoundException">The server has no tasks.</exception>
    /// <exception cref="MissingClientCapabilityException">The client did not declare that it can take tasks.</exception>
    /// <exception cref="RateLimits.RateLimitedException">The caller asks too often.</exception>
    public static ValueTask AdmitAsync(JsonRpcRequest request, RequestContext context, CancellationToken cancellationToken)
    {
        if (!context.Server.OffersTasks)
            throw new MethodNotFoundException(request.Method);

        context.Require(TaskStart.Needs);
        return McpServer.RequireRateAsync(context.Server.Options.TaskLimiter, context, cancellationToken);
    }
}
