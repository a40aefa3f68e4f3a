using OnlyMcp.Protocol.Schema;

namespace OnlyMcp.Server.Tools;

/// <summary>Short ways to the results that tools return most.</summary>
public static class ToolResults
{
    /// <summary>A result that is one text.</summary>
    public static CallToolResult Text(string text) => new() { Content = [new TextContent { Text = text }] };

    /// <summary>A result that says, for the model to read, why the tool could not do what was asked.</summary>
    /// <remarks>Spec: 2026-07-28 server/tools §Error Handling</remarks>
    public static CallToolResult Error(string text) => Text(text) with { IsError = true };
}
