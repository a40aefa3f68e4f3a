namespace OnlyMcp.Server.Resources;

/// <summary>The resource templates of a server, in the order in which they are tried: as they were added. Safe to change at any time.</summary>
public sealed class ResourceTemplateCollection : OfferCollection<McpResourceTemplate>
{
    private protected override string Kind => "resource template";

    private protected override string KeyOf(McpResourceTemplate item) => item.Definition.UriTemplate;

    private protected override void Check(McpResourceTemplate item)
    {
        var template = item.Definition.UriTemplate;
        var beginning = template.AsSpan(0, Math.Max(template.IndexOf('{', StringComparison.Ordinal), 0));
        if (template.Length == 0 || (beginning.Length > 0 && !beginning.Contains(':')))
            throw new ArgumentException($"'{template}' leads to no absolute URI: begin with a scheme, as in weather://{{city}}.");
    }
}
