using System.Collections.Frozen;
using OnlyMcp.Protocol.JsonRpc;
using OnlyMcp.Protocol.Schema;

namespace OnlyMcp.Protocol.Transport;

/// <summary>
/// Which page and section of the specification defines a method; for those that ended, the last that did, and for those that mean
/// something else in an extension now, both.
/// </summary>
internal static class WirePages
{
    private static readonly FrozenDictionary<string, string> Pages = new Dictionary<string, string>
    {
        [Methods.ServerDiscover] = "server/discover §Request",
        [Methods.SubscriptionsListen] = "basic/patterns/subscriptions §Opening a Stream",
        [Methods.SubscriptionsAcknowledged] = "basic/patterns/subscriptions §Acknowledgment",
        [Methods.Initialize] = "basic/lifecycle §Initialization",
        [Methods.Initialized] = "basic/lifecycle §Initialization",
        [Methods.Ping] = "basic/utilities/ping §Message Format",
        [Methods.LoggingSetLevel] = "server/utilities/logging §Setting Log Level",
        [Methods.Message] = "server/utilities/logging §Log Message Notifications",
        [Methods.ToolsList] = "server/tools §Listing Tools",
        [Methods.ToolsCall] = "server/tools §Calling Tools",
        [Methods.ToolsListChanged] = "server/tools §List Changed Notification",
        [Methods.ResourcesList] = "server/resources §Listing Resources",
        [Methods.ResourcesTemplatesList] = "server/resources §Resource Templates",
        [Methods.ResourcesRead] = "server/resources §Reading Resources",
        [Methods.ResourcesSubscribe] = "server/resources §Subscriptions",
        [Methods.ResourcesUnsubscribe] = "server/resources §Subscriptions",
        [Methods.ResourcesUpdated] = "server/resources §Subscriptions",
        [Methods.ResourcesListChanged] = "server/resources §List Changed Notification",
        [Methods.PromptsList] = "server/prompts §Listing Prompts",
        [Methods.PromptsGet] = "server/prompts §Getting a Prompt",
        [Methods.PromptsListChanged] = "server/prompts §List Changed Notification",
        [Methods.CompletionComplete] = "server/utilities/completion §Requesting Completions",
        [Methods.ElicitationCreate] = "client/elicitation §Elicitation Requests",
        [Methods.ElicitationComplete] = "client/elicitation §Completion Notifications for URL Mode Elicitation",
        [Methods.SamplingCreateMessage] = "client/sampling §Creating Messages",
        [Methods.RootsList] = "client/roots §Listing Roots",
        [Methods.RootsListChanged] = "client/roots §Root List Changes",
        [Methods.TasksGet] = "ext-tasks tasks §Task Polling; basic/utilities/tasks §Getting Tasks",
        [Methods.TasksUpdate] = "ext-tasks tasks §Task Update Requests",
        [Methods.TasksCancel] = "ext-tasks tasks §Task Cancellation; basic/utilities/tasks §Cancelling Tasks",
        [Methods.TasksResult] = "basic/utilities/tasks §Retrieving Task Results",
        [Methods.TasksList] = "basic/utilities/tasks §Listing Tasks",
        [Methods.Tasks] = "ext-tasks tasks §Task Status Notifications",
        [Methods.TasksStatus] = "basic/utilities/tasks §Task Status Notification",
        [Methods.Cancelled] = "basic/patterns/cancellation §Cancellation Flow",
        [Methods.Progress] = "basic/patterns/progress §Progress Flow",
    }.ToFrozenDictionary(StringComparer.Ordinal);

    // What may stand in the place of a method's own result.
    private static readonly FrozenDictionary<string, string> PagesOfResults = new Dictionary<string, string>
    {
        [ResultTypes.InputRequired] = "basic/patterns/mrtr §InputRequiredResult",
        [TasksExtension.ResultType] = "ext-tasks tasks §Task Creation",
    }.ToFrozenDictionary(StringComparer.Ordinal);

    /// <summary>The methods that have one.</summary>
    public static IEnumerable<string> Known => Pages.Keys;

    /// <summary>The page and section, or null for a method that no revision has.</summary>
    public static string? Find(string method) => Pages.GetValueOrDefault(method);

    /// <summary>The page and section of what stands in the place of a method's own result, or null for any other type of result.</summary>
    public static string? FindResult(string? resultType) => resultType is null ? null : PagesOfResults.GetValueOrDefault(resultType);
}
