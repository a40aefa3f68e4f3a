using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using OnlyMcp.Protocol.Revisions;

namespace OnlyMcp.Client;

/// <summary>Reads what a tool answered for code.</summary>
/// <remarks>Spec: 2026-07-28 server/tools §Structured Content</remarks>
internal static class StructuredAnswer
{
    public static T Read<T>(ToolAnswer answer, StructuredContent room, JsonTypeInfo<T> type)
    {
        try
        {
            if (answer.StructuredContent is { } structured)
                return structured.Deserialize(type)!;

            // Choice: where a revision has no room for structured content, servers put the same JSON into the text.
            if (room == StructuredContent.None && answer.Text.Length > 0)
                return JsonSerializer.Deserialize(answer.Text, type)!;
        }
        catch (JsonException fault)
        {
            throw new StructuredContentException(
                $"The answer of the tool '{answer.Tool}' cannot be read as {typeof(T).Name}: {fault.Message}", answer, fault);
        }

        throw new StructuredContentException(
            $"The tool '{answer.Tool}' gave no structured content to read as {typeof(T).Name}. Call it without the type and look at Text.",
            answer);
    }
}
