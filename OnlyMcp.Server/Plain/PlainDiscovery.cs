using System.Text.Json;
using OnlyMcp.Protocol.Schema;

namespace OnlyMcp.Server.Plain;

/// <summary>The answer to <c>server/discover</c>, written by hand.</summary>
internal sealed class PlainDiscovery : PlainWriter<DiscoverResult>
{
    public static readonly PlainDiscovery Instance = new();

    public override void Write(Utf8JsonWriter writer, DiscoverResult value, JsonSerializerOptions options)
    {
        writer.WriteStartObject();
        writer.WriteStartArray("supportedVersions");
        foreach (var version in value.SupportedVersions)
            writer.WriteStringValue(version);
        writer.WriteEndArray();
        PlainCapabilities.Write(writer, value.Capabilities);
        PlainWriter.WriteText(writer, "instructions", value.Instructions);
        WriteStamp(writer, value);
        writer.WriteEndObject();
    }
}
