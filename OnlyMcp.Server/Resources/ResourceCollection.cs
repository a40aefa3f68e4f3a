using OnlyMcp.Protocol.UriTemplates;

namespace OnlyMcp.Server.Resources;

/// <summary>The resources of a server, by address, in the order in which they were added. Safe to change while the server runs.</summary>
public sealed class ResourceCollection : OfferCollection<McpResource>
{
    private protected override string Kind => "resource at";

    private protected override string KeyOf(McpResource item) => item.Definition.Uri;

    // MUST: addresses keep to RFC 3986; one that does not could never be asked for.
    private protected override void Check(McpResource item)
    {
        if (!UriSyntax.IsAbsolute(item.Definition.Uri))
        {
            throw new ArgumentException(
                $"'{item.Definition.Uri}' is no absolute URI: begin with a scheme, as in config://app, and percent-encode what an address "
                + "cannot hold.");
        }
    }
}
