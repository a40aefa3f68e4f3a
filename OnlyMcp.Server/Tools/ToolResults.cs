using System.Text.Json;
using OnlyMcp.Protocol.Schema;

namespace OnlyMcp.Server.Tools;

/// <summary>Short ways to the results that tools return most.</summary>
public static class ToolResults
{
    /// <summary>A result that is one text.</summary>
    public static CallToolResult Text(string text) => new() { Content = [new TextContent { Text = text }] };

    /// <summary>A result for code to read, with its JSON as text for whoever reads no more. SHOULD: both.</summary>
    /// <remarks>Spec: 2026-07-28 server/tools §Structured Content</remarks>
    /// <param name="content">Keeps to the tool's output schema, if it has one; an object, for clients of older revisions.</param>
    public static CallToolResult Structured(JsonElement content) => Text(content.GetRawText()) with { StructuredContent = content };

    /// <summary>A result that says, for the model to read, why the tool could not do what was asked.</summary>
    /// <remarks>Spec: 2026-07-28 server/tools §Error Handling</remarks>
    public static CallToolResult Error(string text) => Text(text) with { IsError = true };
}
