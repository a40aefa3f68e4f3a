using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace OnlyMcp.Server.Tasks;

/// <summary>Keeps tasks in a folder of its own, one file for each, so that they outlive the process, however it ends.</summary>
/// <remarks>
/// <para>
/// One process at a time has the folder: a second one is refused, until the first has disposed its store or is gone. The folder has to
/// be on a disk of this machine; shares of a network do not all keep two processes apart. On Unix its files are its owner's alone; on
/// Windows they have the rights of the folder that it is in. A file that is no task, or cannot be read, is logged and left where it is.
/// </para>
/// <para>All tasks are in memory too, and are read when the store is made.</para>
/// Spec: ext-tasks tasks §Task Creation
/// Spec: 2025-11-25 basic/utilities/tasks §TTL and Resource Management
/// </remarks>
public sealed class FileTaskStore : ITaskStore, IDisposable, IAsyncDisposable
{
    private static readonly TimeSpan BetweenSweeps = TimeSpan.FromMinutes(1);

    // The writes of a task come one after another; those of two tasks seldom meet in a turn.
    private readonly SemaphoreSlim[] turns = [.. Enumerable.Range(0, 256).Select(_ => new SemaphoreSlim(1))];
    private readonly TaskStoreLimits limits;
    private readonly TimeProvider time;
    private readonly ILogger logger;
    private readonly TaskFolder files;
    private readonly TaskShelf shelf;
    private readonly ITimer sweeps;
    private IReadOnlyList<string> abandoned;
    private bool disposed;

    /// <summary>Opens a folder, and makes it if there is none.</summary>
    /// <param name="folder">Where the tasks are; for nothing else.</param>
    /// <param name="limits">How much it keeps. What is on disk beyond that is logged, left where it is, and not found.</param>
    /// <param name="time">The clock.</param>
    /// <param name="logger">Hears of files that cannot be read or removed; nobody by default.</param>
    /// <exception cref="IOException">Another process has the folder, or this one may not use it; the message says what to do.</exception>
    public FileTaskStore(
        string folder, TaskStoreLimits? limits = null, TimeProvider? time = null, ILogger<FileTaskStore>? logger = null)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(folder);
        this.limits = limits ?? new();
        this.time = time ?? TimeProvider.System;
        this.logger = logger ?? NullLogger<FileTaskStore>.Instance;
        shelf = new(this.limits, this.time);
        files = new(folder, this.logger);
        try
        {
            abandoned = Load();
        }
        catch
        {
            files.Dispose();
            throw;
        }

