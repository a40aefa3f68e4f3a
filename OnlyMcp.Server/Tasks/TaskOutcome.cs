using System.Text;
using System.Text.Json;
using Microsoft.Extensions.Logging;
using OnlyMcp.Protocol.JsonRpc;
using OnlyMcp.Protocol.Schema;
using OnlyMcp.Server.Eras;
using OnlyMcp.Server.Inputs;

namespace OnlyMcp.Server.Tasks;

/// <summary>What becomes of a task: what its work comes to, and that it is kept.</summary>
/// <remarks>
/// Spec: ext-tasks tasks §Task Execution Errors
/// Spec: 2025-11-25 basic/utilities/tasks §Task Execution Errors
/// </remarks>
internal sealed class TaskOutcome(
    McpServer server, string taskId, RequestContext context, IInputChannel inputs, RequestHandler<RequestContext> work)
{
    private readonly ILogger logger = server.Options.LoggerFactory.CreateLogger<TaskOutcome>();

    private ServerTasks Tasks => server.Tasks;

    private TaskOptions Options => server.Options.Tasks;

    /// <summary>What the work comes to, as a change of the task, if that has not ended otherwise.</summary>
    public async Task<Func<StoredTask, StoredTask>> OfAsync(Task<Result> working, CancellationToken stopped)
    {
        try
        {
            var result = await working.ConfigureAwait(false);
            return Completed(result is InputRequiredResult asked ? await AskAsync(asked, stopped).ConfigureAwait(false) : result);
        }
        catch (OperationCanceledException) when (stopped.IsCancellationRequested)
        {
            return task => task.Ended(McpTaskStatus.Cancelled, Options);
        }
        catch (UrlElicitationRequiredException required)
        {
            return await OfAsync(AskAsync(required, stopped), stopped).ConfigureAwait(false);
        }
        catch (Exception fault)
        {
            var error = ErrorMap.ToResponse(fault, context.Request, context.Exchange.Revision, logger).Error;
            JsonElement? data = error.Data.IsAbsent ? null : error.Data.ToElement();
            return task => task.Failed(new TaskError { Code = error.Code, Message = error.Message, Data = data }, Options);
        }
    }

    /// <summary>Asks what the tool answered that it needs, and runs it again.</summary>
    private ValueTask<Result> AskAsync(InputRequiredResult asked, CancellationToken stopped) =>
        new InputRequiredAdapter(inputs, context, token => work(context.Request, context, token)).AnswerAsync(asked, stopped);

    private async Task<Result> AskAsync(UrlElicitationRequiredException required, CancellationToken stopped) =>
        await AskAsync(required.AsQuestion(context), stopped).ConfigureAwait(false);

    // MUST: what the request would have been answered with, also where that says that the tool failed.
    private Func<StoredTask, StoredTask> Completed(Result result)
    {
        var content = JsonSerializer.SerializeToElement(
            result with { ResultType = result.ResultType ?? ResultTypes.Complete }, server.TypeInfoOf(result));
        var size = Encoding.UTF8.GetByteCount(content.GetRawText());
        if (size > Options.MaxResultBytes)
        {
            var tooLarge = $"The result has {size} bytes, and {Options.MaxResultBytes} are kept at most: ask for less at a time.";
            return task => task.Failed(tooLarge, Options);
        }

        var said = result is CallToolResult { IsError: true } failed ? failed.Content.OfType<TextContent>().FirstOrDefault()?.Text : null;
        return task => task.Ended(McpTaskStatus.Completed, Options) with { Result = content, StatusMessage = Options.Short(said) };
    }

    /// <summary>Keeps trying while the store fails, for as long as somebody may ask for the task.</summary>
    public async Task KeepAsync(Func<StoredTask, StoredTask> change)
    {
        try
        {
            await Tasks.InsistAsync(taskId, UpdateAsync, CancellationToken.None).ConfigureAwait(false);
        }
        catch (ObjectDisposedException)
        {
            logger.LogInformation("The store is closed: the task {TaskId} stays as it is.", taskId);
        }

        async ValueTask<StoredTask?> UpdateAsync()
        {
            try
            {
                return await Tasks.UpdateAsync(taskId, change, CancellationToken.None).ConfigureAwait(false);
            }
            catch (TaskStoreFullException full)
            {
                // The next attempt takes less room.
                change = task => task.Failed($"The result could not be kept. {full.Message}", Options);
                throw;
            }
        }
    }
}
