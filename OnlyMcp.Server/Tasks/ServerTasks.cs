using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Microsoft.Extensions.Logging;
using OnlyMcp.Protocol.JsonRpc;
using OnlyMcp.Protocol.Middleware;
using OnlyMcp.Protocol.Schema;
using OnlyMcp.Server.Authorization;
using OnlyMcp.Server.Changes;
using OnlyMcp.Server.Inputs;

namespace OnlyMcp.Server.Tasks;

/// <summary>
/// The tasks of a server, wherever they run: finds them for those who may have them, changes them, waits for them to change.
/// </summary>
/// <remarks>
/// Spec: ext-tasks tasks §Security Considerations
/// Spec: 2025-11-25 basic/utilities/tasks §Task Isolation and Access Control
/// </remarks>
internal sealed partial class ServerTasks
{
    /// <summary>The owner of what is asked over a pipe without a principal: whoever started this process.</summary>
    private const string Pipe = "pipe";

    /// <summary>The owner, in the log, of a task that belongs to nobody in particular.</summary>
    private const string Anybody = "whoever knows it";

    private readonly McpServer server;
    private readonly ILogger logger;
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

    private TaskOptions Options => server.Options.Tasks;

    private ITaskStore Store => Options.Store;

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
        logger.LogInformation("The task {TaskId} of '{Tool}' has begun, for {Owner}.", task.TaskId, task.Name, task.Owner ?? Anybody);
    }

    /// <summary>The task of that name, if whoever asks may have it.</summary>
    /// <exception cref="JsonRpcException">There is none for them: the same words, whatever the reason (-32602).</exception>
    /// <exception cref="InsufficientScopeException">It is theirs, but their token would not have been enough to begin it.</exception>
    public async ValueTask<StoredTask> FindAsync(string taskId, RequestContext context, CancellationToken cancellationToken)
    {
        var task = await FindOwnAsync(taskId, context, cancellationToken).ConfigureAwait(false) ?? throw NotFound(taskId);
        context.RequireScopes(ScopesOf(task));
        return task;
    }

    /// <summary>The same; null if there is none for whoever asks, or for their token.</summary>
    public async ValueTask<StoredTask?> TryFindAsync(string taskId, RequestContext context, CancellationToken cancellationToken) =>
        await FindOwnAsync(taskId, context, cancellationToken).ConfigureAwait(false) is { } task && IsShown(task, context) ? task : null;

    /// <summary>Whether the token of whoever asks would have been enough to begin the task.</summary>
    public bool IsShown(StoredTask task, RequestContext context) => context.Allows(ScopesOf(task));

    private async ValueTask<StoredTask?> FindOwnAsync(string taskId, RequestContext context, CancellationToken cancellationToken)
    {
        await ReadyAsync().ConfigureAwait(false);
        var task = await Store.FindAsync(taskId, cancellationToken).ConfigureAwait(false);

        // MUST: nobody sees the task of another, nor that there is one.
        var asking = OwnerOf(context);
        if (task is not null && task.Owner == asking)
            return task;

        var reason = task is null ? "there is none" : "it is another's";
        logger.LogDebug("The task {TaskId} was asked for by {Owner}: {Reason}.", Short(taskId), asking ?? Anybody, reason);
        return null;
    }

    /// <summary>A page of the tasks of whoever asks, oldest first.</summary>
    public async ValueTask<IReadOnlyList<StoredTask>> ListAsync(
        RequestContext context, TaskPlace? after, int count, CancellationToken cancellationToken)
    {
        await ReadyAsync().ConfigureAwait(false);
        return await Store.ListAsync(OwnerOf(context), after, count, cancellationToken).ConfigureAwait(false);
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
            current => current.Ended(McpTaskStatus.Cancelled, Options) with { StatusMessage = "Cancelled at the client's wish." },
            cancellationToken).ConfigureAwait(false)
        ?? throw NotFound(task.TaskId);

    private IReadOnlyList<string> ScopesOf(StoredTask task) => server.Tools.TryFind(task.Name, out var tool) ? tool.Scopes : [];

    private static JsonRpcException NotFound(string taskId) => new(
        ErrorCode.InvalidParams,
        $"There is no task '{Short(taskId)}' here for you: there never was one, or its time to live is over.");

    private static string Short(string taskId) => taskId.Length > 64 ? taskId[..64] + "…" : taskId;

    private Task StartAsync()
    {
        server.Options.Changes.Subscribe(Hear);
        return new InterruptedTasks(server, this).TakeUpAsync();
    }
}
