using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using OnlyMcp.Protocol.JsonSchemas;
using OnlyMcp.Protocol.Revisions;

namespace OnlyMcp.Client;

/// <summary>Reads what a tool answered for code.</summary>
/// <remarks>
/// Spec: 2026-07-28 server/tools §Structured Content
/// Spec: 2026-07-28 server/tools §Output Schema
/// </remarks>
internal static class StructuredAnswer
{
    /// <summary>Holds it against the tool's output schema. A tool that failed owes nothing.</summary>
    /// <exception cref="StructuredContentException">It is missing, or breaks the schema.</exception>
    public static void Check(ToolAnswer answer, JsonSchema schema)
    {
        if (answer.IsError)
            return;
        if (answer.StructuredContent is not { } structured)
            throw new StructuredContentException(
                $"The tool '{answer.Tool}' has an output schema, and answered without structured content.", answer);
        if (schema.Validate(structured) is { Count: > 0 } errors)
            throw new StructuredContentException(
                $"The structured content of the tool '{answer.Tool}' breaks its output schema: {string.Join("; ", errors)}", answer)
            {
                Errors = errors,
            };
    }

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
