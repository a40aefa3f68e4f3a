using OnlyMcp.Client.Legacy;
using OnlyMcp.Client.Modern;
using OnlyMcp.Protocol.Revisions;

namespace OnlyMcp.Client.Eras;

/// <summary>The eras that this client speaks: the one place that names what is inside them.</summary>
internal static class ClientEras
{
    private static readonly IEraEntrance[] All = [new ModernEntrance(), new LegacyEntrance()];

    public static IEraEntrance Of(Era era) => All.First(entrance => entrance.Era == era);
}
