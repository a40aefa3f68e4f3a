using System.Text.Json;
using OnlyMcp.Client.Inputs;
using OnlyMcp.Protocol.Revisions;
using OnlyMcp.Protocol.Schema;

namespace OnlyMcp.Client.Modern;

/// <summary>What every request carries, since no server remembers it: the version, the client and what the client can do.</summary>
/// <remarks>Spec: 2026-07-28 basic §_meta</remarks>
internal static class RequestMetadata
{
    public static IReadOnlyCollection<KeyValuePair<string, JsonElement>> Of(
        Revision revision, McpClientOptions options, LoggingLevel? logLevel)
    {
        var capabilities = DeclaredCapabilities.Of(options, revision);
        var meta = new List<KeyValuePair<string, JsonElement>>
        {
            new(MetaKeys.ProtocolVersion, JsonSerializer.SerializeToElement(revision.Version, McpJson.Wire.String)),
            new(MetaKeys.ClientInfo, JsonSerializer.SerializeToElement(options.ClientInfo, McpJson.Wire.Implementation)),
            new(MetaKeys.ClientCapabilities, JsonSerializer.SerializeToElement(capabilities, McpJson.Wire.ClientCapabilities)),
        };
        if (logLevel is { } level)
            meta.Add(new(MetaKeys.LogLevel, JsonSerializer.SerializeToElement(level, McpJson.Wire.LoggingLevel)));
        return meta;
    }
}
