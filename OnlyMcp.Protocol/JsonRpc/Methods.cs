using System.Collections.Frozen;
using System.Text;
using System.Text.Json;
using OnlyMcp.Protocol.Schema;

namespace OnlyMcp.Protocol.JsonRpc;

/// <summary>The names of all methods of all revisions, as they stand on the wire.</summary>
public static class Methods
{
    /// <summary>Since 2026-07-28: asks what a server is and offers.</summary>
    public const string ServerDiscover = "server/discover";

    /// <summary>Since 2026-07-28: opens a stream of change notifications.</summary>
    public const string SubscriptionsListen = "subscriptions/listen";

    /// <summary>Until 2025-11-25: opens a conversation.</summary>
    public const string Initialize = "initialize";

    /// <summary>Until 2025-11-25: asks whether the other side is there.</summary>
    public const string Ping = "ping";

    /// <summary>Until 2025-11-25: sets how much the server logs to the client.</summary>
    public const string LoggingSetLevel = "logging/setLevel";

    /// <summary>Lists the server's tools.</summary>
    public const string ToolsList = "tools/list";

    /// <summary>Runs a tool.</summary>
    public const string ToolsCall = "tools/call";

    /// <summary>Lists the server's resources.</summary>
    public const string ResourcesList = "resources/list";

    /// <summary>Lists the server's resource templates.</summary>
    public const string ResourcesTemplatesList = "resources/templates/list";

    /// <summary>Reads a resource.</summary>
    public const string ResourcesRead = "resources/read";

    /// <summary>Until 2025-11-25: asks to be told when a resource changes.</summary>
    public const string ResourcesSubscribe = "resources/subscribe";

    /// <summary>Until 2025-11-25: asks to be told no longer.</summary>
    public const string ResourcesUnsubscribe = "resources/unsubscribe";

    /// <summary>Lists the server's prompts.</summary>
    public const string PromptsList = "prompts/list";

    /// <summary>Fills in a prompt.</summary>
    public const string PromptsGet = "prompts/get";

    /// <summary>Proposes values for an argument.</summary>
    public const string CompletionComplete = "completion/complete";

    /// <summary>Asks the client's user for input.</summary>
    public const string ElicitationCreate = "elicitation/create";

    /// <summary>Asks the client's model for a message.</summary>
    public const string SamplingCreateMessage = "sampling/createMessage";

    /// <summary>Asks the client for the folders that it works in.</summary>
    public const string RootsList = "roots/list";

    /// <summary>Since 2025-11-25, an extension since 2026-07-28: asks how far a task has come.</summary>
    public const string TasksGet = "tasks/get";

    /// <summary>Since 2026-07-28, an extension: answers what a task asks.</summary>
    public const string TasksUpdate = "tasks/update";

    /// <summary>Since 2025-11-25, an extension since 2026-07-28: wants a task to end.</summary>
    public const string TasksCancel = "tasks/cancel";

    /// <summary>2025-11-25 only: waits for what a task comes to.</summary>
    public const string TasksResult = "tasks/result";

    /// <summary>2025-11-25 only: lists tasks.</summary>
    public const string TasksList = "tasks/list";

    /// <summary>Until 2025-11-25: the client is ready.</summary>
    public const string Initialized = "notifications/initialized";

    /// <summary>The sender of a request no longer wants its answer.</summary>
    public const string Cancelled = "notifications/cancelled";

    /// <summary>How far a request has come.</summary>
    public const string Progress = "notifications/progress";

    /// <summary>The server logs something.</summary>
    public const string Message = "notifications/message";

    /// <summary>The list of tools changed.</summary>
    public const string ToolsListChanged = "notifications/tools/list_changed";

    /// <summary>The list of prompts changed.</summary>
    public const string PromptsListChanged = "notifications/prompts/list_changed";

    /// <summary>The list of resources changed.</summary>
    public const string ResourcesListChanged = "notifications/resources/list_changed";

    /// <summary>A resource changed.</summary>
    public const string ResourcesUpdated = "notifications/resources/updated";

    /// <summary>Since 2026-07-28: which changes a stream of change notifications will tell of.</summary>
    public const string SubscriptionsAcknowledged = "notifications/subscriptions/acknowledged";

    /// <summary>2025-11-25 only: the user is done on the web page that the server named.</summary>
    public const string ElicitationComplete = "notifications/elicitation/complete";

    /// <summary>Since 2026-07-28, an extension: how far a task has come.</summary>
    public const string Tasks = "notifications/tasks";

    /// <summary>2025-11-25 only: how far a task has come.</summary>
    public const string TasksStatus = "notifications/tasks/status";

    /// <summary>Until 2025-11-25: the client's roots changed.</summary>
    public const string RootsListChanged = "notifications/roots/list_changed";

    private static readonly FrozenDictionary<string, string>.AlternateLookup<ReadOnlySpan<char>> Interned =
        new[]
        {
            ServerDiscover, SubscriptionsListen, Initialize, Ping, LoggingSetLevel, ToolsList, ToolsCall, ResourcesList,
            ResourcesTemplatesList, ResourcesRead, ResourcesSubscribe, ResourcesUnsubscribe, PromptsList, PromptsGet,
            CompletionComplete, ElicitationCreate, SamplingCreateMessage, RootsList, Initialized, Cancelled, Progress, Message,
            ToolsListChanged, PromptsListChanged, ResourcesListChanged, ResourcesUpdated, SubscriptionsAcknowledged,
            ElicitationComplete, RootsListChanged, TasksGet, TasksUpdate, TasksCancel, TasksResult, TasksList, Tasks, TasksStatus,
        }.ToFrozenDictionary(name => name, name => name).GetAlternateLookup<ReadOnlySpan<char>>();

    /// <summary>Whether some revision of the protocol gives the name a meaning.</summary>
    public static bool IsOfTheProtocol(string method) => Interned.TryGetValue(method, out _);

    /// <summary>Refuses a name that nobody may give to a method of their own.</summary>
    /// <exception cref="ArgumentException">The name is empty, the protocol's own, or reserved by JSON-RPC or by an extension.</exception>
    public static void RequireCustom(string method)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(method);
        if (IsOfTheProtocol(method))
            throw new ArgumentException($"'{method}' is a name of the protocol: choose another, such as com.example/{method}.", nameof(method));
        if (method.StartsWith("rpc.", StringComparison.Ordinal))
            throw new ArgumentException($"'{method}': names that begin with 'rpc.' are JSON-RPC's own.", nameof(method));

        // Spec: ext-tasks tasks §Reservations
        if (method.StartsWith("tasks/", StringComparison.Ordinal) || method.StartsWith("notifications/tasks/", StringComparison.Ordinal))
            throw new ArgumentException($"'{method}': such names are reserved for the extension {TasksExtension.Id}.", nameof(method));
    }

    /// <summary>Reads a method's name without allocating it anew for every message.</summary>
    internal static string Read(ref Utf8JsonReader reader)
    {
        Span<char> name = stackalloc char[64];
        if (reader.ValueIsEscaped || !Encoding.UTF8.TryGetChars(reader.ValueSpan, name, out var length))
            return reader.GetString()!;

        return Interned.TryGetValue(name[..length], out var known) ? known : reader.GetString()!;
    }
}
