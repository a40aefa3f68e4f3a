using System.Collections.Frozen;
using OnlyMcp.Protocol.JsonRpc;

namespace OnlyMcp.Protocol.Transport;

/// <summary>Which page and section of the specification defines a method; for those that ended, the last that did.</summary>
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
        [Methods.Cancelled] = "basic/patterns/cancellation §Cancellation Flow",
        [Methods.Progress] = "basic/patterns/progress §Progress Flow",
    }.ToFrozenDictionary(StringComparer.Ordinal);

    /// <summary>The methods that have one.</summary>
    public static IEnumerable<string> Known => Pages.Keys;

    /// <summary>The page and section, or null for a method that no revision has.</summary>
    public static string? Find(string method) => Pages.GetValueOrDefault(method);
}
