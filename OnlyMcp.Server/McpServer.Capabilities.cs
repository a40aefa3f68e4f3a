using System.Text.Json;
using OnlyMcp.Protocol.Revisions;
using OnlyMcp.Protocol.Schema;

namespace OnlyMcp.Server;

// Spec: 2026-07-28 server/discover §DiscoverResult
public sealed partial class McpServer
{
    private static readonly JsonElement NoSettings = JsonElement.Parse("{}");

    /// <summary>What the server offers, in the words of an era: what is there, and what the options add.</summary>
    internal ServerCapabilities CapabilitiesFor(Era era) => Options.Capabilities with
    {
        // MUST: whoever has tools, prompts, resources or completions declares them. That their lists change is declared, and told, unless
        // the options say otherwise; so with the updates of resources.
        Tools = Telling(Options.Capabilities.Tools ?? new()),
        Prompts = OffersPrompts ? Telling(Options.Capabilities.Prompts ?? new()) : null,
        Resources = OffersResources ? Telling(Options.Capabilities.Resources ?? new()) : null,
        Completions = OffersCompletions ? Options.Capabilities.Completions ?? new() : null,

        // MUST: who may emit log messages declares it; every handler may.
        Logging = Options.Capabilities.Logging ?? new(),
        Extensions = ExtensionsFor(era),
    };

    // MUST: whoever answers with tasks says so. In the legacy era they are no extension; a revision that has them declares them otherwise.
    private IReadOnlyDictionary<string, JsonElement>? ExtensionsFor(Era era)
    {
        if (era == Era.Modern && OffersTasks)
            return new Dictionary<string, JsonElement>(Options.Extensions) { [TasksExtension.Id] = NoSettings };
        return Options.Extensions.Count > 0 ? Options.Extensions : null;
    }

    private static ToolsCapability Telling(ToolsCapability tools) => tools with { ListChanged = tools.ListChanged ?? true };

    private static PromptsCapability Telling(PromptsCapability prompts) => prompts with { ListChanged = prompts.ListChanged ?? true };

    private static ResourcesCapability Telling(ResourcesCapability resources) =>
        resources with { ListChanged = resources.ListChanged ?? true, Subscribe = resources.Subscribe ?? true };
}
