namespace OnlyMcp.Server.AuthorizationServers;

/// <summary>How many entries of each kind a store keeps, and their bytes. Whoever uses it sees to one change at a time.</summary>
internal sealed class EntryCounts(AuthorizationStoreLimits limits)
{
    private readonly Dictionary<string, Count> kinds = new(StringComparer.Ordinal);

    /// <summary>Whether there is room for an entry where one of that size was, which is 0 if there was none.</summary>
    public bool HasRoomFor(string kind, int size, int before)
    {
        var (entries, bytes) = kinds.GetValueOrDefault(kind);
        return size <= before || (bytes + size - before <= limits.MaxBytesOfAKind && (before > 0 || entries < limits.MaxEntriesOfAKind));
    }

    /// <exception cref="AuthorizationStoreFullException">There is no room for an entry where one of that size was.</exception>
    public void RequireRoom(string kind, int size, int before)
    {
        if (!HasRoomFor(kind, size, before))
        {
            throw new AuthorizationStoreFullException(
                $"The store is full: of the kind '{kind}' it keeps {limits.MaxEntriesOfAKind} entries and {limits.MaxBytesOfAKind} bytes. "
                + "There is room again when the time of some is over.");
        }
    }

    /// <summary>Counts an entry of that size where one of another was; 0 says that there is, or was, none.</summary>
    public void Change(string kind, int size, int before)
    {
        var (entries, bytes) = kinds.GetValueOrDefault(kind);
        kinds[kind] = new(entries + Math.Sign(size) - Math.Sign(before), bytes + size - before);
    }

    public void Clear() => kinds.Clear();

    private readonly record struct Count(int Entries, long Bytes);
}
