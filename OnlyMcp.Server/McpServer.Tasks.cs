using OnlyMcp.Protocol.JsonRpc;
using OnlyMcp.Server.Tasks;
using OnlyMcp.Server.Tools;

namespace OnlyMcp.Server;

// Spec: ext-tasks tasks §Capability Negotiation
public sealed partial class McpServer
{
    private volatile bool offersTasks;
    private volatile Offers<McpTool> searched = Offers<McpTool>.None;

    /// <summary>The tasks of the tools.</summary>
    internal ServerTasks Tasks { get; }

    /// <summary>Calls a tool.</summary>
    internal RequestHandler<RequestContext> CallTool { get; }

    /// <summary>Whether some tool has tasks, or had: what has begun can still be asked for.</summary>
    internal bool OffersTasks => offersTasks || (Tools.Current != searched && FindTasks());

    /// <summary>Takes up the tasks that an earlier process has left; a host does so when it starts.</summary>
    internal Task TakeUpTasksAsync() => OffersTasks ? Tasks.ReadyAsync() : Task.CompletedTask;

    private bool FindTasks()
    {
        var tools = Tools.Current;
        if (tools.Items.Any(tool => tool.MayBeTask))
            offersTasks = true; // Never false again: another may have found one meanwhile, which is gone by now.
        searched = tools;
        return offersTasks;
    }
}
