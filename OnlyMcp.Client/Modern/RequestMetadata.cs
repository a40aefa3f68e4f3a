using System.Text.Json;
using OnlyMcp.Client.Inputs;
using OnlyMcp.Protocol.JsonRpc;
using OnlyMcp.Protocol.Revisions;
using OnlyMcp.Protocol.Schema;

namespace OnlyMcp.Client.Modern;

/// <summary>What every request carries, since no server remembers it: the version, the client and what the client can do.</summary>
/// <remarks>
/// Spec: 2026-07-28 basic §_meta
/// Spec: ext-tasks tasks §Capability Negotiation
/// </remarks>
internal static class RequestMetadata
{
    public static MetaStamp Of(
        Revision revision, McpClientOptions options, LoggingLevel? logLevel, bool takesTasks = false)
    {
        var capabilities = DeclaredCapabilities.Of(options, revision);
        if (takesTasks)
            capabilities = capabilities with { Extensions = WithTasks(capabilities.Extensions) };
        var meta = new Dictionary<string, JsonElement>
        {
            [MetaKeys.ProtocolVersion] = JsonSerializer.SerializeToElement(revision.Version, McpJson.Wire.String),
            [MetaKeys.ClientInfo] = JsonSerializer.SerializeToElement(options.ClientInfo, McpJson.Wire.Implementation),
            [MetaKeys.ClientCapabilities] = JsonSerializer.SerializeToElement(capabilities, McpJson.Wire.ClientCapabilities),
        };
        if (logLevel is { } level)
            meta[MetaKeys.LogLevel] = JsonSerializer.SerializeToElement(level, McpJson.Wire.LoggingLevel);
        return new MetaStamp(meta);
    }

    /// <summary>An empty object says that the extension is spoken; one that has settings already keeps them.</summary>
    private static Dictionary<string, JsonElement> WithTasks(IReadOnlyDictionary<string, JsonElement>? own)
    {
        var extensions = new Dictionary<string, JsonElement>(own ?? new Dictionary<string, JsonElement>());
        extensions.TryAdd(TasksExtension.Id, JsonElement.Parse("{}"));
        return extensions;
    }
}
