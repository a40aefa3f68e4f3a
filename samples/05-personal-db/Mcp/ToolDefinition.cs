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

    /// <summary>Offers a tool to whoever has let a program have the scope. Whether the person may do it too, the store asks.</summary>
    public static void Add(this McpServer server, Tool tool, string scope, ToolHandler handler) =>
        server.Tools.Add(new SchemaTool(
            tool, (arguments, context, cancellationToken) => CallAsync(handler, arguments, context, cancellationToken))
        {
            Scopes = [scope],
        });

    /// <summary>What the store refuses is told to the model in the store's words.</summary>
    private static async ValueTask<Result> CallAsync(
        ToolHandler handler, JsonElement arguments, RequestContext context, CancellationToken cancellationToken)
    {
        try
        {
            return ToolResults.Structured(Json.Element(await handler(arguments, context, cancellationToken)));
        }
        catch (RefusedException refused)
        {
            throw new ToolErrorException(refused.Message, refused);
        }
    }
}
