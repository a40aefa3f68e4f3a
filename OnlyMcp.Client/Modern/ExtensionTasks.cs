using System.Text.Json;
using OnlyMcp.Client.Eras;
using OnlyMcp.Client.Plain;
using OnlyMcp.Client.Tasks;
using OnlyMcp.Protocol.JsonRpc;
using OnlyMcp.Protocol.Revisions;
using OnlyMcp.Protocol.Schema;

namespace OnlyMcp.Client.Modern;

/// <summary>Tasks as an extension: the client says that it can follow one, and the server decides whether a call becomes one.</summary>
/// <remarks>
/// Spec: ext-tasks tasks §Capability Negotiation
/// Spec: ext-tasks tasks §Polymorphic Results
/// </remarks>
internal sealed class ExtensionTasks(ClientConversation conversation, Revision revision, ServerDescription description) : ITaskForm
{
    /// <summary>What a result may be called beside the protocol's own types; it has the extension declared.</summary>
    private static readonly string[] Types = [TasksExtension.ResultType];

    private RequestOptions? usual; // What nearly every call is asked with.

    public string? Missing => null;

    private bool IsOffered => description.Capabilities.Extensions?.ContainsKey(TasksExtension.Id) == true;

    /// <summary>The same options for a request that is made in the extension's name.</summary>
    public static RequestOptions Asking(RequestOptions options) => options with { OnProgress = null, Progress = null, ResultTypes = Types };

    public ValueTask<JsonBody> CallAsync(
        TaskServer server, PlainCall call, RequestOptions options, TaskAudience? progress, CancellationToken cancellationToken)
    {
        var asking = progress is null && ReferenceEquals(options, RequestOptions.Default)
            ? usual ??= Wish(server, options, null)
            : Wish(server, options, progress);
        return server.Ask(Methods.ToolsCall, call.ToBody(), asking, cancellationToken);
    }

    /// <summary>MUST: whoever declares the extension takes the tool's result and a task alike.</summary>
    public BegunTask? TaskIn(JsonBody outcome) => ResultKind.IsTask(outcome) ? new(Begun(outcome)) : null;

    /// <summary>Whether a server refused a request because the client did not declare the extension.</summary>
    public static bool IsMissing(JsonRpcException refusal)
    {
        if (refusal.Code != ErrorCode.MissingRequiredClientCapability || refusal.Error.Data.IsAbsent)
            return false;

        var data = refusal.Error.Data.ToElement();
        return Member(Member(data, "requiredCapabilities"), "extensions") is { ValueKind: JsonValueKind.Object } extensions
            && extensions.TryGetProperty(TasksExtension.Id, out _);
    }

    public ITaskLine Open(TaskServer server, TaskHandle handle) => new ExtensionTask(server, handle.TaskId, conversation, revision, description);

    public Task<TaskPage> ListAsync(TaskServer server, string? cursor, RequestOptions options, CancellationToken cancellationToken) =>
        throw new InvalidOperationException($"{revision} has no list of tasks: keep the handle of each (ToolTask.Handle), and resume it.");

    /// <summary>Choice: a server that does not speak the extension is not told of it; one that does by now says so when it needs it.</summary>
    private RequestOptions Wish(TaskServer server, RequestOptions options, TaskAudience? progress)
    {
        IReadOnlyCollection<string> types = options.ResultTypes.Count == 0 ? Types : [.. options.ResultTypes, .. Types];
        var declaring = options with { ResultTypes = types, Late = CancelLate(server) };
        if (progress is { IsWanted: true })
            declaring = declaring with { OnProgress = progress.Report, Progress = null };
        return IsOffered ? declaring : options with { WithTasks = declaring };
    }

    /// <summary>A cancel of the call may cross the answer, which then names a task that nobody knows of but the server.</summary>
    private Action<JsonBody> CancelLate(TaskServer server) => late => CancelTaskIn(late, server);

    private void CancelTaskIn(JsonBody result, TaskServer server)
    {
        if (!ResultKind.IsTask(result))
            return;

        var task = new ExtensionTask(server, Begun(result).Id, conversation, revision, description);
        server.Farewell(stop => task.CancelAsync(RequestOptions.Default, stop));
    }

    private static TaskSnapshot Begun(JsonBody result) =>
        StateOf(TaskServer.Read(Methods.ToolsCall, result, McpJson.Wire.CreateTaskResult));

    /// <summary>How far a task has come, in words that no revision owns.</summary>
    public static TaskSnapshot StateOf(TaskResult task) => new()
    {
        Id = task.TaskId,
        Status = task.Status,
        StatusMessage = task.StatusMessage,
        CreatedAt = task.CreatedAt,
        LastUpdatedAt = task.LastUpdatedAt,
        TimeToLive = TaskSnapshot.Span(task.TtlMs),
        PollInterval = TaskSnapshot.Span(task.PollIntervalMs),
    };

    private static JsonElement Member(JsonElement element, string name) =>
        element.ValueKind == JsonValueKind.Object && element.TryGetProperty(name, out var member) ? member : default;
}
