using OnlyMcp.Protocol.Revisions;
using OnlyMcp.Protocol.Schema;

namespace OnlyMcp.Server;

// Spec: 2026-07-28 server/discover §DiscoverResult
public sealed partial class McpServer
{
    /// <summary>What the server offers, in the words of an era.</summary>
    internal ServerCapabilities CapabilitiesFor(Era era) => new()
    {
        Tools = new ToolsCapability(),

        // MUST: who may emit log messages declares it; every handler may.
        Logging = new CapabilitySettings(),
        Extensions = Options.Extensions.Count > 0 ? Options.Extensions : null,
    };
}
