using System.Text.Json;
using OnlyMcp.Client.Tasks;
using OnlyMcp.Protocol.JsonRpc;
using OnlyMcp.Protocol.Schema;
using OnlyMcp.Protocol.Schema.Legacy;

namespace OnlyMcp.Client.Legacy;

/// <summary>
/// One task that the client wished for: it is looked at until it is done or asks something; then its result is waited for, and the server
/// asks meanwhile.
/// </summary>
/// <remarks>
/// Spec: 2025-11-25 basic/utilities/tasks §Getting Tasks
/// Spec: 2025-11-25 basic/utilities/tasks §Retrieving Task Results
/// Spec: 2025-11-25 basic/utilities/tasks §Input Required Status
/// Spec: 2025-11-25 basic/utilities/tasks §Cancelling Tasks
/// </remarks>
internal sealed class RequestedTask(TaskServer server, string taskId, ClientTaskOptions limits) : ITaskLine
{
    /// <summary>How often, at most, the task is looked at while its result is waited for: who has answered wants to know how it goes on.</summary>
    private static readonly TimeSpan LookBeside = TimeSpan.FromSeconds(5);

    private CancellationTokenSource? leaving;
    private Task<JsonBody?>? result;

    public async Task<TaskNews> LookAsync(RequestOptions options, CancellationToken cancellationToken)
    {
        var answer = await server.AskAboutAsync(taskId, Methods.TasksGet, Wish(taskId), Quiet(options), cancellationToken).ConfigureAwait(false);
        return new TaskNews(StateIn(Methods.TasksGet, taskId, answer));
    }

    public async Task<JsonBody?> PassAsync(TaskNews news, TaskPace pace, RequestOptions options, CancellationToken cancellationToken)
    {
        if (result is null && news.State.Status == McpTaskStatus.InputRequired)
        {
            leaving = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
            result = TryResultAsync(pace, options, leaving.Token);
        }

        var interval = pace.IntervalOf(news.State);
        if (result is not null)
        {
            var time = interval > LookBeside ? interval : LookBeside;
            if (!await IsThereAsync(result, pace, time, cancellationToken).ConfigureAwait(false))
                return null;
            if (await TakeAsync(result).ConfigureAwait(false) is { } there)
                return there;
        }

        await pace.WaitAsync(interval, cancellationToken).ConfigureAwait(false);
        return null;
    }

    public async Task<JsonBody> CollectAsync(TaskNews news, RequestOptions options, CancellationToken cancellationToken)
    {
        try
        {
            return (result is null ? null : await TakeAsync(result).ConfigureAwait(false))
                ?? await ResultAsync(options, cancellationToken).ConfigureAwait(false);
        }
        catch (JsonRpcException refusal) when (refusal.Code == ErrorCode.InvalidParams && news.State.Status == McpTaskStatus.Completed)
        {
            // What has a result gives no error, unless it has been dropped since.
            throw new TaskNotFoundException(taskId, refusal);
        }
    }

    public Task<TaskSnapshot?> CancelAsync(RequestOptions options, CancellationToken cancellationToken) =>
        CancelAsync(server, taskId, options, cancellationToken);

    public static async Task<TaskSnapshot?> CancelAsync(
        TaskServer server, string taskId, RequestOptions options, CancellationToken cancellationToken)
    {
        try
        {
            var answer = await server.Ask(Methods.TasksCancel, Wish(taskId), Quiet(options), cancellationToken).ConfigureAwait(false);
            return StateIn(Methods.TasksCancel, taskId, answer);
        }
        catch (JsonRpcException refusal) when (refusal.Code == ErrorCode.InvalidParams)
        {
            // One that is over is refused in the same words as one that is unknown: looking tells them apart.
            var line = new RequestedTask(server, taskId, new ClientTaskOptions());
            var news = await line.LookAsync(options, cancellationToken).ConfigureAwait(false);
            if (news.State.IsFinal)
                return news.State;
            throw;
        }
    }

    /// <summary>Takes the question for the result back. What is being asked meanwhile are requests of the server, which takes them back itself.</summary>
    public void Rest()
    {
        leaving?.Cancel();
        _ = result?.ContinueWith(static left => left.Exception, CancellationToken.None, TaskContinuationOptions.OnlyOnFaulted, TaskScheduler.Default);
        (leaving, result) = (null, null);
    }

    /// <summary>Waits for the result, but no longer than this.</summary>
    private static async Task<bool> IsThereAsync(Task<JsonBody?> result, TaskPace pace, TimeSpan time, CancellationToken cancellationToken)
    {
        using var enough = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var pause = pace.WaitAsync(time, enough.Token);
        if (await Task.WhenAny(result, pause).ConfigureAwait(false) == pause)
        {
            await pause.ConfigureAwait(false);
            return false;
        }

        await enough.CancelAsync().ConfigureAwait(false);
        await pause.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        return true;
    }

    /// <summary>The result that was waited for; null if the wait broke off. Whoever needs it then asks anew.</summary>
    private async Task<JsonBody?> TakeAsync(Task<JsonBody?> waited)
    {
        result = null;
        return await waited.ConfigureAwait(false);
    }

    /// <summary>SHOULD: a task that asks something is waited for, so that the server can ask. Null if that broke off.</summary>
    private async Task<JsonBody?> TryResultAsync(TaskPace pace, RequestOptions options, CancellationToken cancellationToken)
    {
        var patient = options with { Timeouts = new RequestTimeouts { Timeout = limits.ResultWait } };
        try
        {
            return await ResultAsync(patient, cancellationToken).ConfigureAwait(false);
        }
        catch (JsonRpcException refusal) when (refusal.ReceivedHttpStatus == 200)
        {
            // It is what the task came to, unless the server does not know the task, has cancelled it, or refused to be asked.
            var news = await pace.TryAsync(() => LookAsync(options, cancellationToken), cancellationToken).ConfigureAwait(false);
            if (news.State.Status == McpTaskStatus.Cancelled || (!news.State.IsFinal && pace.MayPass(refusal)))
                return null;
            throw;
        }
        catch (Exception fault) when (!cancellationToken.IsCancellationRequested && pace.MayPass(fault))
        {
            // The way broke, or it took long: how far the task has come is looked at as before.
            return null;
        }
    }

    private async Task<JsonBody> ResultAsync(RequestOptions options, CancellationToken cancellationToken)
    {
        var result = await server.Ask(Methods.TasksResult, Wish(taskId), Quiet(options), cancellationToken).ConfigureAwait(false);

        // Choice: a server that forgets to say whose result it is, which it must not, was asked for this one.
        if (RelatedTask.In(result) is { } related)
            TaskServer.CheckId(Methods.TasksResult, result, taskId, related);
        return result;
    }

    private static JsonBody Wish(string taskId) => JsonBody.Of(new LegacyTaskRequestParams { TaskId = taskId }, McpJson.Wire.LegacyTaskRequestParams);

    private static RequestOptions Quiet(RequestOptions options) => options with { OnProgress = null, Progress = null };

    private static TaskSnapshot StateIn(string method, string taskId, JsonBody answer)
    {
        var task = TaskServer.Read(method, answer, McpJson.Wire.LegacyTaskResult);
        TaskServer.CheckId(method, answer, taskId, task.TaskId);
        return new TaskSnapshot
        {
            Id = task.TaskId,
            Status = task.Status,
            StatusMessage = task.StatusMessage,
            CreatedAt = task.CreatedAt,
            LastUpdatedAt = task.LastUpdatedAt,
            TimeToLive = TaskSnapshot.Span(task.Ttl),
            PollInterval = TaskSnapshot.Span(task.PollInterval),
        };
    }
}
