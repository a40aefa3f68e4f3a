using OnlyMcp.Server.Tasks;

namespace OnlyMcp.Tests.Tasks;

/// <summary>A store in which a test stands beside each call: it may wait there, fail, or lose.</summary>
internal sealed class HookedTaskStore(ITaskStore? inner = null) : ITaskStore
{
    private readonly ITaskStore inner = inner ?? new InMemoryTaskStore();

    /// <summary>Comes before a new task is kept.</summary>
    public Func<StoredTask, Task>? Adding { get; set; }

    /// <summary>Comes after a new task is kept, and before anybody is told.</summary>
    public Func<StoredTask, Task>? Added { get; set; }

    /// <summary>Comes before a task is looked for.</summary>
    public Func<string, Task>? Finding { get; set; }

    /// <summary>Comes before a record is replaced; if it says false, another was faster.</summary>
    public Func<StoredTask, Task<bool>>? Replacing { get; set; }

    /// <summary>What a process before this one has left.</summary>
    public IReadOnlyList<StoredTask> Abandoned { get; set; } = [];

    /// <summary>Comes before what a process before this one has left is handed out.</summary>
    public Func<Task>? Taking { get; set; }

    /// <summary>How many records were replaced.</summary>
    public int Replaced { get; private set; }

    public async ValueTask AddAsync(StoredTask task, CancellationToken cancellationToken = default)
    {
        await (Adding?.Invoke(task) ?? Task.CompletedTask);
        await inner.AddAsync(task, cancellationToken);
        await (Added?.Invoke(task) ?? Task.CompletedTask);
    }

    public async ValueTask<StoredTask?> FindAsync(string taskId, CancellationToken cancellationToken = default)
    {
        await (Finding?.Invoke(taskId) ?? Task.CompletedTask);
        return await inner.FindAsync(taskId, cancellationToken);
    }

    public async ValueTask<bool> TryReplaceAsync(StoredTask task, CancellationToken cancellationToken = default)
    {
        if (Replacing is { } replacing && !await replacing(task))
            return false;

        Replaced++;
        return await inner.TryReplaceAsync(task, cancellationToken);
    }

    public ValueTask<IReadOnlyList<StoredTask>> ListAsync(
        string? owner, TaskPlace? after, int count, CancellationToken cancellationToken = default) =>
        inner.ListAsync(owner, after, count, cancellationToken);

    public async ValueTask<IReadOnlyList<StoredTask>> TakeAbandonedAsync(CancellationToken cancellationToken = default)
    {
        await (Taking?.Invoke() ?? Task.CompletedTask);
        var left = Abandoned;
        Abandoned = [];
        foreach (var task in left)
            await inner.AddAsync(task, cancellationToken);
        return left;
    }
}
