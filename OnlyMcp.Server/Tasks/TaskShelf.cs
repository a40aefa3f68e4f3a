namespace OnlyMcp.Server.Tasks;

/// <summary>The tasks of a store, by name: which there are, how much room they take, and until when they are kept.</summary>
/// <remarks>
/// Time is counted by the steady clock from the moment at which a task is put here: a wall clock that jumps makes nothing older.
/// </remarks>
internal sealed class TaskShelf(TaskStoreLimits limits, TimeProvider time)
{
    private readonly Lock gate = new();
    private readonly Dictionary<string, Entry> entries = new(StringComparer.Ordinal);
    private readonly Dictionary<string, int> owners = new(StringComparer.Ordinal);
    private long bytes;
    private long nextSweep;

    /// <summary>Is told the name of each task whose time is over.</summary>
    public Action<string>? Forgotten { get; init; }

    /// <param name="task">The task.</param>
    /// <param name="size">How many bytes it takes.</param>
    /// <param name="age">How old it is already.</param>
    /// <exception cref="TaskStoreFullException">There is no room for it.</exception>
    public void Add(StoredTask task, int size, TimeSpan age = default)
    {
        lock (gate)
        {
            Sweep();
            RequireRoom(task, size);
            if (!entries.TryAdd(task.TaskId, new Entry(task, size, time.GetTimestamp() - Ticks(age))))
                throw new InvalidOperationException($"There is a task '{task.TaskId}' already.");
            Count(task.Owner, 1, size);
        }
    }

    /// <summary>The task of that name, if its time is not over.</summary>
    public StoredTask? Find(string taskId)
    {
        lock (gate)
            return entries.TryGetValue(taskId, out var entry) && !IsOver(entry) ? entry.Task : null;
    }

    /// <exception cref="TaskStoreFullException">There is no room for it.</exception>
    public bool TryReplace(StoredTask task, int size)
    {
        lock (gate)
        {
            Sweep();
            if (!entries.TryGetValue(task.TaskId, out var entry) || IsOver(entry) || entry.Task.Version != task.Version - 1)
                return false;
            if (size > entry.Size && bytes - entry.Size + size > limits.MaxBytes)
                throw Full($"{limits.MaxBytes} bytes");

            bytes += size - entry.Size;
            entries[task.TaskId] = entry with { Task = task, Size = size };
            return true;
        }
    }

    public IReadOnlyList<StoredTask> List(string? owner, TaskPlace? after, int count)
    {
        lock (gate)
        {
            return
            [
                .. entries.Values.Where(entry => entry.Task.Owner == owner && !IsOver(entry)).Select(entry => entry.Task)
                    .Where(task => after is not { } place || Compare(task, place) > 0)
                    .OrderBy(task => task.CreatedAt).ThenBy(task => task.TaskId, StringComparer.Ordinal)
                    .Take(count),
            ];
        }
    }

    /// <summary>Forgets the tasks whose time is over; looks through them at most once a second.</summary>
    public void Sweep()
    {
        lock (gate)
        {
            if (time.GetTimestamp() < nextSweep)
                return;

            nextSweep = time.GetTimestamp() + time.TimestampFrequency;
            foreach (var (id, entry) in entries.Where(entry => IsOver(entry.Value)).ToArray())
            {
                entries.Remove(id);
                Count(entry.Task.Owner, -1, -entry.Size);
                Forgotten?.Invoke(id);
            }
        }
    }

    private static int Compare(StoredTask task, TaskPlace place)
    {
        var byTime = task.CreatedAt.CompareTo(place.CreatedAt);
        return byTime != 0 ? byTime : string.CompareOrdinal(task.TaskId, place.TaskId);
    }

    private static TaskStoreFullException Full(string limit) =>
        new($"The store of tasks is full: it keeps {limit}. There is room again when the time of some that have ended is over.");

    private bool IsOver(Entry entry) =>
        entry.Task is { IsEnded: true, TimeToLive: { } live } && time.GetElapsedTime(entry.Started) >= live;

    private void RequireRoom(StoredTask task, int size)
    {
        if (entries.Count >= limits.MaxTasks)
            throw Full($"{limits.MaxTasks} tasks");
        if (task.Owner is not null && owners.GetValueOrDefault(task.Owner) >= limits.MaxTasksPerOwner)
            throw Full($"{limits.MaxTasksPerOwner} tasks of one owner");
        if (bytes + size > limits.MaxBytes)
            throw Full($"{limits.MaxBytes} bytes");
    }

    private void Count(string? owner, int tasks, int size)
    {
        bytes += size;
        if (owner is null)
            return;

        var count = owners.GetValueOrDefault(owner) + tasks;
        if (count > 0)
            owners[owner] = count;
        else
            owners.Remove(owner);
    }

    private long Ticks(TimeSpan span) => (long)(span.TotalSeconds * time.TimestampFrequency);

    private sealed record Entry(StoredTask Task, int Size, long Started);
}
