using System.Text.Json;
using OnlyMcp.Protocol.Schema;

namespace OnlyMcp.Client;

/// <summary>What a tool has answered, succeeded or failed: see <see cref="IsError"/>, or call <see cref="EnsureSuccess"/>.</summary>
/// <remarks>Spec: 2026-07-28 server/tools §Tool Result</remarks>
public sealed class ToolAnswer
{
    internal ToolAnswer(string tool, CallToolResult result)
    {
        Tool = tool;
        Result = result;
    }

    /// <summary>The tool's name.</summary>
    public string Tool { get; }

    /// <summary>The answer as it was received.</summary>
    public CallToolResult Result { get; }

    /// <summary>
    /// All text of the answer, its pieces joined by line breaks; empty if there is none. When the tool has failed, this is what it
    /// says about that, fit for a language model to read and to act on.
    /// </summary>
    public string Text => Result.Content is [TextContent only] ? only.Text
        : string.Join('\n', Result.Content.OfType<TextContent>().Select(content => content.Text));

    /// <summary>Whether the tool has failed.</summary>
    public bool IsError => Result.IsError == true;

    /// <summary>Every piece of the answer: text, pictures, sound, resources.</summary>
    public IReadOnlyList<ContentBlock> Content => Result.Content;

    /// <summary>The answer for code to read; null if the tool gave none.</summary>
    public JsonElement? StructuredContent => Result.StructuredContent;

    /// <summary>Returns this answer if the tool succeeded.</summary>
    /// <exception cref="ToolFailedException">The tool failed.</exception>
    public ToolAnswer EnsureSuccess() => IsError ? throw new ToolFailedException(Tool, this) : this;

    /// <summary>The text, as <see cref="Text"/>.</summary>
    public override string ToString() => Text;
}
