namespace OnlyMcp.Server.Tasks;

/// <summary>The tasks of a store, by name: which there are, how much room they take, and until when they are kept.</summary>
/// <remarks>
/// <para>
/// A record that has to be written somewhere first gets its room (<see cref="Reserve"/>, <see cref="TryReserve"/>), and is put here when it
/// is written (<see cref="Put"/>); until then the one before it counts. One at a time: whoever reserves holds others off that task.
/// </para>
/// Time is counted by the steady clock from the moment at which a task is put here: a wall clock that jumps makes nothing older.
/// </remarks>
internal sealed class TaskShelf(TaskStoreLimits limits, TimeProvider time)
{
    private readonly Lock gate = new();
    private readonly Dictionary<string, Entry> entries = new(StringComparer.Ordinal);
    private readonly Dictionary<string, TaskPlaces> owners = new(StringComparer.Ordinal);
    private readonly TaskPlaces nobody = new();
    private long bytes;
    private long nextSweep;

    /// <param name="task">The task.</param>
    /// <param name="size">How many bytes it takes.</param>
    /// <param name="age">How old it is already.</param>
    /// <exception cref="TaskStoreFullException">There is no room for it.</exception>
    public void Add(StoredTask task, int size, TimeSpan age = default)
    {
        lock (gate)
        {
            Reserve(task, size, age);
            Put(task);
        }
    }

    /// <exception cref="TaskStoreFullException">There is no room for it.</exception>
    public bool TryReplace(StoredTask task, int size)
    {
        lock (gate)
            return TryReserve(task, size) && Put(task);
    }

    /// <summary>Makes room for a new task.</summary>
    /// <exception cref="TaskStoreFullException">There is none.</exception>
    public void Reserve(StoredTask task, int size, TimeSpan age = default)
    {
        lock (gate)
        {
            if (entries.ContainsKey(task.TaskId))
                throw new InvalidOperationException($"There is a task '{task.TaskId}' already.");
            RequireRoom(task.Owner, size);

            var places = PlacesOf(task.Owner) ?? (owners[task.Owner!] = new());
            var entry = new Entry(task.Owner, places, new(task.CreatedAt, task.TaskId), time.GetTimestamp() - Ticks(age));
            entries.Add(task.TaskId, entry);
            places.Add(entry.Place);
            SetRoom(entry, size);
        }
    }

    /// <summary>Makes room for a task's next record; false if it is not the next one.</summary>
    /// <exception cref="TaskStoreFullException">There is none.</exception>
    public bool TryReserve(StoredTask task, int size)
    {
        lock (gate)
        {
            if (Kept(task.TaskId) is not { } entry || entry.Task!.Version != task.Version - 1)
                return false;
            if (size > entry.Room)
                RequireBytes(task.Owner, size - entry.Room);

            SetRoom(entry, size);
            return true;
        }
    }

    /// <summary>Puts a record where room was made for it; false if the task's time was over meanwhile.</summary>
    public bool Put(StoredTask task)
    {
        lock (gate)
        {
            if (!entries.TryGetValue(task.TaskId, out var entry))
                return false;

            (entry.Task, entry.Size) = (task, entry.Room);
            return true;
        }
    }

    /// <summary>Gives back the room that was made for a record which does not come.</summary>
    public void GiveBack(string taskId)
    {
        lock (gate)
        {
            if (!entries.TryGetValue(taskId, out var entry))
                return;

            SetRoom(entry, entry.Size);
            if (entry.Task is null)
                Remove(entry);
        }
    }

    /// <summary>The task of that name, if its time is not over.</summary>
    public StoredTask? Find(string taskId)
    {
        lock (gate)
            return Kept(taskId)?.Task;
    }

    public IReadOnlyList<StoredTask> List(string? owner, TaskPlace? after, int count)
    {
        lock (gate)
        {
            return PlacesOf(owner) is { } places
                ? [.. places.After(after).Select(place => Kept(place.TaskId)?.Task).OfType<StoredTask>().Take(count)]
                : [];
        }
    }

    /// <summary>Forgets the tasks whose time is over, and tells which; looks through them at most once a second.</summary>
    public IReadOnlyList<string> Sweep()
    {
        lock (gate)
        {
            if (time.GetTimestamp() < nextSweep)
                return [];

            nextSweep = time.GetTimestamp() + time.TimestampFrequency;
            Entry[] over = [.. entries.Values.Where(IsOver)];
            foreach (var entry in over)
                Remove(entry);
            return [.. over.Select(entry => entry.Place.TaskId)];
        }
    }

    private static TaskStoreFullException Full(string limit) =>
        new($"The store of tasks is full: it keeps {limit}. There is room again when the time of some that have ended is over.");

    private Entry? Kept(string taskId) =>
        entries.TryGetValue(taskId, out var entry) && entry.Task is not null && !IsOver(entry) ? entry : null;

    private bool IsOver(Entry entry) =>
        entry.Task is { IsEnded: true, TimeToLive: { } live } && time.GetElapsedTime(entry.Started) >= live;

    private void RequireRoom(string? owner, int size)
    {
        if (entries.Count >= limits.MaxTasks)
            throw Full($"{limits.MaxTasks} tasks");
        if (owner is not null && PlacesOf(owner)?.Count >= limits.MaxTasksPerOwner)
            throw Full($"{limits.MaxTasksPerOwner} tasks of one owner");
        RequireBytes(owner, size);
    }

    private void RequireBytes(string? owner, int more)
    {
        if (owner is not null && (PlacesOf(owner)?.Bytes ?? 0) + more > limits.MaxBytesPerOwner)
            throw Full($"{limits.MaxBytesPerOwner} bytes of one owner");
        if (bytes + more > limits.MaxBytes)
            throw Full($"{limits.MaxBytes} bytes");
    }

    private void SetRoom(Entry entry, int size)
    {
        bytes += size - entry.Room;
        entry.Places.Bytes += size - entry.Room;
        entry.Room = size;
    }

    private TaskPlaces? PlacesOf(string? owner) => owner is null ? nobody : owners.GetValueOrDefault(owner);

    private void Remove(Entry entry)
    {
        entries.Remove(entry.Place.TaskId);
        SetRoom(entry, 0);
        entry.Places.Remove(entry.Place);
        if (entry.Owner is not null && entry.Places.Count == 0)
            owners.Remove(entry.Owner);
    }

    private long Ticks(TimeSpan span) => (long)(span.TotalSeconds * time.TimestampFrequency);

    /// <summary>What is known of a task. The room is what is counted: the record's size, or that of the one which is on its way.</summary>
    private sealed class Entry(string? owner, TaskPlaces places, TaskPlace place, long started)
    {
        public string? Owner => owner;

        public TaskPlaces Places => places;

        public TaskPlace Place => place;

        public long Started => started;

        public StoredTask? Task { get; set; }

        public int Size { get; set; }

        public int Room { get; set; }
    }
}
