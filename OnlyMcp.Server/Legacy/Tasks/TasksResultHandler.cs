using Microsoft.Extensions.Logging;
using OnlyMcp.Protocol.JsonRpc;
using OnlyMcp.Protocol.Schema;

namespace OnlyMcp.Server.Legacy.Tasks;

/// <summary>
/// Answers <c>tasks/result</c>: waits for the end of a task, asks the client meanwhile what the task needs to know, and answers as the call
/// would have been answered.
/// </summary>
/// <remarks>Spec: 2025-11-25 basic/utilities/tasks §Result Retrieval</remarks>
internal sealed class TasksResultHandler(McpServer server)
{
    private readonly QuestionTurns turns = new(server.Options.TimeProvider);
    private readonly ILogger logger = server.Options.LoggerFactory.CreateLogger<TasksResultHandler>();

    public async ValueTask<Result> HandleAsync(JsonRpcRequest request, RequestContext context, CancellationToken cancellationToken)
    {
        var session = await TaskRequests.AdmitAsync(request, context, cancellationToken).ConfigureAwait(false);
        var task = await TaskRequests.FindAsync(server, request, context, cancellationToken).ConfigureAwait(false);
        if (!task.IsEnded)
        {
            session.TaskWaits.Enter(task.TaskId, context);
            try
            {
                var questions = new TaskQuestions(server, session, context, task.TaskId, turns, logger);
                await questions.AskUntilEndedAsync(task, cancellationToken).ConfigureAwait(false);
            }
            finally
            {
                session.TaskWaits.Leave(context);
            }

            // Also where it is gone: the same words as for whoever asks then.
            task = await server.Tasks.FindAsync(task.TaskId, context, cancellationToken).ConfigureAwait(false);
        }

        logger.LogDebug("The result of the task {TaskId} is fetched.", task.TaskId);
        return TaskRecords.ResultOf(task);
    }
}
