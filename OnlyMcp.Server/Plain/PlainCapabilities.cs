using System.Text.Json;
using OnlyMcp.Protocol.Schema;

namespace OnlyMcp.Server.Plain;

/// <summary>What a server offers, written by hand.</summary>
internal static class PlainCapabilities
{
    public static void Write(Utf8JsonWriter writer, ServerCapabilities capabilities)
    {
        writer.WriteStartObject("capabilities");
        PlainWriter.WriteElements(writer, "experimental", capabilities.Experimental);
        WriteSettings(writer, "logging", capabilities.Logging);
        WriteSettings(writer, "completions", capabilities.Completions);
        if (capabilities.Prompts is { } prompts)
            WriteFlags(writer, "prompts", null, prompts.ListChanged);
        if (capabilities.Resources is { } resources)
            WriteFlags(writer, "resources", resources.Subscribe, resources.ListChanged);
        if (capabilities.Tools is { } tools)
            WriteFlags(writer, "tools", null, tools.ListChanged);
        if (capabilities.Tasks is { } tasks)
        {
            writer.WritePropertyName("tasks");
            JsonSerializer.Serialize(writer, tasks, McpJson.Wire.ServerTasksCapability);
        }

        PlainWriter.WriteElements(writer, "extensions", capabilities.Extensions);
        writer.WriteEndObject();
    }

    private static void WriteFlags(Utf8JsonWriter writer, string name, bool? subscribe, bool? listChanged)
    {
        writer.WriteStartObject(name);
        if (subscribe is { } mayBe)
            writer.WriteBoolean("subscribe", mayBe);
        if (listChanged is { } isTold)
            writer.WriteBoolean("listChanged", isTold);
        writer.WriteEndObject();
    }

    private static void WriteSettings(Utf8JsonWriter writer, string name, CapabilitySettings? settings)
    {
        if (settings is null)
            return;

        writer.WriteStartObject(name);
        foreach (var (key, element) in settings.Other ?? new Dictionary<string, JsonElement>())
        {
            writer.WritePropertyName(key);
            element.WriteTo(writer);
        }

        writer.WriteEndObject();
    }
}
