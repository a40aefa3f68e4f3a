namespace OnlyMcp.Server.Prompts;

/// <summary>The prompts of a server, by name, in the order in which they were added. Safe to change while the server runs.</summary>
public sealed class PromptCollection : OfferCollection<McpPrompt>
{
    private protected override string Kind => "prompt named";

    private protected override string KeyOf(McpPrompt item) => item.Name;
}
