using OnlyMcp.Protocol.Schema;

namespace OnlyMcp.Client.Inputs;

/// <summary>The folders that the client lets its server work in, which may change; null if it does not tell them.</summary>
/// <remarks>Spec: 2026-07-28 client/roots §Root</remarks>
internal sealed class RootList
{
    private volatile IReadOnlyList<Root>? roots;

    public RootList(IReadOnlyList<Root>? roots) => this.roots = roots is null ? null : Checked(roots);

    public IReadOnlyList<Root>? Now => roots;

    public void Set(IReadOnlyList<Root> changed)
    {
        if (roots is null)
            throw new InvalidOperationException("The server was not told that the client has roots: set McpClientOptions.Roots, to none at first.");

        roots = Checked(changed);
    }

    private static Root[] Checked(IReadOnlyList<Root> roots)
    {
        foreach (var root in roots)
        {
            // MUST: roots are file URIs, and none leads out of where it seems to lead.
            if (!root.Uri.StartsWith("file://", StringComparison.OrdinalIgnoreCase) || !Uri.TryCreate(root.Uri, UriKind.Absolute, out _))
                throw new ArgumentException($"The root '{root.Uri}' is no file URI: give one such as file:///projects/mine.");
            if (Uri.UnescapeDataString(root.Uri).Split('/', '\\').Contains(".."))
                throw new ArgumentException($"The root '{root.Uri}' climbs with '..': give the folder itself.");
        }

        return [.. roots];
    }
}
