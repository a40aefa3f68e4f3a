using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Microsoft.Extensions.Logging;
using OnlyMcp.Protocol.JsonRpc;
using OnlyMcp.Protocol.Middleware;
using OnlyMcp.Protocol.Schema;
using OnlyMcp.Server.Changes;
using OnlyMcp.Server.Inputs;

namespace OnlyMcp.Server.Tasks;

/// <summary>The tasks of a server, wherever they run: finds them for those who may have them, changes them, waits for them to change.</summary>
/// <remarks>
/// Spec: ext-tasks tasks §Security Considerations
/// Spec: 2025-11-25 basic/utilities/tasks §Task Isolation and Access Control
/// </remarks>
internal sealed class ServerTasks
{
    /// <summary>The owner of what is asked over a pipe without a principal: whoever started this process.</summary>
    private const string Pipe = "pipe";

    /// <summary>A bus may lose news: who waits looks again at least so often.</summary>
    private static readonly TimeSpan LookAgain = TimeSpan.FromSeconds(15);

    /// <summary>How often a change is tried that others get ahead of.</summary>
    private const int MostAttempts = 1000;

    private readonly McpServer server;
    private readonly ILogger logger;
    private readonly TaskNews news = new();
    private readonly Lazy<Task> ready;

    public ServerTasks(McpServer server)
    {
        this.server = server;
        logger = server.Options.LoggerFactory.CreateLogger<ServerTasks>();
        Runs = new TaskRuns(server, this);
        ready = new Lazy<Task>(StartAsync);
    }

    /// <summary>Those that run here.</summary>
    public TaskRuns Runs { get; }

    private ITaskStore Store => server.Options.Tasks.Store;

    private TimeProvider Time => server.Options.TimeProvider;

    /// <summary>Whose the tasks are that a request makes: a principal's, the process's own user's, or nobody's (null).</summary>
    public static string? OwnerOf(RequestContext context) => OwnerOf(context.Exchange);

    /// <inheritdoc cref="OwnerOf(RequestContext)"/>
    public static string? OwnerOf(Exchange exchange)
    {
        if (McpServer.KeyOf(exchange.Principal) is { } key)
            return $"principal {Base64Url.EncodeToString(SHA256.HashData(Encoding.UTF8.GetBytes(key)))}";
        return exchange.IsOverHttp ? null : Pipe;
    }

    /// <summary>Takes up what an earlier process has left; once, before anything else is done with tasks.</summary>
    public Task ReadyAsync() => ready.Value;

    /// <summary>Keeps a new task.</summary>
    public async ValueTask AddAsync(StoredTask task, CancellationToken cancellationToken)
    {
        await ReadyAsync().ConfigureAwait(false);
        await Store.AddAsync(task, cancellationToken).ConfigureAwait(false);
        logger.LogInformation("The task {TaskId} of '{Tool}' has begun.", task.TaskId, task.Name);
    }

    /// <summary>The task of that name, if whoever asks may have it.</summary>
    /// <exception cref="JsonRpcException">There is none for them: the same words, whatever the reason (-32602).</exception>
    public async ValueTask<StoredTask> FindAsync(string taskId, RequestContext context, CancellationToken cancellationToken) =>
        await TryFindAsync(taskId, context, cancellationToken).ConfigureAwait(false) ?? throw NotFound(taskId);

    /// <summary>The same; null if there is none for whoever asks.</summary>
    public async ValueTask<StoredTask?> TryFindAsync(string taskId, RequestContext context, CancellationToken cancellationToken)
    {
        await ReadyAsync().ConfigureAwait(false);
        var task = await Store.FindAsync(taskId, cancellationToken).ConfigureAwait(false);

        // MUST: nobody sees the task of another, nor that there is one.
        if (task is not null && task.Owner == OwnerOf(context))
            return task;

        logger.LogDebug("The task {TaskId} was asked for: {Reason}.", taskId, task is null ? "there is none" : "it is another's");
        return null;
    }

