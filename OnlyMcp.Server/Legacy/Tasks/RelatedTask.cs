using System.Buffers;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using OnlyMcp.Protocol.JsonRpc;
using OnlyMcp.Protocol.Schema;
using OnlyMcp.Protocol.Schema.Legacy;

namespace OnlyMcp.Server.Legacy.Tasks;

/// <summary>The mark of a message that belongs to a task.</summary>
/// <remarks>Spec: 2025-11-25 basic/utilities/tasks §Related Task Metadata</remarks>
internal static class RelatedTask
{
    private static readonly JsonElement Nothing = JsonElement.Parse("{}");

    /// <summary>The metadata of a message that has none beside.</summary>
    public static Dictionary<string, JsonElement> Meta(string taskId) => new() { [MetaKeys.RelatedTask] = Mark(taskId) };

    /// <summary>The metadata of a message, with the mark.</summary>
    public static IReadOnlyDictionary<string, JsonElement> Meta(string taskId, IReadOnlyDictionary<string, JsonElement>? meta) =>
        meta is null ? Meta(taskId) : new Dictionary<string, JsonElement>(meta) { [MetaKeys.RelatedTask] = Mark(taskId) };

    /// <summary>Params or a result with the mark in its metadata; what is no object has no room for it.</summary>
    public static JsonBody On(JsonBody message, string taskId)
    {
        JsonElement? content = message.IsAbsent ? null : message.ToElement();
        if (content is { ValueKind: not JsonValueKind.Object })
            return message;

        var bytes = new ArrayBufferWriter<byte>();
        using (var writer = new Utf8JsonWriter(bytes))
        {
            writer.WriteStartObject();
            foreach (var member in Members(content).Where(member => member.Name != "_meta"))
                member.WriteTo(writer);
            writer.WriteStartObject("_meta");
            JsonElement? before = content?.TryGetProperty("_meta", out var meta) == true ? meta : null;
            foreach (var member in Members(before).Where(member => member.Name != MetaKeys.RelatedTask))
                member.WriteTo(writer);
            Write(writer, taskId);
            writer.WriteEndObject();
            writer.WriteEndObject();
        }

        return new JsonBody(bytes.WrittenMemory);
    }

    /// <summary>Writes the mark as a member of metadata.</summary>
    public static void Write(Utf8JsonWriter writer, string taskId)
    {
        writer.WritePropertyName(MetaKeys.RelatedTask);
        Mark(taskId).WriteTo(writer);
    }

    /// <summary>Names a page that a task shows, in whichever session its client is asked; who does not know the task cannot guess it.</summary>
    public static string ElicitationIdOf(string taskId, string key) =>
        new Guid(SHA256.HashData(Encoding.UTF8.GetBytes($"{taskId} {key}")).AsSpan(0, 16)).ToString();

    private static JsonElement Mark(string taskId) =>
        JsonSerializer.SerializeToElement(new RelatedTaskMetadata { TaskId = taskId }, McpJson.Wire.RelatedTaskMetadata);

    private static JsonElement.ObjectEnumerator Members(JsonElement? content) =>
        (content is { ValueKind: JsonValueKind.Object } members ? members : Nothing).EnumerateObject();
}