        sweeps = this.time.CreateTimer(_ => _ = SweepAsync(), null, BetweenSweeps, BetweenSweeps);
    }

    /// <inheritdoc/>
    /// <exception cref="ArgumentException">Its name is not 32 lower-case hexadecimal digits.</exception>
    /// <exception cref="IOException">It could not be written; the message says which file.</exception>
    public async ValueTask AddAsync(StoredTask task, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(task);
        if (!TaskFolder.IsName(task.TaskId))
            throw new ArgumentException("The name of a task has to be 32 lower-case hexadecimal digits.", nameof(task));

        var json = TaskJson.Write(task);
        await SweepAsync().ConfigureAwait(false);
        using var turn = await TakeTurnAsync(task.TaskId, cancellationToken).ConfigureAwait(false);
        ObjectDisposedException.ThrowIf(disposed, this);
        shelf.Reserve(task, json.Length);
        await WriteAsync(task, json).ConfigureAwait(false);
    }

    /// <inheritdoc/>
    public ValueTask<StoredTask?> FindAsync(string taskId, CancellationToken cancellationToken = default)
    {
        ObjectDisposedException.ThrowIf(disposed, this);
        return new(shelf.Find(taskId));
    }

    /// <inheritdoc/>
    /// <exception cref="IOException">It could not be written, and the record before it stays; the message says which file.</exception>
    public async ValueTask<bool> TryReplaceAsync(StoredTask task, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(task);
        using var turn = await TakeTurnAsync(task.TaskId, cancellationToken).ConfigureAwait(false);
        ObjectDisposedException.ThrowIf(disposed, this);
        if (shelf.Find(task.TaskId)?.Version != task.Version - 1)
            return false;

        var json = TaskJson.Write(task);
        return shelf.TryReserve(task, json.Length) && await WriteAsync(task, json).ConfigureAwait(false);
    }

    /// <inheritdoc/>
    public ValueTask<IReadOnlyList<StoredTask>> ListAsync(
        string? owner, TaskPlace? after, int count, CancellationToken cancellationToken = default)
    {
        ObjectDisposedException.ThrowIf(disposed, this);
        return new(shelf.List(owner, after, count));
    }

    /// <inheritdoc/>
    public ValueTask<IReadOnlyList<StoredTask>> TakeAbandonedAsync(CancellationToken cancellationToken = default)
    {
        ObjectDisposedException.ThrowIf(disposed, this);
        return new([.. Interlocked.Exchange(ref abandoned, []).Select(shelf.Find).OfType<StoredTask>().Where(task => !task.IsEnded)]);
    }

    /// <summary>Ends what is being written, and lets other processes have the folder.</summary>
    public void Dispose()
    {
        if (Interlocked.Exchange(ref disposed, true))
            return;

        sweeps.Dispose();
        foreach (var turn in turns)
        {
            turn.Wait();
            turn.Release();
        }

        files.Dispose();
    }

    /// <inheritdoc cref="Dispose"/>
    public ValueTask DisposeAsync() => new(Task.Run(Dispose));

    private List<string> Load()
    {
        List<string> running = [];
        foreach (var taskId in files.TaskIds())
        {
            try
            {
                if (!Load(taskId))
                    running.Add(taskId);
            }
            catch (Exception fault)
            {
                // Whatever is wrong with one file, it is no reason to do without the others.
                logger.LogError(fault, "The task in '{File}' cannot be served; it is left where it is.", files.PathOf(taskId));
            }
        }

        return running;
    }

    /// <summary>Reads a task; returns whether it has ended.</summary>
    private bool Load(string taskId)
    {
        var (task, size) = files.Read(taskId, limits.MaxBytes);
        var age = Age(task);
        if (task.IsEnded && age >= task.TimeToLive)
            files.Delete(taskId);
        else
            shelf.Add(task, size, age);
        return task.IsEnded;
    }

    /// <summary>
    /// How old a task is by the wall clock, which may have jumped either way: no younger than new, no older than it may become.
    /// </summary>
    private TimeSpan Age(StoredTask task)
    {
        var age = time.GetUtcNow() - task.CreatedAt;
        if (age > task.TimeToLive)
            age = task.TimeToLive.Value;
        return age > TimeSpan.Zero ? age : TimeSpan.Zero;
    }

    private async ValueTask<Turn> TakeTurnAsync(string taskId, CancellationToken cancellationToken)
    {
        var turn = turns[(uint)taskId.GetHashCode(StringComparison.Ordinal) % (uint)turns.Length];
        await turn.WaitAsync(cancellationToken).ConfigureAwait(false);
        return new Turn(turn);
    }

    /// <summary>Writes a record that room was made for. Once begun it is not cancelled: nobody would know what became of it.</summary>
    private async Task<bool> WriteAsync(StoredTask task, byte[] json)
    {
        try
        {
            await Task.Run(() => files.Write(task.TaskId, json), CancellationToken.None).ConfigureAwait(false);
        }
        catch
        {
            shelf.GiveBack(task.TaskId);

            // A new one may be on disk all the same: nobody has heard of it, and nothing is to run it one day.
            if (shelf.Find(task.TaskId) is null)
                files.Delete(task.TaskId);
            throw;
        }

        return shelf.Put(task);
    }

    /// <summary>Removes the files of the tasks whose time is over.</summary>
    private async Task SweepAsync()
    {
        foreach (var taskId in shelf.Sweep())
        {
            using var turn = await TakeTurnAsync(taskId, CancellationToken.None).ConfigureAwait(false);
            if (!disposed && shelf.Find(taskId) is null)
                files.Delete(taskId);
        }
    }

    private readonly struct Turn(SemaphoreSlim turn) : IDisposable
    {
        public void Dispose() => turn.Release();
    }
}