    /// <summary>A page of the tasks of whoever asks, oldest first.</summary>
    public async ValueTask<IReadOnlyList<StoredTask>> ListAsync(
        RequestContext context, TaskPlace? after, int count, CancellationToken cancellationToken)
    {
        await ReadyAsync().ConfigureAwait(false);
        return await Store.ListAsync(OwnerOf(context), after, count, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Changes a task, however many others do so at the same time; tells those who wait for it.</summary>
    /// <param name="taskId">Its name.</param>
    /// <param name="change">Makes the new record of the newest one, perhaps more than once; null to leave it.</param>
    /// <param name="cancellationToken">Ends the attempt.</param>
    /// <returns>The newest record; null if there is none any more.</returns>
    /// <exception cref="InvalidOperationException">The store takes no change, however often it is offered.</exception>
    public async ValueTask<StoredTask?> UpdateAsync(
        string taskId, Func<StoredTask, StoredTask?> change, CancellationToken cancellationToken)
    {
        for (var attempt = 0; attempt < MostAttempts; attempt++)
        {
            if (await Store.FindAsync(taskId, cancellationToken).ConfigureAwait(false) is not { } task)
            {
                news.Hear(taskId);
                return null;
            }

            // MUST: a task that has ended stays as it is.
            if (task.IsEnded || change(task) is not { } changed)
                return task;

            changed = Aged(changed with { Version = task.Version + 1 }, task);
            if (!await Store.TryReplaceAsync(changed, cancellationToken).ConfigureAwait(false))
                continue;

            if (changed.IsEnded)
                WhenEnded(changed);
            await PublishAsync(taskId).ConfigureAwait(false);
            return changed;
        }

        throw new InvalidOperationException($"The store did not take a change of the task {taskId} in {MostAttempts} attempts.");
    }

    /// <summary>Does something with the store, and keeps trying while that fails, for as long as somebody may ask for the task.</summary>
    /// <param name="taskId">The task's name.</param>
    /// <param name="attempt">What is to be done.</param>
    /// <param name="cancellationToken">Ends the attempts.</param>
    public async Task<StoredTask?> InsistAsync(string taskId, Func<ValueTask<StoredTask?>> attempt, CancellationToken cancellationToken)
    {
        var began = Time.GetTimestamp();
        for (var pause = TimeSpan.FromSeconds(1); ; pause = pause < TimeSpan.FromMinutes(1) ? pause * 2 : pause)
        {
            try
            {
                return await attempt().ConfigureAwait(false);
            }
            catch (Exception fault) when (fault is not (OperationCanceledException or ObjectDisposedException or JsonRpcException)
                && Time.GetElapsedTime(began) < server.Options.Tasks.MaxTimeToLive)
            {
                logger.LogError(fault, "The store failed for the task {TaskId}; the next attempt is in {Pause}.", taskId, pause);
            }

            await Task.Delay(pause, Time, cancellationToken).ConfigureAwait(false);
        }
    }

    /// <summary>Waits until a task is as it should be, or has ended; null if it is gone.</summary>
    public async Task<StoredTask?> UntilAsync(string taskId, Func<StoredTask, bool> isSo, CancellationToken cancellationToken)
    {
        while (true)
        {
            var next = news.NextOf(taskId);
            var task = await Store.FindAsync(taskId, cancellationToken).ConfigureAwait(false);
            if (task is null or { IsEnded: true })
            {
                news.Hear(taskId); // Nothing more will come.
                return task;
            }

            if (isSo(task))
                return task;

            await next.WaitAsync(LookAgain, Time, cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            cancellationToken.ThrowIfCancellationRequested();
        }
    }

    /// <summary>Gives a task what it asked for. SHOULD: what it does not ask, or not any more, is ignored.</summary>
    /// <exception cref="JsonRpcException">An answer does not fit its question; then none of them counts (-32602).</exception>
    public async ValueTask AnswerAsync(
        StoredTask task, IReadOnlyDictionary<string, JsonElement> answers, CancellationToken cancellationToken)
    {
        await UpdateAsync(task.TaskId, Answered, cancellationToken).ConfigureAwait(false);

        StoredTask? Answered(StoredTask current)
        {
            var open = current.Questions.Where(question => !question.Value.IsAnswered && answers.ContainsKey(question.Key)).ToArray();
            foreach (var (key, question) in open)
            {
                if ((InputAnswer.WhatIsWrongWith(question.Request.Method, InputAnswer.SchemaOf(question.Request), answers[key])
                    ?? Runs.WhatIsWrongWith(task.TaskId, key, answers[key])) is { } wrong)
                    throw InputResponses.Unfit(key, wrong);
            }

            return open.Length == 0 ? null : current.With(open.Select(question =>
                KeyValuePair.Create(question.Key, question.Value with { Answer = answers[question.Key] })));
        }
    }

    /// <summary>
    /// Cancels a task, whatever its tool does about it. MUST: once cancelled it stays so. What its tool comes to is of no interest any more.
    /// </summary>
    /// <returns>The task; ended in another way if it had.</returns>
    public async ValueTask<StoredTask> CancelAsync(StoredTask task, CancellationToken cancellationToken) =>
        await UpdateAsync(
            task.TaskId,
            current => Ended(current, McpTaskStatus.Cancelled) with { StatusMessage = "Cancelled at the client's wish." },
            cancellationToken).ConfigureAwait(false)
        ?? throw NotFound(task.TaskId);

    /// <summary>A task that has ended, and is kept so much longer that its client has the time to notice, whatever a wall clock says.</summary>
    public StoredTask Ended(StoredTask task, McpTaskStatus status) => task with
    {
        Status = status,
        Questions = new Dictionary<string, TaskQuestion>(),
        UsedKeys = [],
        Inputs = null,
        TimeToLive = task.TimeToLive + server.Options.Tasks.KeepResults,
    };

    /// <summary>A task that has failed.</summary>
    public StoredTask Failed(StoredTask task, TaskError error) =>
        Ended(task, McpTaskStatus.Failed) with { Error = error, StatusMessage = Short(error.Message) };

    /// <summary>A status message within its bounds; no character is cut in two.</summary>
    public string? Short(string? message)
    {
        var most = server.Options.Tasks.MaxStatusMessageLength;
        if (message is null || message.Length <= most)
            return message;
        return message[..(most > 0 && char.IsHighSurrogate(message[most - 1]) ? most - 1 : most)];
    }

    private static JsonRpcException NotFound(string taskId) => new(
        ErrorCode.InvalidParams,
        $"There is no task '{(taskId.Length > 64 ? taskId[..64] + "…" : taskId)}' here for you: there never was one, or its time to live is over.");

    /// <summary>A wall clock that was set back makes nothing older than it was.</summary>
    private StoredTask Aged(StoredTask changed, StoredTask before)
    {
        var now = Time.GetUtcNow();
        return changed with { LastUpdatedAt = now > before.LastUpdatedAt ? now : before.LastUpdatedAt };
    }

    private async Task StartAsync()
    {
        server.Options.Changes.Subscribe(Hear);
        try
        {
            foreach (var task in await Store.TakeAbandonedAsync().ConfigureAwait(false))
                await Runs.TakeUpAsync(task).ConfigureAwait(false);
        }
        catch (Exception fault)
        {
            logger.LogError(fault, "What an earlier process has left of its tasks could not be taken up.");
        }
    }

    // SHOULD: what ends is logged and measured. The bus alone is not relied on: it may lose the news, and the work would go on for nobody.
    private void WhenEnded(StoredTask task)
    {
        logger.LogInformation("The task {TaskId} of '{Tool}' has ended: {Status}.", task.TaskId, task.Name, task.Status);
        var status = JsonSerializer.SerializeToElement(task.Status, McpJson.Wire.McpTaskStatus).GetString()!;
        Telemetry.TaskEnded(task.LastUpdatedAt - task.CreatedAt, task.Name, status);
        Runs.End(task.TaskId);
    }

    private void Hear(Change change)
    {
        if (change is not { Kind: ChangeKind.TaskChanged, TaskId: { } taskId })
            return;

        news.Hear(taskId);
        Runs.Look(taskId);
    }

    private async ValueTask PublishAsync(string taskId)
    {
        try
        {
            await server.Options.Changes.PublishAsync(new Change(ChangeKind.TaskChanged, TaskId: taskId)).ConfigureAwait(false);
        }
        catch (Exception fault)
        {
            // The task has changed, and whoever asks for it is told so; those who wait look again by themselves.
            logger.LogError(fault, "The news of the task {TaskId} could not be published.", taskId);
            news.Hear(taskId);
        }
    }
}
