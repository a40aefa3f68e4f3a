using OnlyMcp.Protocol.Schema;

namespace OnlyMcp.Server.Legacy.Tasks;

/// <summary>Says of each tool that is listed whether its calls may be tasks, in sessions that have those.</summary>
/// <remarks>Spec: 2025-11-25 basic/utilities/tasks §Tool-Level Negotiation</remarks>
internal static class TaskTools
{
    public static Result Declare(Result result, McpServer server, Session? session) =>
        result is ListToolsResult list ? Declare(list, server, session is { HasTasks: true }) : result;

    private static ListToolsResult Declare(ListToolsResult list, McpServer server, bool hasTasks) =>
        hasTasks || list.Tools.Any(tool => tool.Execution is not null)
            ? list with { Tools = [.. list.Tools.Select(tool => Declare(tool, server, hasTasks))] }
            : list;

    // What a tool does not say it does not have.
    private static Tool Declare(Tool tool, McpServer server, bool hasTasks) => tool with
    {
        Execution = hasTasks && server.Tools.TryFind(tool.Name, out var found) && found is { MayBeTask: true, Tasks: { } tasks }
            ? new ToolExecution { TaskSupport = tasks.Support }
            : null,
    };
}
