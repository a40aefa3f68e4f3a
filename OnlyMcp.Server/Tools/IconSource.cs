using OnlyMcp.Protocol.Schema;

namespace OnlyMcp.Server.Tools;

/// <summary>The picture that an attribute names.</summary>
/// <remarks>Spec: 2026-07-28 basic §icons</remarks>
internal static class IconSource
{
    private static readonly string[] Schemes = ["https:", "http:", "data:"];

    /// <exception cref="ArgumentException">No client may fetch from there.</exception>
    public static IReadOnlyList<Icon>? Of(string? source)
    {
        if (source is null)
            return null;

        // MUST: clients refuse every other scheme, so that nobody would ever see the picture.
        return Schemes.Any(scheme => source.StartsWith(scheme, StringComparison.Ordinal))
            ? [new Icon { Src = source }]
            : throw new ArgumentException($"The icon '{source}' must begin with https:, http: or data:; clients show no other.");
    }
}
