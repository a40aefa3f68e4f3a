namespace OnlyMcp.Server.Tools;

/// <summary>The tools of a server, by name, in the order in which they were added. Safe to change while the server runs.</summary>
public sealed class ToolCollection : OfferCollection<McpTool>
{
    private protected override string Kind => "tool named";

    private protected override string KeyOf(McpTool item) => item.Name;
}
