using System.Text.Json;
using OnlyMcp.Protocol.JsonRpc;
using OnlyMcp.Protocol.Schema;
using OnlyMcp.Protocol.Schema.Legacy;

namespace OnlyMcp.Client.Legacy;

/// <summary>The task that a message belongs to, as its metadata says.</summary>
/// <remarks>Spec: 2025-11-25 basic/utilities/tasks §Related Task Metadata</remarks>
internal static class RelatedTask
{
    /// <summary>The id of the task that some parameters, or a result, belong to; null if to none.</summary>
    public static string? In(JsonBody members) => members.IsAbsent ? null : In(members.ToElement());

    private static string? In(JsonElement members) =>
        Member(Member(Member(members, "_meta"), MetaKeys.RelatedTask), "taskId") is { ValueKind: JsonValueKind.String } id ? id.GetString() : null;

    /// <summary>MUST: what answers a task's question says that it belongs to the task.</summary>
    public static Result Mark(Result answer, string taskId)
    {
        var related = JsonSerializer.SerializeToElement(new RelatedTaskMetadata { TaskId = taskId }, McpJson.Wire.RelatedTaskMetadata);
        return answer with { Meta = new Dictionary<string, JsonElement>(answer.Meta ?? new Dictionary<string, JsonElement>()) { [MetaKeys.RelatedTask] = related } };
    }

    private static JsonElement Member(JsonElement element, string name) =>
        element.ValueKind == JsonValueKind.Object && element.TryGetProperty(name, out var member) ? member : default;
}
