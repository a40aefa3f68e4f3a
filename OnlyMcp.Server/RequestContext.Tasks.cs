namespace OnlyMcp.Server;

public sealed partial class RequestContext
{
    /// <summary>The name of the task that this call has become; null if it is none.</summary>
    public string? TaskId { get; internal set; }

    /// <summary>
    /// Goes on as a task, from here: the client has an answer now, and asks for the result later. Questions that the client is asked from
    /// here on wait in place. Does nothing, and returns false, where the client cannot take a task, or the tool was not added with
    /// <see cref="Tools.ToolTasks"/>; true also if the call is a task already.
    /// </summary>
    /// <param name="statusMessage">What goes on, for a person or a model.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    public ValueTask<bool> AsTaskAsync(string? statusMessage = null, CancellationToken cancellationToken = default) => new(TaskId is not null);
}
