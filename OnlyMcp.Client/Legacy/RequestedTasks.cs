using System.Text.Json;
using OnlyMcp.Client.Plain;
using OnlyMcp.Client.Tasks;
using OnlyMcp.Protocol.JsonRpc;
using OnlyMcp.Protocol.Schema;
using OnlyMcp.Protocol.Schema.Legacy;
using OnlyMcp.Protocol.Transport;

namespace OnlyMcp.Client.Legacy;

/// <summary>Tasks as a wish of the client, where the server has declared them and the tool may, or must, be called so.</summary>
/// <remarks>
/// Spec: 2025-11-25 basic/utilities/tasks §Tool-Level Negotiation
/// Spec: 2025-11-25 basic/utilities/tasks §Creating Tasks
/// Spec: 2025-11-25 basic/utilities/tasks §Listing Tasks
/// </remarks>
internal sealed class RequestedTasks(LegacyEra era) : ITaskForm
{
    public string? Missing => era.Revision.HasRequestedTasks ? null : $"{era.Revision} has no tasks";

    /// <summary>MUST NOT: without the capability nothing is augmented, whatever the tool says of itself.</summary>
    private bool MayWish => Missing is null && era.Server.Capabilities.Tasks?.Requests?.Tools?.Call is not null;

    public async ValueTask<JsonBody> CallAsync(
        TaskServer server, PlainCall call, RequestOptions options, TaskAudience? progress, CancellationToken cancellationToken)
    {
        if (!MayWish)
            return await CallAsync(server, call, false, options, progress, cancellationToken).ConfigureAwait(false);

        // MUST NOT: a tool of which nothing is known may be one that is never a task.
        if (options.AsTask && server.Find(call.Name) is null)
            await TryListAsync(server, call.Name, options, cancellationToken).ConfigureAwait(false);
        var asTask = IsTask(server.Find(call.Name), options);
        try
        {
            var outcome = await CallAsync(server, call, asTask, options, progress, cancellationToken).ConfigureAwait(false);
            if (asTask || !await WasRefusedAsync(server, call.Name, outcome, options, cancellationToken).ConfigureAwait(false))
                return outcome;
        }
        catch (JsonRpcException refusal) when (refusal.Code is ErrorCode.MethodNotFound or ErrorCode.InvalidRequest)
        {
            // The tool was never listed, or is called in another way by now: then the refused call did nothing, and is made again.
            var listed = await TryListAsync(server, call.Name, options, cancellationToken).ConfigureAwait(false);
            if (!listed || IsTask(server.Find(call.Name), options) == asTask)
                throw;
        }

        return await CallAsync(server, call, !asTask, options, progress, cancellationToken).ConfigureAwait(false);
    }

    public BegunTask? TaskIn(JsonBody outcome) => outcome.Value is CreateLegacyTaskResult created
        ? new(StateOf(created.Task)) { ImmediateResponse = TextIn(created.Meta) }
        : null;

    public ITaskLine Open(TaskServer server, TaskHandle handle) => new RequestedTask(server, handle.TaskId, era.Conversation.Options.Tasks);

    public async Task<TaskPage> ListAsync(TaskServer server, string? cursor, RequestOptions options, CancellationToken cancellationToken)
    {
        if (Missing is { } reason)
            throw new InvalidOperationException($"There is no list of tasks: {reason}.");

        var wish = JsonBody.Of(new ListTasksRequestParams { Cursor = cursor }, McpJson.Wire.ListTasksRequestParams);
        var answer = await server.Ask(Methods.TasksList, wish, options, cancellationToken).ConfigureAwait(false);
        var page = TaskServer.Read(Methods.TasksList, answer, McpJson.Wire.ListTasksResult);
        return new TaskPage { Tasks = [.. page.Tasks.Select(StateOf)], NextCursor = page.NextCursor };
    }

    /// <summary>How far a task has come, in words that no revision owns.</summary>
    public static TaskSnapshot StateOf(LegacyTask task) => new()
    {
        Id = task.TaskId,
        Status = task.Status,
        StatusMessage = task.StatusMessage,
        CreatedAt = task.CreatedAt,
        LastUpdatedAt = task.LastUpdatedAt,
        TimeToLive = TaskSnapshot.Span(task.Ttl),
        PollInterval = TaskSnapshot.Span(task.PollInterval),
    };

