using System.Text.Json;
using OnlyMcp.Protocol.Schema;
using OnlyMcp.Server;
using OnlyMcp.Server.Tools;

namespace PersonalDb.Mcp;

/// <summary>Does what a tool promises; what it returns becomes structured content.</summary>
internal delegate ValueTask<object> ToolHandler(JsonElement arguments, RequestContext context, CancellationToken cancellationToken);

/// <summary>What the ten tools have in common.</summary>
internal static class ToolDefinition
{
    public static ToolAnnotations Reads { get; } = new() { ReadOnlyHint = true, OpenWorldHint = false };

    public static ToolAnnotations Adds { get; } = new() { DestructiveHint = false, OpenWorldHint = false };

    public static ToolAnnotations Replaces { get; } = new() { DestructiveHint = true, IdempotentHint = true, OpenWorldHint = false };

    public static ToolAnnotations Deletes { get; } = new() { DestructiveHint = true, IdempotentHint = true, OpenWorldHint = false };

    public static Tool Of(string name, string description, string inputSchema, string outputSchema, ToolAnnotations annotations) => new()
    {
        Name = name,
        Description = description,
        InputSchema = JsonElement.Parse(inputSchema),
        OutputSchema = JsonElement.Parse(outputSchema),
        Annotations = annotations,
    };

    /// <summary>Offers a tool. What the store refuses is told to the model in the store's words.</summary>
    public static void Add(this McpServer server, Tool tool, ToolHandler handler) => server.AddTool(tool, async (arguments, context, cancellationToken) =>
    {
        try
        {
            return ToolResults.Structured(Json.Element(await handler(arguments, context, cancellationToken)));
        }
        catch (RefusedException refused)
        {
            throw new ToolErrorException(refused.Message, refused);
        }
    });
}
