using OnlyMcp.Protocol.JsonRpc;
using OnlyMcp.Protocol.Revisions;
using OnlyMcp.Protocol.Schema;

namespace OnlyMcp.Client;

/// <summary>What a server must have declared before a method is asked for.</summary>
/// <remarks>Spec: 2025-11-25 basic/lifecycle §Operation</remarks>
internal static class RequiredCapability
{
    /// <summary>MUST (a SHOULD until 2025-03-26): only what both sides agreed on is used.</summary>
    /// <exception cref="MissingServerCapabilityException">The server has not declared it.</exception>
    public static void Check(string method, ServerCapabilities offered, Revision revision)
    {
        // Choice: where nothing is agreed on, what a server said once may be out of date; it refuses by itself what it does not offer.
        if (revision.AgreesOnCapabilities && Missing(method, offered, revision) is { } capability)
            throw new MissingServerCapabilityException(method, capability);
    }

    private static string? Missing(string method, ServerCapabilities offered, Revision revision) => method switch
    {
        Methods.ToolsList or Methods.ToolsCall when offered.Tools is null => "tools",
        Methods.PromptsList or Methods.PromptsGet when offered.Prompts is null => "prompts",
        Methods.ResourcesList or Methods.ResourcesTemplatesList or Methods.ResourcesRead when offered.Resources is null => "resources",
        Methods.CompletionComplete when offered.Completions is null && revision.DeclaresCompletion => "completions",
        Methods.TasksGet or Methods.TasksResult when offered.Tasks is null => "tasks",
        Methods.TasksCancel when offered.Tasks?.Cancel is null => "tasks.cancel",
        Methods.TasksList when offered.Tasks?.List is null => "tasks.list",
        _ => null,
    };
}
