using OnlyMcp.Protocol.JsonRpc;
using OnlyMcp.Protocol.Schema;

namespace OnlyMcp.Client.Tasks;

/// <summary>Follows a task to its end: looks how far it has come, deals with what it asks, waits, and looks again.</summary>
/// <remarks>
/// Spec: ext-tasks tasks §Task Polling
/// Spec: 2025-11-25 basic/utilities/tasks §Getting Tasks
/// </remarks>
/// <param name="line">How the task is asked about.</param>
/// <param name="pace">How often.</param>
/// <param name="tool">The tool that was called.</param>
/// <param name="heard">Is told what the server says of it.</param>
internal sealed class TaskFollower(ITaskLine line, TaskPace pace, string tool, Action<TaskNews> heard)
{
    private readonly Lock gate = new();
    private volatile TaskNews? last;
    private TaskSnapshot? start;

    /// <summary>How far the task had come when it was last heard of.</summary>
    public TaskSnapshot? State => last?.State ?? start;

    /// <summary>Takes what the answer to the call says of the task that it became.</summary>
    public void Begin(TaskSnapshot state)
    {
        start = state;
        heard(new TaskNews(state));
    }

    /// <summary>Takes what the server says of the task; what is final stays so.</summary>
    public TaskNews Hear(TaskNews news)
    {
        // Of two who ask at the same time, the one with the older answer may come second.
        lock (gate)
        {
            if (last is { State.IsFinal: true } over)
                return over;
            last = news;
        }

        heard(news);
        return news;
    }

    /// <summary>Asks how far the task has come, unless it is known to have come to its end.</summary>
    public async Task<TaskNews> LookAsync(RequestOptions options, CancellationToken cancellationToken) =>
        last is { State.IsFinal: true } over
            ? over
            : Hear(await pace.TryAsync(() => line.LookAsync(options, cancellationToken), cancellationToken).ConfigureAwait(false));

    /// <summary>Returns what the task came to.</summary>
    /// <param name="options">What the requests want differently.</param>
    /// <param name="cancellationToken">Ends the wait; the task goes on.</param>
    /// <exception cref="JsonRpcException">It failed.</exception>
    /// <exception cref="ToolTaskCancelledException">It was cancelled.</exception>
    public async Task<JsonBody> RunAsync(RequestOptions options, CancellationToken cancellationToken)
    {
        try
        {
            // SHOULD: a task that has just begun is left alone for as long as any other.
            if (last is null && start is { Status: McpTaskStatus.Working } begun)
                await pace.WaitAsync(pace.IntervalOf(begun), cancellationToken).ConfigureAwait(false);
            return await FollowAsync(options, cancellationToken).ConfigureAwait(false);
        }
        finally
        {
            line.Rest();
        }
    }

    private async Task<JsonBody> FollowAsync(RequestOptions options, CancellationToken cancellationToken)
    {
        while (true)
        {
            var news = await LookAsync(options, cancellationToken).ConfigureAwait(false);
            if (news.State.IsFinal)
                return await CollectAsync(news, options, cancellationToken).ConfigureAwait(false);
            if (await line.PassAsync(news, pace, options, cancellationToken).ConfigureAwait(false) is { } result)
                return result;
        }
    }

    private Task<JsonBody> CollectAsync(TaskNews news, RequestOptions options, CancellationToken cancellationToken) =>
        news.State.Status == McpTaskStatus.Cancelled
            ? throw new ToolTaskCancelledException(tool, news.State)
            : pace.TryAsync(
                () => line.CollectAsync(news, options, cancellationToken),
                cancellationToken,
                news.State.Status == McpTaskStatus.Failed ? pace.MayPassOnTheWay : pace.MayPass);
}
