namespace OnlyMcp.Protocol.Revisions;

/// <summary>The revisions of the specification that this library speaks. A version that is not in the list is simply unknown.</summary>
public static partial class KnownRevisions
{
    /// <summary>All of them, newest first.</summary>
    public static IReadOnlyList<Revision> All => List;

    // Walked for every request: an array is walked without an enumerator.
    private static Revision[] List => field ??= [V20260728, V20251125, V20250618, V20250326, V20241105];

    /// <summary>The newest of an era.</summary>
    public static Revision Newest(Era era) => All.First(revision => revision.Era == era);

    /// <summary>The revision with this version, compared letter by letter, or null if it is unknown.</summary>
    public static Revision? Find(string? version)
    {
        foreach (var revision in List)
        {
            if (revision.Version == version)
                return revision;
        }

        return null;
    }
}
