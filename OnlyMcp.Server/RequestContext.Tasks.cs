using OnlyMcp.Protocol.JsonRpc;
using OnlyMcp.Server.Tasks;

namespace OnlyMcp.Server;

// Spec: ext-tasks tasks §Task Creation
public sealed partial class RequestContext
{
    /// <summary>The name of the task that this call has become; null if it is none.</summary>
    public string? TaskId => Run is { IsTask: true } run ? run.TaskId : null;

    /// <summary>How the era speaks of tasks; null where it does not, or the server has none.</summary>
    internal ITaskForm? TaskForm { get; set; }

    /// <summary>The run of a tool's call that is a task, or may become one.</summary>
    internal TaskRun? Run { get; set; }

    /// <summary>
    /// Goes on as a task, from here: the client has an answer now, and asks for the result later. Questions that the client is asked from
    /// here on wait in place. Does nothing, and returns false, where the client cannot take a task, there is no room for one, or the tool
    /// was not added with <see cref="Tools.ToolTasks"/>; true also if the call is a task already.
    /// </summary>
    /// <param name="statusMessage">What goes on, for a person or a model.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    public async ValueTask<bool> AsTaskAsync(string? statusMessage = null, CancellationToken cancellationToken = default)
    {
        if (Run is not { } run)
            return false;

        if (!run.IsTask)
            return await run.BeginAsync(statusMessage).WaitAsync(cancellationToken).ConfigureAwait(false) is null;
        if (statusMessage is not null)
            run.Report(statusMessage);
        return true;
    }

    /// <summary>Says what a task does, for a person or a model to read; does nothing where the call is no task.</summary>
    /// <remarks>What <see cref="ReportProgressAsync"/> says stands there too; a client that asks now and then sees the newest.</remarks>
    /// <param name="statusMessage">What goes on; what is longer than <see cref="TaskOptions.MaxStatusMessageLength"/> is cut.</param>
    public void ReportStatus(string statusMessage)
    {
        ArgumentNullException.ThrowIfNull(statusMessage);
        if (Run is { IsTask: true } run)
            run.Report(statusMessage);
    }

    /// <summary>Keeps the request beyond its handling, when its bytes go back to where they came from.</summary>
    internal void KeepRequest() =>
        Request = new JsonRpcRequest(Request.Id, Request.Method, new JsonBody(Request.Params.ToUtf8().ToArray()));
}
