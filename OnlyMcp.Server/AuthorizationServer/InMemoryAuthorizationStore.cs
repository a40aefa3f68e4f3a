namespace OnlyMcp.Server.AuthorizationServers;

/// <summary>Keeps what an authorization server knows in this process, and no longer than it lasts.</summary>
/// <param name="limits">How much it keeps.</param>
/// <param name="time">The clock.</param>
public sealed class InMemoryAuthorizationStore(AuthorizationStoreLimits? limits = null, TimeProvider? time = null) : IAuthorizationStore
{
    private static readonly TimeSpan BetweenSweeps = TimeSpan.FromMinutes(1);

    private readonly AuthorizationStoreLimits limits = limits ?? new();
    private readonly TimeProvider time = time ?? TimeProvider.System;
    private readonly EntryCounts counts = new(limits ?? new());
    private readonly Dictionary<(string Kind, string Key), Kept> entries = [];
    private readonly Lock gate = new();
    private DateTimeOffset nextSweep;

    /// <inheritdoc/>
    public ValueTask<StoredEntry?> FindAsync(string kind, string key, CancellationToken cancellationToken = default)
    {
        lock (gate)
            return new(Live((kind, key))?.Entry);
    }

    /// <inheritdoc/>
    /// <exception cref="ArgumentException">No store takes the entry; the message says why.</exception>
    /// <exception cref="AuthorizationStoreFullException">There is no room for it.</exception>
    public ValueTask<bool> TryWriteAsync(StoredEntry entry, long? expectedVersion, CancellationToken cancellationToken = default)
    {
        var size = StoredEntryJson.Write(entry, limits).Length;
        lock (gate)
        {
            SweepNowAndThen();
            var name = (entry.Kind, entry.Key);
            var before = Live(name);
            if (before?.Entry.Version != expectedVersion)
                return new(false);

            if (!counts.HasRoomFor(entry.Kind, size, before?.Size ?? 0))
                Sweep();
            counts.RequireRoom(entry.Kind, size, before?.Size ?? 0);
            Remove(name);
            entries[name] = new(entry with { Version = (expectedVersion ?? 0) + 1, Value = entry.Value.Clone() }, size);
            counts.Change(entry.Kind, size, 0);
            return new(true);
        }
    }

    /// <inheritdoc/>
    public ValueTask RemoveAsync(string kind, string key, CancellationToken cancellationToken = default)
    {
        lock (gate)
            Remove((kind, key));
        return ValueTask.CompletedTask;
    }

    private Kept? Live((string Kind, string Key) name) =>
        entries.TryGetValue(name, out var kept) && !(kept.Entry.ExpiresAt <= time.GetUtcNow()) ? kept : null;

    private void Remove((string Kind, string Key) name)
    {
        if (entries.Remove(name, out var kept))
            counts.Change(name.Kind, 0, kept.Size);
    }

    private void SweepNowAndThen()
    {
        if (time.GetUtcNow() >= nextSweep)
            Sweep();
    }

    private void Sweep()
    {
        nextSweep = time.GetUtcNow() + BetweenSweeps;
        foreach (var name in entries.Keys.Where(name => Live(name) is null).ToArray())
            Remove(name);
    }

    private sealed record Kept(StoredEntry Entry, int Size);
}
