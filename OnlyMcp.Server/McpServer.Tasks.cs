using OnlyMcp.Protocol.JsonRpc;
using OnlyMcp.Server.Tasks;

namespace OnlyMcp.Server;

// Spec: ext-tasks tasks §Capability Negotiation
public sealed partial class McpServer
{
    private volatile bool offersTasks;

    /// <summary>The tasks of the tools.</summary>
    internal ServerTasks Tasks { get; }

    /// <summary>Calls a tool.</summary>
    internal RequestHandler<RequestContext> CallTool { get; }

    /// <summary>Whether some tool has tasks, or had: what has begun can still be asked for.</summary>
    internal bool OffersTasks => offersTasks || (Tools.WasFilled && (offersTasks = Tools.All.Any(tool => tool.MayBeTask)));

    /// <summary>Takes up the tasks that an earlier process has left; a host does so when it starts.</summary>
    internal Task TakeUpTasksAsync() => OffersTasks ? Tasks.ReadyAsync() : Task.CompletedTask;
}
