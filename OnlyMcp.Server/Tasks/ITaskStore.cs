namespace OnlyMcp.Server.Tasks;

/// <summary>Keeps tasks, so that whoever asks later finds them: in this process, in files, or in a database that several servers share.</summary>
/// <remarks>
/// <para>
/// What a method of the store has returned from is kept: a client may have been told of it by then. Each record is replaced as a whole,
/// and only by one that knew its newest <see cref="StoredTask.Version"/>, so that two who change a task at once do not lose each other's
/// change. All methods may be called at the same time. What they throw is logged, and told to the client as an internal error.
/// </para>
/// <para>
/// The store forgets a task that has ended (<see cref="StoredTask.IsEnded"/>) when its <see cref="StoredTask.TimeToLive"/> since
/// <see cref="StoredTask.CreatedAt"/> is over, as its own steady clock counts: a wall clock that jumps makes nothing older. A task that
/// has not ended is the business of whoever runs it.
/// </para>
/// <para>A store that is disposed throws <see cref="ObjectDisposedException"/>; whoever runs tasks of it stops then, and leaves them as they are.</para>
/// Spec: ext-tasks tasks §Task Creation
/// Spec: 2025-11-25 basic/utilities/tasks §TTL and Resource Management
/// </remarks>
public interface ITaskStore
{
    /// <summary>Keeps a new task; durable when it returns.</summary>
    /// <exception cref="TaskStoreFullException">There is no room for it.</exception>
    ValueTask AddAsync(StoredTask task, CancellationToken cancellationToken = default);

    /// <summary>The task of that name, whoever owns it; null if there is none, or its time is over.</summary>
    ValueTask<StoredTask?> FindAsync(string taskId, CancellationToken cancellationToken = default);

    /// <summary>
    /// Puts a record in the place of the one that is kept under its name; durable when it returns. False, and nothing happens, if the kept
    /// one is gone or its version is not the one before this one's.
    /// </summary>
    /// <exception cref="TaskStoreFullException">The record is so much larger that there is no room for it.</exception>
    ValueTask<bool> TryReplaceAsync(StoredTask task, CancellationToken cancellationToken = default);

    /// <summary>An owner's tasks, oldest first; of equal age, by name.</summary>
    /// <param name="owner">Whose; null for those of nobody in particular.</param>
    /// <param name="after">Only those that come after this place; null from the beginning.</param>
    /// <param name="count">How many at most.</param>
    /// <param name="cancellationToken">Ends the search.</param>
    ValueTask<IReadOnlyList<StoredTask>> ListAsync(
        string? owner, TaskPlace? after, int count, CancellationToken cancellationToken = default);

    /// <summary>
    /// The tasks that have not ended and that nobody runs any more, because the process that did is gone; each is handed out once. A
    /// server asks when it starts.
    /// </summary>
    ValueTask<IReadOnlyList<StoredTask>> TakeAbandonedAsync(CancellationToken cancellationToken = default);
}

/// <summary>A place in the list of an owner's tasks.</summary>
/// <param name="CreatedAt">When the task at this place began.</param>
/// <param name="TaskId">Its name.</param>
public readonly record struct TaskPlace(DateTimeOffset CreatedAt, string TaskId);

/// <summary>A store has no room for a task. It has, as soon as others have ended and their time is over.</summary>
/// <param name="message">Which limit was met.</param>
public sealed class TaskStoreFullException(string message) : Exception(message);
