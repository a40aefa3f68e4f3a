using System.Text;
using System.Text.Json;
using OnlyMcp.Client.Eras;
using OnlyMcp.Client.Tasks;
using OnlyMcp.Protocol.JsonRpc;
using OnlyMcp.Protocol.Revisions;
using OnlyMcp.Protocol.Schema;
using OnlyMcp.Protocol.Transport;

namespace OnlyMcp.Client.Modern;

/// <summary>One task of the extension: what it asks and what it came to stand in the answer to how far it has come.</summary>
/// <remarks>
/// Spec: ext-tasks tasks §Task Polling
/// Spec: ext-tasks tasks §Task Update Requests
/// Spec: ext-tasks tasks §Task Cancellation
/// </remarks>
internal sealed class ExtensionTask(
    TaskServer server, string taskId, ClientConversation conversation, Revision revision, ServerDescription description) : ITaskLine
{
    private readonly TaskQuestions questions = new(conversation, revision, description, taskId);

    private TimeProvider Time => conversation.Options.TimeProvider;

    public async Task<TaskNews> LookAsync(RequestOptions options, CancellationToken cancellationToken)
    {
        var wish = JsonBody.Of(new GetTaskRequestParams { TaskId = taskId }, McpJson.Wire.GetTaskRequestParams);
        var answer = await server.AskAboutAsync(
            taskId, Methods.TasksGet, wish, ExtensionTasks.Asking(options), cancellationToken).ConfigureAwait(false);
        var task = TaskServer.Read(Methods.TasksGet, answer, McpJson.Wire.GetTaskResult);
        TaskServer.CheckId(Methods.TasksGet, answer, taskId, task.TaskId);
        if (WhatIsMissing(task) is { } missing)
            throw TaskServer.Fault($"The task '{taskId}' is said to be {task.Status}, without '{missing}'.", answer);

        return new TaskNews(ExtensionTasks.StateOf(task))
        {
            Questions = task.Status == McpTaskStatus.InputRequired ? task.InputRequests : null,
            Result = task.Result is { } result ? new JsonBody(Encoding.UTF8.GetBytes(result.GetRawText())) : default,
            Error = task.Error is { } error ? ErrorOf(error) : null,
            Progress = ProgressIn(task),
        };
    }

    public async Task<JsonBody?> PassAsync(TaskNews news, TaskPace pace, RequestOptions options, CancellationToken cancellationToken)
    {
        var looked = Time.GetTimestamp();
        var interval = pace.IntervalOf(news.State);
        questions.Take(news.Questions);
        for (var rest = interval; rest > TimeSpan.Zero; rest = interval - Time.GetElapsedTime(looked))
        {
            // SHOULD: it is looked at meanwhile as before, for it may go on, or end, while a user still thinks.
            await questions.WaitAsync(stop => pace.WaitAsync(rest, stop), cancellationToken).ConfigureAwait(false);
            if (questions.Answers() is { Count: > 0 } answers)
            {
                await pace.TryAsync(() => UpdateAsync(answers, options, cancellationToken), cancellationToken).ConfigureAwait(false);
                questions.Delivered(answers.Keys);
            }
        }

        return null;
    }

    public Task<JsonBody> CollectAsync(TaskNews news, RequestOptions options, CancellationToken cancellationToken) =>
        news.Error is { } error ? throw new JsonRpcException(error) : Task.FromResult(news.Result);

    // MUST NOT: `notifications/cancelled` is for requests, and means no task.
    public async Task<TaskSnapshot?> CancelAsync(RequestOptions options, CancellationToken cancellationToken)
    {
        var wish = JsonBody.Of(new CancelTaskRequestParams { TaskId = taskId }, McpJson.Wire.CancelTaskRequestParams);
        await server.AskAboutAsync(taskId, Methods.TasksCancel, wish, ExtensionTasks.Asking(options), cancellationToken).ConfigureAwait(false);
        return null;
    }

    public void Rest() => questions.Rest();

    private async Task<bool> UpdateAsync(
        IReadOnlyDictionary<string, JsonElement> answers, RequestOptions options, CancellationToken cancellationToken)
    {
        var wish = JsonBody.Of(
            new UpdateTaskRequestParams { TaskId = taskId, InputResponses = answers }, McpJson.Wire.UpdateTaskRequestParams);
        try
        {
            await server.Ask(Methods.TasksUpdate, wish, ExtensionTasks.Asking(options), cancellationToken).ConfigureAwait(false);
        }
        catch (JsonRpcException refusal) when (refusal.Code == ErrorCode.InvalidParams)
        {
            // The task may be gone, or over without the answers; else it is the answers that the server does not take.
            var now = await LookAsync(options, cancellationToken).ConfigureAwait(false);
            if (now.State.IsFinal)
                return true;
            questions.Refused(answers.Keys);
            throw;
        }

        return true;
    }

    /// <summary>MUST: each status has its member.</summary>
    private static string? WhatIsMissing(GetTaskResult task) => task switch
    {
        { Status: McpTaskStatus.InputRequired, InputRequests: null } => "inputRequests",
        { Status: McpTaskStatus.Completed, Result: not { ValueKind: JsonValueKind.Object } } => "result",
        { Status: McpTaskStatus.Failed, Error: null } => "error",
        _ => null,
    };

    private static JsonRpcError ErrorOf(TaskError error) => new(
        error.Code, error.Message, error.Data is { } data ? new JsonBody(Encoding.UTF8.GetBytes(data.GetRawText())) : default);

    /// <summary>An addition of this library's servers; what looks like it and is none is left aside.</summary>
    private static ProgressNotificationParams? ProgressIn(GetTaskResult task)
    {
        if (task.Meta?.TryGetValue(TasksExtension.ProgressKey, out var told) != true)
            return null;

        try
        {
            return told.Deserialize(McpJson.Wire.TaskProgress) is { } measured
                ? new() { ProgressToken = task.TaskId, Progress = measured.Progress, Total = measured.Total, Message = measured.Message }
                : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }
}
