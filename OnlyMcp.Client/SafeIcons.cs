using OnlyMcp.Protocol.Schema;
using OnlyMcp.Protocol.Transport;

namespace OnlyMcp.Client;

/// <summary>Takes icons away that no user interface should be handed: those whose address could do more than show a picture.</summary>
/// <remarks>Spec: 2026-07-28 basic §icons</remarks>
internal sealed class SafeIcons(Action<ProtocolFaultException> report)
{
    public Implementation Of(Implementation info) => info.Icons is null ? info : info with { Icons = Safe(info.Icons, info.Name) };

    public Tool Of(Tool tool) => tool.Icons is null ? tool : tool with { Icons = Safe(tool.Icons, tool.Name) };

    public Prompt Of(Prompt prompt) => prompt.Icons is null ? prompt : prompt with { Icons = Safe(prompt.Icons, prompt.Name) };

    public Resource Of(Resource resource) =>
        resource.Icons is null ? resource : resource with { Icons = Safe(resource.Icons, resource.Name) };

    public ResourceTemplate Of(ResourceTemplate template) =>
        template.Icons is null ? template : template with { Icons = Safe(template.Icons, template.Name) };

    public IReadOnlyList<ContentBlock> Of(IReadOnlyList<ContentBlock> content) =>
        content is not [TextContent] && content.Any(piece => piece is ResourceLink { Icons: not null }) ? [.. content.Select(Of)] : content;

    public ContentBlock Of(ContentBlock content) =>
        content is ResourceLink { Icons: { } icons } link ? link with { Icons = Safe(icons, link.Name) } : content;

    /// <summary>MUST: an icon is refused unless its scheme is known to be safe.</summary>
    public static bool IsSafe(string source)
    {
        if (source.AsSpan().IndexOfAnyInRange('\0', ' ') >= 0 || !Uri.TryCreate(source, UriKind.Absolute, out var address))
            return false;

        // Choice: the page counts http among the sources and not among the safe ones. It runs nothing, so whoever fetches it decides.
        return address.Scheme is "https" or "http"
            || (address.Scheme == "data" && source.StartsWith("data:image/", StringComparison.OrdinalIgnoreCase));
    }

    private List<Icon>? Safe(IReadOnlyList<Icon> icons, string owner)
    {
        var safe = new List<Icon>(icons.Count);
        foreach (var icon in icons)
        {
            if (IsSafe(icon.Src))
                safe.Add(icon);
            else
                report(new ProtocolFaultException(
                    $"An icon of '{owner}' was refused: its source is neither an https or http URL nor a picture in a data URI.",
                    System.Text.Encoding.UTF8.GetBytes(icon.Src)));
        }

        return safe.Count > 0 ? safe : null;
    }
}