    /// <inheritdoc cref="StateOf(LegacyTask)"/>
    public static TaskSnapshot StateOf(LegacyTaskStatusNotificationParams task) => new()
    {
        Id = task.TaskId,
        Status = task.Status,
        StatusMessage = task.StatusMessage,
        CreatedAt = task.CreatedAt,
        LastUpdatedAt = task.LastUpdatedAt,
        TimeToLive = TaskSnapshot.Span(task.Ttl),
        PollInterval = TaskSnapshot.Span(task.PollInterval),
    };

    /// <summary>MUST: a tool that runs as nothing else is called as a task; MUST NOT: one that does not say so is not.</summary>
    private static bool IsTask(Tool? tool, RequestOptions options) =>
        tool?.Execution?.TaskSupport is { } support && (support == TaskSupport.Required || (support == TaskSupport.Optional && options.AsTask));

    /// <summary>
    /// Choice: where an error is owed, there are servers that answer that the tool failed. Of one that was never listed, and turns out to
    /// run as a task alone, this says that it did not run.
    /// </summary>
    private static async Task<bool> WasRefusedAsync(
        TaskServer server, string tool, JsonBody outcome, RequestOptions options, CancellationToken cancellationToken) =>
        server.Find(tool) is null
        && outcome.ToElement().TryGetProperty("isError", out var failed) && failed.ValueKind == JsonValueKind.True
        && await TryListAsync(server, tool, options, cancellationToken).ConfigureAwait(false)
        && server.Find(tool)?.Execution?.TaskSupport == TaskSupport.Required;

    private static async Task<bool> TryListAsync(
        TaskServer server, string tool, RequestOptions options, CancellationToken cancellationToken)
    {
        try
        {
            await server.List(tool, options, cancellationToken).ConfigureAwait(false);
            return true;
        }
        catch (Exception fault) when (fault is JsonRpcException or ProtocolFaultException)
        {
            // A server that lists nothing, or nonsense, answers the call, or refuses it, all the same.
            return false;
        }
    }

    private static async Task<JsonBody> CallAsync(
        TaskServer server,
        PlainCall call,
        bool asTask,
        RequestOptions options,
        TaskAudience? progress,
        CancellationToken cancellationToken)
    {
        if (!asTask)
            return await server.Ask(Methods.ToolsCall, call.ToBody(), options, cancellationToken).ConfigureAwait(false);

        progress ??= new TaskAudience();
        var task = new TaskMetadata { Ttl = (long?)options.TaskTimeToLive?.TotalMilliseconds };
        var wish = (call with { Task = task }).ToBody();

        // MUST: such a request is never cancelled as a request. What becomes of it is learned first, and then the task is cancelled.
        var asking = server.Ask(Methods.ToolsCall, wish, options with { Task = progress }, CancellationToken.None).AsTask();
        try
        {
            return OutcomeOf(await asking.WaitAsync(cancellationToken).ConfigureAwait(false), progress);
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            _ = CancelLaterAsync(server, asking);
            progress.Close();
            throw;
        }
        catch
        {
            progress.Close();
            throw;
        }
    }

    /// <summary>What came of the wish: a task, as a value of its type, or the tool's result.</summary>
    private static JsonBody OutcomeOf(JsonBody result, TaskAudience progress)
    {
        if (result.ToElement().TryGetProperty("task", out _))
            return JsonBody.Of(
                TaskServer.Read(Methods.ToolsCall, result, McpJson.Wire.CreateLegacyTaskResult), McpJson.Wire.CreateLegacyTaskResult);

        // Choice: a server that did the work at once, which it must not once it has declared tasks, has done it.
        progress.Close();
        return result;
    }

    private static string? TextIn(IReadOnlyDictionary<string, JsonElement>? meta) =>
        meta?.TryGetValue(MetaKeys.ModelImmediateResponse, out var text) == true && text.ValueKind == JsonValueKind.String
            ? text.GetString()
            : null;

    private static async Task CancelLaterAsync(TaskServer server, Task<JsonBody> asking)
    {
        try
        {
            var result = await asking.ConfigureAwait(false);
            if (result.ToElement().TryGetProperty("task", out _)
                && TaskServer.Read(Methods.ToolsCall, result, McpJson.Wire.CreateLegacyTaskResult).Task is { } task)
                server.Farewell(stop => RequestedTask.CancelAsync(server, task.TaskId, RequestOptions.Default, stop));
        }
        catch (Exception)
        {
            // No task came of it, or none that can be named: nothing is left to cancel, and nobody to tell.
        }
    }
}
