using OnlyMcp.Protocol.Revisions;
using OnlyMcp.Protocol.Schema;

namespace OnlyMcp.Server;

// Spec: 2026-07-28 server/discover §DiscoverResult
public sealed partial class McpServer
{
    /// <summary>What the server offers, in the words of an era: what is there, and what <see cref="McpServerOptions.Capabilities"/> adds.</summary>
    internal ServerCapabilities CapabilitiesFor(Era era) => Options.Capabilities with
    {
        // MUST: whoever has tools, prompts, resources or completions declares them.
        Tools = Options.Capabilities.Tools ?? new(),
        Prompts = OffersPrompts ? Options.Capabilities.Prompts ?? new() : null,
        Resources = OffersResources ? Options.Capabilities.Resources ?? new() : null,
        Completions = OffersCompletions ? Options.Capabilities.Completions ?? new() : null,

        // MUST: who may emit log messages declares it; every handler may.
        Logging = Options.Capabilities.Logging ?? new(),
        Extensions = Options.Extensions.Count > 0 ? Options.Extensions : null,
    };
}
