using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace OnlyMcp.Server.AuthorizationServers;

/// <summary>Keeps what an authorization server knows in a folder, a file for each entry, so that it outlives the process.</summary>
/// <remarks>
/// <para>
/// Several processes may use one folder, on a disk of this machine; shares of a network do not all keep two apart. What was written when a
/// call returned is on the disk, whenever the process is killed. On Unix the files are their owner's alone; on Windows they have the rights
/// of the folder that it is in.
/// </para>
/// <para>
/// A file that is damaged is told to the log, and in the message of whoever asks for it, and left where it is; the others are served. The
/// limits are counted when the store is made and every five minutes, and by each process for what it writes itself in between.
/// </para>
/// </remarks>
public sealed class FileAuthorizationStore : IAuthorizationStore, IDisposable
{
    private static readonly TimeSpan BetweenSweeps = TimeSpan.FromMinutes(5);

    private readonly AuthorizationStoreLimits limits;
    private readonly TimeProvider time;
    private readonly ILogger logger;
    private readonly EntryFolder folder;
    private readonly FolderTurns turns;
    private readonly EntryCounts counts;
    private readonly ConcurrentDictionary<string, bool> told = [];
    private readonly ITimer sweeps;
    private bool disposed;

    /// <summary>Opens a folder, and makes it if there is none.</summary>
    /// <param name="folder">Where the entries are; for nothing else.</param>
    /// <param name="limits">How much it keeps.</param>
    /// <param name="time">The clock.</param>
    /// <param name="logger">Hears of files that cannot be read or removed; nobody by default.</param>
    /// <exception cref="IOException">This process may not use the folder; the message says what to do.</exception>
    public FileAuthorizationStore(
        string folder, AuthorizationStoreLimits? limits = null, TimeProvider? time = null, ILogger<FileAuthorizationStore>? logger = null)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(folder);
        this.limits = limits ?? new();
        this.time = time ?? TimeProvider.System;
        this.logger = logger ?? NullLogger<FileAuthorizationStore>.Instance;
        this.folder = new(folder, this.logger);
        turns = new(this.folder);
        counts = new(this.limits);
        foreach (var name in Recount())
            IsOver(name);
        sweeps = this.time.CreateTimer(_ => _ = SweepAsync(), null, BetweenSweeps, BetweenSweeps);
    }

    /// <inheritdoc/>
    /// <exception cref="IOException">Its file cannot be read; the message says which.</exception>
    public async ValueTask<StoredEntry?> FindAsync(string kind, string key, CancellationToken cancellationToken = default)
    {
        if (!StoredEntryJson.IsKind(kind) || !StoredEntryJson.IsKey(key))
            return null;

        var name = EntryFolder.NameOf(kind, key);
        using var turn = await TakeTurnAsync(name, cancellationToken).ConfigureAwait(false);
        return Live(folder.Find(name, limits.MaxEntryBytes));
    }

    /// <inheritdoc/>
    /// <exception cref="ArgumentException">No store takes the entry; the message says why.</exception>
    /// <exception cref="AuthorizationStoreFullException">There is no room for it.</exception>
    /// <exception cref="IOException">It could not be written, and what was there before stays; the message says which file.</exception>
    public async ValueTask<bool> TryWriteAsync(StoredEntry entry, long? expectedVersion, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(entry);
        var json = StoredEntryJson.Write(entry with { Version = (expectedVersion ?? 0) + 1 }, limits);
        var name = EntryFolder.NameOf(entry.Kind, entry.Key);
        using var turn = await TakeTurnAsync(name, cancellationToken).ConfigureAwait(false);
        if (Live(folder.Find(name, limits.MaxEntryBytes))?.Version != expectedVersion)
            return false;

        var size = folder.SizeOf(name);
        lock (counts)
            counts.RequireRoom(entry.Kind, json.Length, size);

        // Once begun it is not cancelled: nobody would know what became of it.
        await Task.Run(() => folder.Write(name, json), CancellationToken.None).ConfigureAwait(false);
        lock (counts)
            counts.Change(entry.Kind, json.Length, size);
        return true;
    }

    /// <inheritdoc/>
    /// <exception cref="IOException">Its file could not be removed; the message says which.</exception>
    public async ValueTask RemoveAsync(string kind, string key, CancellationToken cancellationToken = default)
    {
        if (!StoredEntryJson.IsKind(kind) || !StoredEntryJson.IsKey(key))
            return;

        var name = EntryFolder.NameOf(kind, key);
        using var turn = await TakeTurnAsync(name, cancellationToken).ConfigureAwait(false);
        var size = folder.SizeOf(name);
        await Task.Run(() => folder.Delete(name), CancellationToken.None).ConfigureAwait(false);
        lock (counts)
            counts.Change(kind, 0, size);
    }

    /// <summary>Waits for what is being written, and sweeps no more.</summary>
    public void Dispose()
    {
        if (Interlocked.Exchange(ref disposed, true))
            return;

        sweeps.Dispose();
        turns.Dispose();
    }

    private StoredEntry? Live(StoredEntry? entry) => entry is null || entry.ExpiresAt <= time.GetUtcNow() ? null : entry;

    private async ValueTask<IDisposable> TakeTurnAsync(string name, CancellationToken cancellationToken)
    {
        var turn = await turns.TakeAsync(name, cancellationToken).ConfigureAwait(false);
        if (!disposed)
            return turn;

        turn.Dispose();
        throw new ObjectDisposedException(nameof(FileAuthorizationStore));
    }

    /// <summary>Removes what is over, and what was not written to its end, and counts the rest.</summary>
    private async Task SweepAsync()
    {
        try
        {
            foreach (var name in folder.Unfinished().Concat(Recount().Where(IsOver)).ToArray())
            {
                using var turn = await TakeTurnAsync(name, CancellationToken.None).ConfigureAwait(false);

                // Whatever it was a moment ago: nobody is writing now.
                if (name.EndsWith(Files.OwnersFolder.Unfinished, StringComparison.Ordinal) || IsOver(name))
                    folder.TryDelete(name);
            }

            Recount();
        }
        catch (ObjectDisposedException)
        {
            // The store is no more; the next to open the folder sweeps it.
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            logger.LogError(
                fault, "'{Folder}' could not be swept; it is tried again in {Wait}.", folder.FullName, BetweenSweeps);
        }
    }

    private List<string> Recount()
    {
        lock (counts)
        {
            counts.Clear();
            List<string> names = [];
            foreach (var (name, kind, size) in folder.Entries())
            {
                counts.Change(kind, size, 0);
                names.Add(name);
            }

            return names;
        }
    }

    private bool IsOver(string name)
    {
        try
        {
            return folder.Find(name, limits.MaxEntryBytes) is { } entry && Live(entry) is null;
        }
        catch (IOException fault)
        {
            // Whatever is wrong with one file, it is no reason to do without the others.
            if (told.TryAdd(name, true))
                logger.LogError(fault, "{Reason}", fault.Message);
            return false;
        }
    }
}
