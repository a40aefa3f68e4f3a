namespace OnlyMcp.Server.Tasks;

/// <summary>Keeps tasks in this process, and no longer than it lasts.</summary>
/// <param name="limits">How much it keeps.</param>
/// <param name="time">The clock.</param>
public sealed class InMemoryTaskStore(TaskStoreLimits? limits = null, TimeProvider? time = null) : ITaskStore
{
    private readonly TaskShelf shelf = new(limits ?? new(), time ?? TimeProvider.System);

    /// <inheritdoc/>
    public ValueTask AddAsync(StoredTask task, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(task);
        shelf.Sweep();
        shelf.Add(task, TaskSize.Of(task));
        return ValueTask.CompletedTask;
    }

    /// <inheritdoc/>
    public ValueTask<StoredTask?> FindAsync(string taskId, CancellationToken cancellationToken = default)
    {
        shelf.Sweep(); // Nothing else would, in a server whose tasks are asked for and whose tools are not called.
        return new(shelf.Find(taskId));
    }

    /// <inheritdoc/>
    public ValueTask<bool> TryReplaceAsync(StoredTask task, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(task);
        return new(shelf.TryReplace(task, TaskSize.Of(task)));
    }

    /// <inheritdoc/>
    public ValueTask<IReadOnlyList<StoredTask>> ListAsync(
        string? owner, TaskPlace? after, int count, CancellationToken cancellationToken = default) => new(shelf.List(owner, after, count));

    /// <inheritdoc/>
    public ValueTask<IReadOnlyList<StoredTask>> TakeAbandonedAsync(CancellationToken cancellationToken = default) => new([]);
}
